"""A crowd of patients beside a sample practice, of whom any change of rules may touch some: drawn from the rules."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from random import Random
from typing import TypeVar
from uuid import UUID
from zoneinfo import ZoneInfo

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
from app.policies.facts.answers import Need, PatientAnswer, PracticeRule
from app.policies.facts.grid import PayerRules, PolicySet
from app.policies.facts.records import NewAnswer, NewPracticeRule
from app.policies.store.answers import add_answers
from app.policies.store.practice import add_practice_rule
from app.practice.facts.practice import Site
from app.practice.store import practice as practices
from app.schedule import store as schedule
from app.schedule.facts import LineSource, ServiceLine, Supply, Visit, VisitRecord, VisitStatus
from app.values.insurance import Channel, Line, Rank
from app.values.spans import DateSpan
from tests.support import make

T = TypeVar("T")
DIAGNOSES = (("L40.0",), ("L40.0", "L57.0"), ("L82.1",), ("C44.91",), ("L57.0",), ("L20.9",), ("L73.2",), ())
MOST_PAYERS = 8


class Crowd:
    """Patients with coverages of the library's payers, visits, approvals and cases of what its rules name."""

    def __init__(self, caller: Caller, policies: PolicySet, dice: Random, size: int) -> None:
        self.caller, self.dice = caller, dice
        self.today = caller.clock.today(ZoneInfo(practices.practice_of(caller.session, caller.practice_id).zone))
        self.sites: tuple[Site, ...] = tuple(practices.sites(caller.session, caller.practice_id))
        richest = sorted(policies.payers, key=lambda payer: (-_richness(policies.payers[payer]), payer))
        self.payers = sorted(richest[:MOST_PAYERS])
        graded = [code for service in (policies.grid.services if policies.grid else ()) for code in service.codes]
        self._graded = dice.sample(graded, min(12, len(graded)))
        self._named = {payer: _names(policies.payers[payer]) for payer in self.payers}
        self._lines = {payer: _lines(policies.payers[payer]) for payer in self.payers}
        self.codes = sorted({*self._graded, *(code for codes, _drugs in self._named.values() for code in codes)})
        self.drugs = sorted({drug for _codes, drugs in self._named.values() for drug in drugs})
        with announced(caller) as session:
            people = [self._person(number) for number in range(size)]
            for _rule in range(6):
                add_practice_rule(session, caller.practice_id, self._practice_rule())
            announce(session, Changed(frozenset(people)))
        self.people = people

    def _one(self, *choices: T) -> T:
        return self.dice.choice(choices)

    def _person(self, number: int) -> UUID:
        session, practice_id, person = self.caller.session, self.caller.practice_id, new_id()
        birth = date(self._one(1950, 1985, 2012), 1, 1 + number % 28)
        patients.add_patients(
            session, practice_id, [PatientDetails(person, f"CR{number}", "Crowd", f"No{number}", birth)]
        )
        covers = [self._coverage(person, rank) for rank in (Rank.PRIMARY, Rank.SECONDARY)[: self._one(0, 1, 1, 1, 2)]]
        coverages.add_coverages(session, practice_id, covers)
        payers = [one.payer for one in covers] or [self.dice.choice(self.payers)]
        asked = [self._approval(person, payers, place) for place in range(self._one(0, 1, 1, 2))]
        authorizations.add_authorizations(session, practice_id, asked, [])
        planned = [self._visit(person, payers, place) for place in range(self._one(1, 2, 3))]
        schedule.add_visits(session, practice_id, planned)
        if self.dice.random() < 0.1:
            add_answers(session, practice_id, [self._answer(person, payers)])
        if self.dice.random() < 0.3:
            charted.add_facts(session, practice_id, [self._fact(person)])
        return person

    def _coverage(self, person: UUID, rank: Rank) -> CoverageRecord:
        payer = self.dice.choice(self.payers)
        checked = self.today - timedelta(days=self._one(0, 1, 3))
        made = CoverageRecord(new_id(), person, rank, payer, payer, f"W{self.dice.getrandbits(30):09}")
        return replace(
            made,
            line=self.dice.choice([*self._lines[payer], None]),
            plan=self._one(None, "Gold"),
            state=self._one(None, "NY"),
            checked_on=checked,
            result=CheckResult.ACTIVE,
        )

    def _visit(self, person: UUID, payers: list[str], place: int) -> VisitRecord:
        day = self.today + timedelta(days=self.dice.choice((-20, 0, 2, 4, 6, 14, 40, 90)))
        status = VisitStatus.DONE if day < self.today else self._one(*[VisitStatus.BOOKED] * 6, VisitStatus.CANCELED)
        lines = tuple(self._line(payers, at) for at in range(self._one(1, 1, 2)))
        starts = datetime.combine(day, time(15, place), UTC)
        reference, site = f"CR-{self.dice.getrandbits(40):x}", self.dice.choice(self.sites)
        visit = Visit(new_id(), reference, person, site.id, starts, day, status, lines)
        return VisitRecord(visit, tuple(LineSource(at) for at in range(len(lines))))

    def _service(self, payers: list[str]) -> tuple[str | None, str | None]:
        """A code and a drug: mostly such as a rule of the patient's payer names."""
        codes, drugs = self._named[payers[0] if self.dice.random() < 0.8 else self.dice.choice(payers)]
        code = self.dice.choice(codes if codes and self.dice.random() < 0.85 else self._graded)
        if drugs and self.dice.random() < 0.3:
            return self._one(None, code), self.dice.choice(drugs)
        return code, None

    def _line(self, payers: list[str], place: int) -> ServiceLine:
        code, drug = self._service(payers)
        made = ServiceLine(new_id(), place, code, diagnoses=self.dice.choice(DIAGNOSES), provider_npi=make.NPI)
        supply = Supply.SPECIALTY_PHARMACY if drug is not None and self.dice.random() < 0.6 else None
        return replace(made, drug=drug, place=self._one("11", "11", "22", None), supply=supply)

    def _approval(self, person: UUID, payers: list[str], number: int) -> AuthorizationRecord:
        payer, status = (
            self.dice.choice(payers),
            self._one(
                Status.APPROVED, Status.APPROVED, Status.SUBMITTED, Status.DRAFT, Status.IN_APPEAL, Status.MORE_INFO
            ),
        )
        begins = self.today - timedelta(days=self._one(10, 30))
        code, drug = self._service([payer])
        made = AuthorizationRecord(new_id(), person, f"crowd{number}", payer, payer, status, status.value)
        decided = status in (Status.APPROVED, Status.IN_APPEAL)
        return replace(
            made,
            kind=self._one(Kind.INITIAL, Kind.RENEWAL),
            number=f"CA{self.dice.getrandbits(24)}" if decided else None,
            items=(Item((code or self.dice.choice(self.codes),), counting=Counting.UNITS, count=self._one(1, 4)),),
            drug=drug,
            diagnoses=self.dice.choice(DIAGNOSES),
            begins=begins,
            ends=begins + timedelta(days=120) if status is Status.APPROVED else None,
            decided_on=begins if decided else None,
            requested_on=begins if status is not Status.DRAFT else None,
            channel=self._one(None, Channel.MEDICAL),
        )

    def _answer(self, person: UUID, payers: list[str]) -> NewAnswer:
        span = DateSpan(self.today - timedelta(days=5), self.today + timedelta(days=60))
        names = frozenset(self.dice.sample(self.codes, 3))
        said = PatientAnswer("", self.dice.choice(payers), names, Need.NOT_REQUIRED, span, span.begins, "Call 1")
        return NewAnswer(new_id(), person, said, self.caller.clock.now(), None)

    def _fact(self, person: UUID) -> ClinicalFact:
        source = Source(SourceKind.CLAIM, words="paid")
        name = self._one("bleeding", "pain")
        dated = self.today - timedelta(days=20)
        return ClinicalFact(
            new_id(), person, FactKind.FINDING, name, source, self.caller.clock.now(), None, dated, {"value": "yes"}
        )

    def _practice_rule(self) -> NewPracticeRule:
        key, codes = new_id(), frozenset(self.dice.sample(self.codes, 3))
        span = DateSpan(self.today - timedelta(days=30), self.today + timedelta(days=90))
        need = self._one(Need.NOT_REQUIRED, Need.REQUIRED)
        payer = self.dice.choice(self.payers)
        rule = PracticeRule(f"practice#{key}", payer, codes, need, span, "Call 1", span.begins or self.today)
        return NewPracticeRule(key, rule, self.caller.clock.now(), None)


def _lines(file: PayerRules) -> list[Line]:
    """The lines of business of a payer's products."""
    return sorted({Line(one.line) for one in file.file.products.values() if one.line != "mixed"})


def _richness(file: PayerRules) -> int:
    """How many rules of a payer name a code or a drug."""
    rules = [rule for topic in file.topics.values() for rule in topic.rules]
    return sum(bool(rule.codes) or rule.service.startswith("drug:") for rule in rules)


def _names(file: PayerRules) -> tuple[list[str], list[str]]:
    """The codes and drugs that a payer's rules name, a few of many."""
    rules = [rule for topic in file.topics.values() for rule in topic.rules]
    codes = sorted({code for rule in rules for code in rule.codes})
    return codes[:: max(1, len(codes) // 8)], sorted({r.service for r in rules if r.service.startswith("drug:")})
