"""Whole patient files of every kind: a file that is in order, changed in a few places in any way."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from random import Random
from typing import Any, TypeVar

from hypothesis import strategies as st

from app.authorizations.facts import Authorization, Counting, Item, Kind, Status
from app.clearance.facts.verdicts import PatientFile, PatientVerdict, Surroundings
from app.clearance.rules.judge import judge
from app.coverage.facts import CheckResult, Coverage, NetworkAnswer
from app.policies.facts.answers import Grounds, Limit, Need, PatientAnswer
from app.practice.facts.practice import Network, Participation
from app.schedule.facts import BillTo, Supply, Visit, VisitStatus
from app.values.insurance import Benefit, Channel, Known, Line, PlanKind, Rank
from app.values.spans import DateSpan, Duration
from tests.support.judging import (
    DAY,
    NEEDS,
    OTHER_GROUP,
    OTHER_NPI,
    OTHER_SITE,
    PAYER,
    SECOND_PAYER,
    SITE,
    TODAY,
    a_count,
    a_coverage,
    a_file,
    a_line,
    a_requirement,
    a_visit,
    an_approval,
    around,
    member,
)
from tests.support.make import GROUP_NPI, NPI

Row = TypeVar("Row")
Change = tuple[str, Any]


def _changes(table: dict[str, Sequence[Any]]) -> list[Change]:
    return [(name, value) for name, values in table.items() for value in values]


def _changed(draw: Random, row: Row, changes: list[Change], most: int) -> Row:
    """A row with up to `most` of the changes made; none more often than not."""
    made = draw.choices(changes, k=draw.randint(1, most)) if draw.random() < 0.5 else []
    return replace(row, **dict(made))  # type: ignore[type-var]


def days(first: int, last: int) -> list[Any]:
    """Some days around the visit."""
    return [DAY + timedelta(days=offset) for offset in (first, -1, 0, 1, last)]


NDC, SAME_PRODUCT, OTHER_PRODUCT = "00023114501", "00023114502", "00023392101"
OF_A_LINE = _changes(
    {
        "code": ["96912", "J0585", "J0586", "J3590", "99213", "17110", "15788", "99999", None],
        "units": [2, 3, 40],
        "diagnoses": [(), ("L40.1",), ("L82.1",), ("B07.0", "L82.1"), ("C44.1",)],
        "place": ["22"],
        "drug": ["drug:dupixent", "drug:botox"],
        "ndc": [NDC, OTHER_PRODUCT],
        "documented": [frozenset({"bleeding"})],
        "referral": ["R009", "R777"],
        "channel": [Channel.MEDICAL, Channel.PHARMACY],
        "provider_npi": [OTHER_NPI],
        "provider_group": [GROUP_NPI, OTHER_GROUP],
        "billing_npi": [NPI, OTHER_NPI],
        "bill_to": [BillTo.SELF_PAY, BillTo.OUTSIDE],
        "supply": [Supply.SPECIALTY_PHARMACY, Supply.SAMPLE],
        "klass": ["medical", "conditional", "cosmetic", "unknown"],
        "named_payer": [PAYER, SECOND_PAYER],
        "refused_row": [7],
        "named_member": [member(), member("X1")],
    }
)
OF_A_COVERAGE = _changes(
    {
        "payer": [SECOND_PAYER, "local:unknown"],
        "member": [member("W123456789-01"), member("W999999999")],
        "span": [DateSpan(), DateSpan(None, TODAY), DateSpan(DAY, DAY), DateSpan(DAY + timedelta(days=1), None)],
        "line": [None, Line.MEDICAID, Line.MEDICARE, Line.MEDICARE_ADVANTAGE, Line.MEDIGAP],
        "plan": ["Gold", "Silver"],
        "plan_id": ["P1", "P2"],
        "plan_kind": [PlanKind.HMO, PlanKind.PPO],
        "benefit": [Benefit.MEDICAL, Benefit.PHARMACY],
        "group_number": ["G1", "G2"],
        "checked_on": [None, *(TODAY + timedelta(days=offset) for offset in (-400, -91, -61, -8, 0, 1, 20))],
        "result": [None, CheckResult.INACTIVE, CheckResult.UNKNOWN],
        "network": list(NetworkAnswer),
        "referral_required": list(Known),
        "other_primary": [True],
        "rank": [Rank.SECONDARY, Rank.TERTIARY],
    }
)
OF_AN_APPROVAL = _changes(
    {
        "payer": [SECOND_PAYER],
        "status": list(Status),
        "kind": list(Kind),
        "items": [
            (),
            (a_count(count=1),),
            (a_count(count=None),),
            (a_count("96910", "96912", count=3),),
            (a_count("96910", count=2), a_count("96912", count=1, used=1)),
            (a_count("96900", last="96913", count=2),),
            (a_count("*", count=2),),
            (a_count("96910", count=5, used=4),),
            (a_count("96912"),),
            (a_count("J0585", "J3590", "17110", count=2),),
            (Item(("96910",), None, Counting.VISITS, 2),),
            (Item(("96910",), None, Counting.NOT_COUNTED),),
        ],
        "drug": ["drug:dupixent", "drug:botox"],
        "ndc": [SAME_PRODUCT, OTHER_PRODUCT],
        "member": [None, member("W123456789-01"), member("W999999999")],
        "plan": ["Gold"],
        "plan_id": ["P1"],
        "group_number": ["G1"],
        "number": [None, "A000"],
        "reference": ["C7", "R009"],
        "begins": [None, *days(-60, 30)],
        "ends": [None, *days(-30, 60)],
        "no_end": [True],
        "verbal": [True],
        "diagnoses": [("L40.0",), ("L40",), ("L20.9", "C44.1")],
        "provider_npi": [NPI, OTHER_NPI],
        "provider_group": [GROUP_NPI, OTHER_GROUP],
        "provider_binds": [True],
        "site_id": [SITE, OTHER_SITE],
        "places": [("11",), ("22", "24")],
        "channel": list(Channel),
        "decided_on": [None, *(TODAY + timedelta(days=offset) for offset in (-100, 0, 1, 20))],
        "requested_on": [TODAY + timedelta(days=offset) for offset in (-100, 0, 1, 20)],
        "used_on": days(-60, 30),
    }
)
OF_A_VISIT = _changes({"status": list(VisitStatus), "site_id": [OTHER_SITE]})
OFFSETS = (-60, -20, -3, 0, 0, 1, 5, 7, 14, 60, 110)


def a_random_visit(draw: Random, number: int) -> Visit:
    """A visit of one line or two on some day."""
    lines = tuple(_changed(draw, a_line(position=place), OF_A_LINE, 2) for place in range(draw.randint(1, 2)))
    day = DAY + timedelta(days=draw.choice(OFFSETS))
    visit = a_visit(*lines, day=day, number=number, hour=draw.randint(13, 15))
    return _changed(draw, visit, OF_A_VISIT, 1)


def a_random_coverage(draw: Random, which: int) -> Coverage:
    """A coverage; the first is primary and in order more often than not."""
    row = a_coverage(which) if which == 1 else a_coverage(which, rank=Rank.SECONDARY, payer=SECOND_PAYER)
    return _changed(draw, row, OF_A_COVERAGE, 3)


def a_random_approval(draw: Random, which: int) -> Authorization:
    """An authorization that may be anything in the log; never one that ends before it begins."""
    row = _changed(draw, an_approval(which), OF_AN_APPROVAL, 4)
    if row.begins and row.ends and row.ends < row.begins:
        row = replace(row, begins=row.ends)
    return row


ANSWERS = [
    PatientAnswer("answer#1", PAYER, frozenset({names}), need, DateSpan(DAY, None), said_on, "call 7")
    for names in ("96910", "96900-96999")
    for need in (Need.NOT_REQUIRED, Need.REQUIRED)
    for said_on in (TODAY, TODAY + timedelta(days=5), None)
]


def a_random_file(draw: Random) -> PatientFile:
    """A whole file of one patient."""
    coverages, rows = draw.choice((1, 1, 2, 3, 0)), draw.choice((1, 2, 3, 0))
    file = a_file(
        *(a_random_visit(draw, number) for number in range(1, draw.choice((1, 2, 3, 4)) + 1)),
        coverages=tuple(a_random_coverage(draw, which) for which in range(1, coverages + 1)),
        authorizations=tuple(a_random_approval(draw, which) for which in range(1, rows + 1)),
        answers=tuple(draw.sample(ANSWERS, draw.choice((0, 0, 1)))),
    )
    if draw.random() < 0.2:
        told = draw.choice((None, TODAY, TODAY + timedelta(days=3)))
        file = replace(file, patient=replace(file.patient, no_coverage=True, no_coverage_on=told))
    return file


LIMITS = (Limit("", "visits", 1, "week"), Limit("", "units", 2, "month", firm=True), Limit("shown"))
OF_A_RULE = _changes(
    {
        "need": list(Need),
        "family": [frozenset({"96910", "96912"})],
        "binds_person": [True],
        "renew_before": [Duration(60, "day")],
        "grounds": [Grounds.CONTRADICTED],
        "limits": [(one,) for one in LIMITS] + [LIMITS],
    }
)
WORDS = [
    Participation(PAYER, plan, npi, network, DateSpan())
    for plan in (None, "Gold")
    for npi in (NPI, OTHER_NPI)
    for network in Network
]


KEYS = [(PAYER, "96910"), (PAYER, "96912"), (PAYER, "J0585"), (PAYER, "17110"), (SECOND_PAYER, "96910")]
DAYS_ASKED = [TODAY + timedelta(days=offset) for offset in (0, 0, 0, -30, 1, 5, 8, 14, 60, 300)]


def random_rules(draw: Random) -> dict[str, Any]:
    """What the surroundings hold besides the day."""
    rules = dict(NEEDS)
    for key in KEYS:
        rules[key] = _changed(draw, rules.get(key, a_requirement(Need.NOT_REQUIRED)), OF_A_RULE, 2)
    words = tuple(draw.choices(WORDS, k=draw.choice((0, 0, 1, 2))))
    return {"rules": rules, "participations": {PAYER: words}, "fresh_days": draw.choice((7, 7, 3))}


@dataclass(frozen=True)
class Case:
    """A file, what surrounds it and the day asked about, made from one number: quick, and the same every time."""

    seed: int
    file: PatientFile
    rules: dict[str, Any]
    as_of: date
    draw: Random

    def world(self, as_of: date | None = None) -> Surroundings:
        """The surroundings on the day asked about, or on another."""
        return around(as_of=as_of or self.as_of, **self.rules)

    def judged(self) -> PatientVerdict:
        """The file's verdict on the day asked about."""
        return judge(self.file, self.world())

    def __repr__(self) -> str:
        return f"a_case({self.seed})"


def a_case(seed: int) -> Case:
    """Make a case from its number."""
    draw = Random(seed)
    return Case(seed, a_random_file(draw), random_rules(draw), draw.choice(DAYS_ASKED), draw)


CASES = st.integers(0, 2**48).map(a_case)
