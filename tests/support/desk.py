"""A small practice on a real database, with visits of every badge: for tests of pages.

Two sites, three people, one day (Monday 2026-03-02, the day of `make.NOW`) and the days after. What the payer asks
stands in two practice rules, so that no test of a page depends on the rule files that the program ships.
"""

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from app.authorizations import store as authorization_store
from app.authorizations.facts import AuthorizationRecord, Counting, Item, Status
from app.clearance.actions.book import rejudge_all
from app.coverage.facts import CheckResult, CoverageRecord
from app.coverage.store import coverages as coverage_store
from app.patients import store as patient_store
from app.patients.facts import PatientDetails
from app.platform.caller import Caller
from app.policies.facts.answers import Need, PracticeRule
from app.policies.facts.records import NewPracticeRule
from app.policies.store.payers import add_payer
from app.policies.store.practice import add_practice_rule
from app.practice.store import practice as practice_store
from app.schedule import store as schedule_store
from app.schedule.facts import BillTo, LineSource, ServiceLine, Visit, VisitRecord, VisitStatus
from app.values.insurance import Line, Rank
from app.values.spans import DateSpan
from tests.support import make

TODAY = date(2026, 3, 2)
MAIN, NORTH = make.an_id(1), make.an_id(2)
PEOPLE = {"1003000126": "Dr. Rivera", "1003000142": "Dr. Chen", "1003000159": "Jo Park, PA"}
RIVERA, CHEN, PARK = PEOPLE
PAYER, PAYER_NAME = "local:acme-health", "Acme Health"


@dataclass(frozen=True, slots=True)
class Booking:
    """One visit to put on file. `case` says how its patient's file looks; see `_CASES`."""

    hour: float
    last: str
    first: str
    case: str
    site: UUID = MAIN
    npi: str = RIVERA
    day: date = TODAY
    status: VisitStatus = VisitStatus.BOOKED


DAY = (
    Booking(8, "Abbott", "Lena", "office"),
    Booking(8.5, "Bauer", "Otto", "approved"),
    Booking(9, "Castillo", "Marisol", "ended"),
    Booking(9.25, "Dubois", "Henri", "pending"),
    Booking(9.5, "Eriksen", "Astrid", "renewal"),
    Booking(10, "Fontaine", "Claire", "cosmetic", npi=CHEN),
    Booking(10.5, "Greene", "Walter", "stale", npi=CHEN),
    Booking(11, "Haddad", "Samira", "office", npi=CHEN),
    Booking(11.5, "Ibarra", "Tomás", "used_up", npi=CHEN),
    Booking(8.25, "Jensen", "Karl", "none", NORTH, PARK),
    Booking(9, "Kowalski", "Ewa-Katarzyna Wiktoria", "two", NORTH, PARK),
    Booking(9.75, "Lindqvist", "Per", "office", NORTH, PARK),
    Booking(10.25, "Moreau", "Anne", "unmapped", NORTH, PARK),
)

_CODES = {
    "office": ("99213",),
    "stale": ("99213",),
    "cosmetic": ("15788",),
    "two": ("99213", "96910"),
    "unmapped": (),
    "unknown": ("11102",),
    "weak": ("17110",),
    "hospital": ("J0585",),
}

_DIAGNOSES: dict[str, tuple[str, ...]] = {"cosmetic": ("L81.1",), "weak": ("L82.1",)}


