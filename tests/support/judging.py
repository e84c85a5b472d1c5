"""One patient's file and its surroundings, with fixed defaults, for tests of the verdict.

By default everything passes: an active coverage checked yesterday, one booked line of 96910 in two weeks, and an
approval that fits. A test changes only what it is about.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from app.authorizations.facts import Authorization, Counting, Item, Kind, Status
from app.clearance.facts.reasons import Badge, Check, Reason, Result
from app.clearance.facts.verdicts import ClassAnswer, LineVerdict, PatientFile, PatientVerdict, Surroundings
from app.clearance.rules.judge import judge
from app.coverage.facts import CheckResult, Coverage
from app.patients.facts import PatientForJudging
from app.policies.facts.answers import (
    Confidence,
    Grounds,
    Limit,
    Need,
    PatientAnswer,
    Question,
    Requirement,
    ServiceClass,
)
from app.practice.facts.practice import Site
from app.schedule.facts import ServiceLine, Visit, VisitStatus
from app.values.codes import in_range
from app.values.insurance import Line, Rank
from app.values.members import MemberKey, member_forms
from app.values.spans import DateSpan
from tests.support.make import GROUP_NPI, NPI, an_id

TODAY = date(2026, 3, 2)
DAY = date(2026, 3, 16)
SITE, OTHER_SITE, PATIENT = an_id(1), an_id(2), an_id(3)
OTHER_NPI, OTHER_GROUP = "1003000142", "1003000159"
PAYER, SECOND_PAYER = "acme", "zenith"
MEMBER_ID = "W123456789"


def member(text: str = MEMBER_ID) -> MemberKey:
    """Make the comparable form of a member id, without its seal."""
    forms = member_forms(text)
    return MemberKey(forms.whole.encode(), forms.base.encode(), forms.cut.encode())


@dataclass(frozen=True)
class Service:
    """A service of the fake grid: which diagnoses decide, which triggers, and what the code is without them."""

    otherwise: ServiceClass = ServiceClass.MEDICAL
    medical: frozenset[str] = frozenset()
    weak: frozenset[str] = frozenset()
    triggers: frozenset[str] = frozenset()
    family: frozenset[str] = frozenset()

    def classify(self, diagnoses: tuple[str, ...], documented: frozenset[str]) -> ClassAnswer:
        """Give the class as the grid would."""
        weak = bool(diagnoses) and all(code in self.weak for code in diagnoses)
        listed = any(code in self.weak or code in self.medical for code in diagnoses)
        shown = bool(documented & self.triggers)
        klass = self.otherwise
        if klass is ServiceClass.CONDITIONAL and (shown or any(code in self.medical - self.weak for code in diagnoses)):
            klass = ServiceClass.MEDICAL
        decides = documented & self.triggers if klass is ServiceClass.MEDICAL else frozenset()
        return ClassAnswer(klass, weak, listed, bool(decides), self.family, decides)


PHOTOTHERAPY = frozenset({"96910", "96912"})
DRUGS = frozenset({"J0585", "J0586"})
GRID: Mapping[str, Service] = {
    "96910": Service(family=PHOTOTHERAPY),
    "96912": Service(family=PHOTOTHERAPY),
    "J0585": Service(family=DRUGS),
    "J0586": Service(family=DRUGS),
    "J3590": Service(),
    "99213": Service(),
    "11102": Service(),
    "17110": Service(
        ServiceClass.CONDITIONAL,
        medical=frozenset({"B07.0"}),
        weak=frozenset({"L82.1"}),
        triggers=frozenset({"bleeding"}),
    ),
    "15788": Service(ServiceClass.COSMETIC),
}


def a_requirement(need: Need = Need.REQUIRED, **changes: Any) -> Requirement:
    """Make what the rules answer."""
    base = Requirement(need, Confidence.SEEN, Grounds.RULE, rule="acme/phototherapy#1")
    return replace(base, **changes)


NEEDS: Mapping[tuple[str, str], Requirement] = {
    (PAYER, "96910"): a_requirement(),
    (PAYER, "J0585"): a_requirement(),
    (PAYER, "J3590"): a_requirement(),
    (PAYER, "drug:dupixent"): a_requirement(),
    (PAYER, "99213"): a_requirement(Need.NOT_REQUIRED),
    (PAYER, "17110"): a_requirement(Need.NOT_REQUIRED),
    (PAYER, "15788"): a_requirement(Need.NOT_REQUIRED),
    (SECOND_PAYER, "96910"): a_requirement(),
}
SILENT = Requirement(Need.UNKNOWN, Confidence.NONE, Grounds.NO_RULE)
STRICTEST = {need: place for place, need in enumerate(Need)}


def needs(changes: Mapping[str, Requirement | Need], payer: str = PAYER) -> dict[tuple[str, str], Requirement]:
    """Make the default rules with some answers of one payer replaced."""
    stated = {code: a_requirement(one) if isinstance(one, Need) else one for code, one in changes.items()}
    return {**NEEDS, **{(payer, code): one for code, one in stated.items()}}


def limits(*stated: Limit, code: str = "96910") -> dict[tuple[str, str], Requirement]:
    """Make the default rules, with limits on a code that needs no approval."""
    return needs({code: a_requirement(Need.NOT_REQUIRED, limits=stated)})


def _names(answer: PatientAnswer, asked: Question) -> bool:
    for name in answer.names:
        first, _, last = name.partition("-")
        if name in (asked.code, asked.drug) or (last and asked.code and in_range(asked.code, first, last)):
            return True
    return False


def around(
    as_of: date = TODAY,
    rules: Mapping[tuple[str, str], Requirement] = NEEDS,
    grid: Mapping[str, Service] = GRID,
    fresh_days: int = 7,
    **changes: Any,
) -> Surroundings:
    """Make the surroundings: a few rules by payer and code or drug, a few services, one practice of two sites."""

    def requirement(asked: Question, answers: tuple[PatientAnswer, ...], patient: PatientForJudging) -> Requirement:
        said = [
            answer.need
            for answer in answers
            if answer.payer == asked.payer
            and asked.day in answer.span
            and answer.channel in (None, asked.channel)
            and _names(answer, asked)
        ]
        if said:
            return Requirement(min(said, key=STRICTEST.__getitem__), Confidence.PAYER, Grounds.PATIENT_ANSWER)
        found = [rules.get((asked.payer, name)) for name in (asked.code, asked.drug) if name]
        return next((one for one in found if one is not None), SILENT)

    def classify(code: str, diagnoses: tuple[str, ...], documented: frozenset[str]) -> ClassAnswer:
        service = grid.get(code)
        if service is None:
            return ClassAnswer(ServiceClass.UNKNOWN, False, False, False, frozenset())
        return service.classify(diagnoses, documented)

    stated: dict[str, Any] = {
        "as_of": as_of,
        "sites": {one: Site(one, "Main", None, "America/New_York", "NY", fresh_days) for one in (SITE, OTHER_SITE)},
        "groups": {NPI: GROUP_NPI},
        "practice_group": None,
        "participations": {},
        "requirement": requirement,
        "classify": classify,
        "only_line": {"only_medicaid": Line.MEDICAID}.get,
        "drug_of": {"J0585": "drug:botox", "J0586": "drug:dysport"}.get,
    }
    return Surroundings(**{**stated, **changes})


def a_line(code: str | None = "96910", position: int = 0, **changes: Any) -> ServiceLine:
    """Make a planned service: one unit for psoriasis by the practice's provider."""
    base = ServiceLine(an_id(900 + position), position, code, diagnoses=("L40.0",), provider_npi=NPI)
    return replace(base, **changes)


