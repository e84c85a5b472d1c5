"""A small practice on a real database, and random edits of it: for proving that stored verdicts stay true."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from random import Random
from uuid import UUID

from sqlalchemy.orm import Session

from app.authorizations import store as authorizations
from app.authorizations.facts import AuthorizationRecord, Counting, Item, Kind, Status
from app.clinical.facts import ClinicalFact, FactKind, Source, SourceKind
from app.clinical.store import charted
from app.coverage.facts import CheckResult, CoverageRecord
from app.coverage.store import coverages
from app.patients import store as patients
from app.patients.facts import PatientDetails
from app.platform.caller import Caller
from app.platform.changes import Changed, announce, announced
from app.platform.ids import new_id
from app.policies.facts.answers import Need, PracticeRule
from app.policies.facts.records import NewPracticeRule
from app.policies.store import practice as policies
from app.practice.store import practice
from app.schedule import store as schedule
from app.schedule.facts import LineSource, ServiceLine, Visit, VisitRecord, VisitStatus
from app.values.insurance import Line, Rank
from app.values.spans import DateSpan
from tests.support import make

CODES = ("99213", "11102", "17110", "96910", "J2357", "15823", "17311", "00000")
PAYERS = (("aetna", Line.COMMERCIAL), ("medicare_ffs", Line.MEDICARE), ("local:acme", Line.MEDICAID))
DIAGNOSES = (("L40.0",), ("L82.1",), ("C44.91",), ())


class SmallBook:
    """Twelve patients of one site. `edit` changes one thing through the stores and announces it."""

    def __init__(self, caller: Caller, seed: int, patients_on_file: int = 12) -> None:
        self.caller, self.random = caller, Random(seed)
        self.today = caller.clock.now().date()
        self.people = [new_id() for _ in range(patients_on_file)]
        self.visits: dict[UUID, Visit] = {}
        self.approvals: dict[UUID, AuthorizationRecord] = {}
        self.cover: dict[UUID, CoverageRecord] = {}
        session, practice_id = caller.session, caller.practice_id
        practice.add_site(session, practice_id, make.site())
        session.commit()
        with announced(caller) as session:
            for number, person in enumerate(self.people):
                details = PatientDetails(person, f"M{number}", "Sample", "Sam", date(1980, 1, 1 + number))
                patients.add_patients(session, practice_id, [details])
                for _ in range(self.random.randint(1, 2)):
                    self._add_coverage(session, person)
                for _ in range(self.random.randint(0, 3)):
                    self._add_approval(session, person)
                for _ in range(self.random.randint(1, 4)):
                    self._add_visit(session, person)
            announce(session, Changed(frozenset(self.people)))

    def edit(self) -> str:
        """Change one thing; returns what."""
        choose = self.random.choice
        kinds = ("move_visit", "status", "codes", "coverage", "approval", "add_visit", "add_approval", "practice_rule")
        name = choose([*kinds, "fact"])
        with announced(self.caller) as session:
            touched = getattr(self, f"_{name}")(session, choose(self.people))
            announce(session, touched)
        return name

    def _move_visit(self, session: Session, _person: UUID) -> Changed:
        visit = self.random.choice(list(self.visits.values()))
        day = self.today + timedelta(days=self.random.randint(-20, 60))
        return self._write(session, replace(visit, day=day, starts_at=_starts(day)))

    def _status(self, session: Session, _person: UUID) -> Changed:
        visit = self.random.choice(list(self.visits.values()))
        return self._write(session, replace(visit, status=self.random.choice(list(VisitStatus))))

    def _codes(self, session: Session, _person: UUID) -> Changed:
        visit = self.random.choice(list(self.visits.values()))
        lines = tuple(self._line(place, line.id) for place, line in enumerate(visit.lines))
        return self._write(session, replace(visit, lines=lines))

    def _write(self, session: Session, visit: Visit) -> Changed:
        self.visits[visit.id] = visit
        schedule.change_visits(session, self.caller.practice_id, [_record(visit)])
        return Changed(frozenset({visit.patient_id}))

    def _add_visit(self, session: Session, person: UUID) -> Changed:
        day = self.today + timedelta(days=self.random.randint(-20, 60))
        lines = tuple(self._line(place, new_id()) for place in range(self.random.randint(1, 3)))
        reference = f"V{len(self.visits)}"
        visit = Visit(new_id(), reference, person, make.site().id, _starts(day), day, VisitStatus.BOOKED, lines)
        self.visits[visit.id] = visit
        schedule.add_visits(session, self.caller.practice_id, [_record(visit)])
        return Changed(frozenset({person}))

    def _line(self, place: int, line_id: UUID) -> ServiceLine:
        code, diagnoses = self.random.choice(CODES), self.random.choice(DIAGNOSES)
        return ServiceLine(line_id, place, code, diagnoses=diagnoses, provider_npi=make.NPI)

    def _add_coverage(self, session: Session, person: UUID) -> Changed:
        payer, line = self.random.choice(PAYERS)
        number = len(self.cover)
        rank = Rank.SECONDARY if any(one.patient_id == person for one in self.cover.values()) else Rank.PRIMARY
        found = CoverageRecord(new_id(), person, rank, payer, payer, f"W{number:09}", line=line)
        self.cover[found.id] = found
        coverages.add_coverages(session, self.caller.practice_id, [self._checked(found)])
        return Changed(frozenset({person}))

    def _checked(self, record: CoverageRecord) -> CoverageRecord:
        days = self.random.choice((-1, 1, 5, 40, 89, 90, 91, None))
        checked = None if days is None else self.today - timedelta(days=days)
        result = self.random.choice(list(CheckResult)) if self.random.random() < 0.2 else CheckResult.ACTIVE
        return replace(record, checked_on=checked, result=result if checked else None)

    def _coverage(self, session: Session, _person: UUID) -> Changed:
        record = self.random.choice(list(self.cover.values()))
        self.cover[record.id] = self._checked(record)
        coverages.change_coverages(session, self.caller.practice_id, [self.cover[record.id]])
        return Changed(frozenset({record.patient_id}))

    def _add_approval(self, session: Session, person: UUID) -> Changed:
        number = len(self.approvals)
        payer, _line = self.random.choice(PAYERS)
        found = AuthorizationRecord(
            new_id(), person, f"key{number}", payer, payer, Status.APPROVED, "approved", number=f"A{number}"
        )
        self.approvals[found.id] = self._decided(found)
        authorizations.add_authorizations(session, self.caller.practice_id, [self.approvals[found.id]], [])
        return Changed(frozenset({person}))

    def _decided(self, record: AuthorizationRecord) -> AuthorizationRecord:
        pick = self.random
        count = pick.choice((None, 1, 2, 8))
        counting = Counting.UNKNOWN if count is None else pick.choice((Counting.UNITS, Counting.VISITS))
        begins = self.today + timedelta(days=pick.randint(-40, 20))
        return replace(
            record,
            status=pick.choice((Status.APPROVED, Status.APPROVED, Status.SUBMITTED, Status.DENIED)),
            kind=pick.choice((Kind.INITIAL, Kind.RENEWAL)),
            items=(Item((pick.choice(CODES),), counting=counting, count=count),),
            begins=begins,
            ends=begins + timedelta(days=pick.randint(0, 90)),
            decided_on=self.today + timedelta(days=pick.randint(-10, 3)),
        )

    def _approval(self, session: Session, person: UUID) -> Changed:
        if not self.approvals:
            return self._add_approval(session, person)
        record = self.random.choice(list(self.approvals.values()))
        self.approvals[record.id] = self._decided(record)
        authorizations.change_authorizations(session, self.caller.practice_id, [self.approvals[record.id]], [])
        return Changed(frozenset({record.patient_id}))

    def _fact(self, session: Session, person: UUID) -> Changed:
        """Record a clinical fact, proven or not, of a day behind or ahead; or let one count no more."""
        pick, practice_id, now = self.random, self.caller.practice_id, self.caller.clock.now()
        standing = charted.of_patients(session, practice_id, [person]).get(person, ())
        if standing and pick.random() < 0.3:
            charted.end_fact(session, practice_id, pick.choice(standing).id, now, None)
            return Changed(frozenset({person}))
        source = Source(SourceKind.CALL) if pick.random() < 0.3 else Source(SourceKind.CLAIM, words="paid")
        dated = self.today + timedelta(days=pick.choice((-40, -1, 0, 3, 9)))
        name, values = pick.choice(
            (("bleeding", {"value": "yes"}), ("bleeding", {"value": "no"}), ("pain", {"value": "yes"}))
        )
        fact = ClinicalFact(new_id(), person, FactKind.FINDING, name, source, now, None, dated, values)
        charted.add_facts(session, practice_id, [fact])
        return Changed(frozenset({person}))

    def _practice_rule(self, session: Session, _person: UUID) -> Changed:
        payer, _line = self.random.choice(PAYERS)
        code, key = self.random.choice(CODES), new_id()
        span = DateSpan(self.today, self.today + timedelta(days=self.random.randint(1, 90)))
        rule = PracticeRule(f"practice#{key}", payer, frozenset({code}), Need.NOT_REQUIRED, span, "call 1", self.today)
        new = NewPracticeRule(key, rule, self.caller.clock.now(), None)
        policies.add_practice_rule(session, self.caller.practice_id, new)
        return Changed(payers=frozenset({payer}))


def _starts(day: date) -> datetime:
    return datetime.combine(day, time(15), UTC)


def _record(visit: Visit) -> VisitRecord:
    return VisitRecord(visit, tuple(LineSource(place) for place in range(len(visit.lines))))