class Desk:
    """Puts a practice's book on file, one booking at a time."""

    def __init__(self, caller: Caller) -> None:
        self.caller = caller
        self.session, self.practice_id = caller.session, caller.practice_id
        self.count = 0

    def furnish(self) -> "Desk":
        """Make sites, people and what the payer asks."""
        for number, name in ((1, "Main Street"), (2, "North Clinic")):
            practice_store.add_site(self.session, self.practice_id, make.site(number, name))
        for number, (npi, name) in enumerate(PEOPLE.items()):
            person = replace(make.provider(50 + number, npi), name=name)
            practice_store.add_provider(self.session, self.practice_id, person)
        add_payer(self.session, self.practice_id, PAYER, PAYER_NAME)
        self.rule(60, Need.REQUIRED, "96910", "96912")
        self.rule(61, Need.NOT_REQUIRED, "99213", "99214")
        self.session.commit()
        return self

    def book(self, *bookings: Booking) -> list[UUID]:
        """Put visits on file, each with a patient of its own. Returns their ids."""
        ids = [self._book(one) for one in bookings]
        self.session.commit()
        return ids

    def imported(self, hours_ago: float = 4) -> "Desk":
        """Note that the schedule was brought in."""
        at = self.caller.clock.now() - timedelta(hours=hours_ago)
        span = (TODAY - timedelta(days=7), TODAY + timedelta(days=60))
        schedule_store.note_import(self.session, self.practice_id, {MAIN: span}, at)
        self.session.commit()
        return self

    def judge(self) -> "Desk":
        """Judge all that is on file."""
        rejudge_all(self.caller, processes=1)
        return self

    def rule(self, number: int, need: Need, *codes: str) -> None:
        """Put on file what the payer asks of some codes."""
        rule_id = make.an_id(number)
        span = DateSpan(date(2026, 1, 1), date(2026, 12, 31))
        basis = "Provider manual of Acme Health, section 4"
        rule = PracticeRule(f"practice#{rule_id}", PAYER, frozenset(codes), need, span, basis, date(2026, 1, 5))
        kept = NewPracticeRule(rule_id, rule, self.caller.clock.now(), None)
        add_practice_rule(self.session, self.practice_id, kept)

    def _book(self, one: Booking) -> UUID:
        self.count += 1
        patient = make.an_id(10_000 + self.count)
        birth = date(1980, 5, 17)
        person = PatientDetails(patient, f"M{self.count:05}", one.last, one.first, birth)
        patient_store.add_patients(self.session, self.practice_id, [person])
        self._insure(one, patient)
        self._authorize(one, patient)
        visit = self._visit(one, patient, 20_000 + self.count, one.day)
        if one.case == "renewal":
            self._visit(one, patient, 40_000 + self.count, one.day + timedelta(days=20))
        return visit

    def _visit(self, one: Booking, patient: UUID, number: int, day: date) -> UUID:
        local = datetime.combine(day, time(int(one.hour), int(one.hour % 1 * 60)), ZoneInfo(make.ZONE))
        codes: tuple[str | None, ...] = _CODES.get(one.case, ("96910",)) or (None,)
        lines = tuple(
            ServiceLine(
                make.an_id(number * 10 + place),
                place,
                code,
                visit_type=None if code else "Light therapy",
                diagnoses=_DIAGNOSES.get(one.case, ("L40.0",)),
                place="22" if one.case == "hospital" else "11",
                provider_npi=one.npi,
                bill_to=BillTo.SELF_PAY if one.case == "cosmetic" else BillTo.INSURANCE,
            )
            for place, code in enumerate(codes)
        )
        starts = local.astimezone(UTC)
        visit = Visit(make.an_id(number), f"V{number}", patient, one.site, starts, day, one.status, lines)
        record = VisitRecord(visit, tuple(LineSource(line.position) for line in lines))
        schedule_store.add_visits(self.session, self.practice_id, [record])
        return visit.id

    def _insure(self, one: Booking, patient: UUID) -> None:
        checked = TODAY - timedelta(days=40 if one.case == "stale" else 1)
        coverage = CoverageRecord(
            make.an_id(50_000 + self.count),
            patient,
            Rank.PRIMARY,
            PAYER,
            PAYER_NAME,
            f"W{self.count:08}",
            begins=date(2026, 1, 1),
            line=Line.COMMERCIAL,
            plan="PPO Gold",
            checked_on=checked,
            result=CheckResult.ACTIVE,
            source="271",
        )
        coverage_store.add_coverages(self.session, self.practice_id, [coverage])

    def _authorize(self, one: Booking, patient: UUID) -> None:
        if one.case not in ("approved", "ended", "pending", "renewal", "used_up", "two"):
            return
        ends = {"ended": TODAY - timedelta(days=3), "renewal": TODAY + timedelta(days=10)}
        row = AuthorizationRecord(
            make.an_id(60_000 + self.count),
            patient,
            f"A{self.count}",
            PAYER,
            PAYER_NAME,
            Status.SUBMITTED if one.case == "pending" else Status.APPROVED,
            "pending" if one.case == "pending" else "approved",
            items=(Item(("96910", "96912"), None, Counting.UNITS, 36, 36 if one.case == "used_up" else 21),),
            member_id=f"W{self.count:08}",
            number=None if one.case == "pending" else f"PA-{1040 + self.count}",
            reference=f"REF-{700 + self.count}",
            begins=date(2026, 1, 1),
            ends=ends.get(one.case, date(2026, 6, 30)),
            decided_on=None if one.case == "pending" else date(2026, 1, 5),
            requested_on=date(2026, 1, 2),
            used_on=TODAY - timedelta(days=1),
        )
        authorization_store.add_authorizations(self.session, self.practice_id, [row], [])