def a_visit(*lines: ServiceLine, day: date = DAY, number: int = 1, hour: int = 15, **changes: Any) -> Visit:
    """Make a booked visit of one line of 96910, or of the lines given."""
    starts = datetime.combine(day, time(hour), UTC)
    kept = lines or (a_line(),)
    status = VisitStatus.BOOKED
    base = Visit(an_id(200 + number), f"V{number:03}", PATIENT, SITE, starts, day, status, kept)
    return replace(base, **changes)


def a_coverage(which: int = 1, /, **changes: Any) -> Coverage:
    """Make an active primary coverage since January, checked the day before `TODAY`."""
    base = Coverage(
        an_id(300 + which),
        PATIENT,
        Rank.PRIMARY,
        PAYER,
        "Acme Health",
        member(),
        DateSpan(date(2026, 1, 1), None),
        line=Line.COMMERCIAL,
        checked_on=TODAY - timedelta(days=1),
        result=CheckResult.ACTIVE,
    )
    return replace(base, **changes)


def a_count(*codes: str, count: int | None = 36, used: int | None = None, last: str | None = None) -> Item:
    """Make an approved item counted in units; without a count, not known."""
    counting = Counting.UNKNOWN if count is None else Counting.UNITS
    return Item(codes or ("96910",), last, counting, count, used)


def an_approval(which: int = 1, /, **changes: Any) -> Authorization:
    """Make an approval of 36 units of 96910 for the first half of the year."""
    base = Authorization(
        an_id(400 + which),
        PATIENT,
        PAYER,
        "Acme Health",
        Status.APPROVED,
        items=(a_count(),),
        member=member(),
        number=f"A{which:03}",
        begins=date(2026, 1, 1),
        ends=date(2026, 6, 30),
        decided_on=date(2026, 1, 5),
    )
    return replace(base, **changes)


def a_referral(which: int = 9, /, **changes: Any) -> Authorization:
    """Make an approved referral of six visits for any code."""
    fixed = {"kind": Kind.REFERRAL, "items": (a_count("*", count=6),), "number": f"R{which:03}"}
    return an_approval(which, **{**fixed, **changes})


def a_file(*visits: Visit, **changes: Any) -> PatientFile:
    """Make a file of one visit, one coverage and one approval; each is replaced when given."""
    stated: dict[str, Any] = {
        "patient": PatientForJudging(PATIENT, None, False),
        "visits": visits or (a_visit(),),
        "coverages": (a_coverage(),),
        "authorizations": (an_approval(),),
    }
    return PatientFile(**{**stated, **changes})


def lines_of(file: PatientFile, world: Surroundings | None = None) -> tuple[LineVerdict, ...]:
    """Judge a file and give its lines."""
    return verdict_of(file, world).lines


def verdict_of(file: PatientFile, world: Surroundings | None = None) -> PatientVerdict:
    """Judge a file."""
    return judge(file, world or around())


def found(verdict: LineVerdict, check: Check) -> Reason | None:
    """Give what one check found, None where it was left out."""
    return next((reason for reason in verdict.reasons if reason.check is check), None)


def results(verdict: LineVerdict) -> dict[Check, Result]:
    """Give the result of each check that was made."""
    return {reason.check: reason.result for reason in verdict.reasons}


def outcome(file: PatientFile, world: Surroundings | None = None) -> tuple[Badge | None, Check | None]:
    """Judge a file of one line: its badge and the check that names the reason."""
    (verdict,) = lines_of(file, world)
    return verdict.badge, verdict.reason.check if verdict.reason else None


def ids(rows: tuple[Any, ...]) -> tuple[UUID, ...]:
    """Give the ids of rows."""
    return tuple(row.id for row in rows)
