"""What judging needs of one patient, and what it answers for each line."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from app.authorizations.facts import Authorization
from app.clearance.facts.reasons import Badge, Check, Reason
from app.clinical.facts import ClinicalFact
from app.coverage.facts import Coverage
from app.patients.facts import PatientForJudging
from app.pharmacy.facts import Supply
from app.policies.facts.answers import PatientAnswer, Question, Requirement, ServiceClass
from app.practice.facts.practice import Participation, Site
from app.schedule.facts import ServiceLine, Visit
from app.values.fact import fact


@fact
class PatientFile:
    """All that is on file for one patient: every visit of any status, coverages, authorizations, payer's answers, how
    drugs come that a pharmacy or the patient brings, and the clinical facts that stand."""

    patient: PatientForJudging
    visits: tuple[Visit, ...]
    coverages: tuple[Coverage, ...]
    authorizations: tuple[Authorization, ...]
    answers: tuple[PatientAnswer, ...] = ()
    supplies: tuple[Supply, ...] = ()
    facts: tuple[ClinicalFact, ...] = ()


@dataclass(frozen=True, slots=True)
class ClassAnswer:
    """The class of a code with given diagnoses and triggers, from the grid; `shown` names the triggers that decide."""

    klass: ServiceClass
    weak: bool
    listed: bool
    documented: bool
    family: frozenset[str]
    shown: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Surroundings:
    """What is the same for all patients of a run.

    `requirement` decides one question with the patient's own answers; `classify` gives the class of a code with its
    diagnoses and triggers; `age` opens a birth date and counts whole months on a day; `only_line` gives a payer's only
    line of business; `drug_of` the service key of a HCPCS drug code; `may_require` narrows a family to the codes
    for which some rule of the payer may require approval; `groups` the group NPI of each provider on file;
    `turns` later days on which a practice rule begins to count.
    """

    as_of: date
    sites: Mapping[UUID, Site]
    groups: Mapping[str, str]
    practice_group: str | None
    participations: Mapping[str, tuple[Participation, ...]]
    requirement: Callable[[Question, tuple[PatientAnswer, ...], PatientForJudging], Requirement]
    classify: Callable[[str, tuple[str, ...], frozenset[str]], ClassAnswer]
    only_line: Callable[[str], object]
    drug_of: Callable[[str], str | None]
    turns: tuple[date, ...] = ()
    may_require: Callable[[str, frozenset[str]], Iterable[str]] = lambda _payer, family: sorted(family)


@fact
class LineVerdict:
    """The answer for one line. `badge` None: billed outside, listed and not judged.

    `reasons` holds one finding for each check that applies, in the order of the checks. `chosen` is the authorization
    that was judged; `units_left_after` what is left after this line took its units, or what was left when they were
    too few; None when not counted. `details` carries the facts that some words need, by check.
    """

    visit: Visit
    line: ServiceLine
    badge: Badge | None
    klass: ServiceClass
    reasons: tuple[Reason, ...] = ()
    requirement: Requirement | None = None
    coverage: Coverage | None = None
    chosen: Authorization | None = None
    units_left_after: int | None = None
    details: Mapping[Check, tuple[object, ...]] = field(default_factory=dict)

    @property
    def reason(self) -> Reason | None:
        """The first finding, in the order of the checks, that made the badge; None for cleared and self-pay."""
        return first_reason(self.reasons, self.badge)


def first_reason(reasons: tuple[Reason, ...], badge: Badge | None) -> Reason | None:
    """Find the finding that made a badge: of the right result, first in the order of the checks."""
    result = _MAKES.get(badge) if badge else None
    if result is None:
        return None
    for reason in reasons:
        if reason.result == result and (badge is not Badge.NOT_CHECKED or reason.check is not Check.APPROVAL):
            return reason
    return None


_MAKES = {Badge.BLOCKED: "fail", Badge.NOT_CHECKED: "unknown", Badge.WAITING: "unknown", Badge.AT_RISK: "warn"}


@fact
class PatientVerdict:
    """The answers for all lines of a patient in the order of judging, and the first day on which time changes one."""

    lines: tuple[LineVerdict, ...]
    changes_on: date | None
