"""What a plan answered, and in what two answers differ. The check itself is a fact of the room of coverages."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from app.coverage.facts import Answered as Answered
from app.coverage.facts import EligibilityCheck as EligibilityCheck
from app.coverage.facts import Method as Method
from app.coverage.facts import NetworkAnswer, PlanBenefit, PlanFacts, Rejection
from app.values.fact import choices
from app.values.insurance import Known, PlanKind

Benefit = PlanBenefit


@choices
class Because(StrEnum):
    """Why an answer is less than it looks. `views/words.py` has a sentence for each."""

    REJECTED = "rejected"  # the plan, or whoever stands before it, could not be asked or did not know the patient
    NO_HEALTH_PLAN = "no_health_plan"  # nothing says whether the health plan itself is active
    PART_A_ALONE = "part_a_alone"  # Medicare's Part A, without a word on Part B
    NO_PART_B = "no_part_b"
    NOT_ON_THE_DAY = "not_on_the_day"  # the plan's own dates leave out the day that was asked about
    NO_OFFICE = "no_office"  # the plan is active, and says that it does not cover dermatology or office visits


@choices
class DifferenceKind(StrEnum):
    """What may be another than last time."""

    RESULT = "result"
    MEMBER = "member"
    GROUP = "group"
    PLAN = "plan"
    PAYER = "payer"
    BEGINS = "begins"
    ENDS = "ends"
    OTHER_PAYER = "other_payer"


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing that is another than last time: what it was and what it is, as text (days ISO). None: not told."""

    kind: DifferenceKind
    before: str | None
    after: str | None


@dataclass(frozen=True, slots=True)
class Result:
    """What came of asking, and why it is no plain answer: AAA codes as sent, and one word of ours."""

    result: Answered
    why: tuple[Rejection, ...] = ()
    because: Because | None = None


@dataclass(frozen=True, slots=True)
class NamedPerson:
    """Whom an answer names: the dependent where it has one, else the subscriber."""

    last_name: str | None = None
    first_name: str | None = None
    birth_date: date | None = None


@dataclass(frozen=True, slots=True)
class PlanAnswer:
    """One element of the `responses` of a 271, read. `service_day`: the single day asked about, where it says one."""

    traces: tuple[str, ...]
    payer_name: str | None
    payer_id: str | None
    npi: str | None
    patient: NamedPerson
    dependent: bool
    plan: PlanFacts
    plan_kind: PlanKind | None
    network: NetworkAnswer | None
    referral: Known | None
    service_day: date | None
    benefits: tuple[PlanBenefit, ...]
    outcome: Result
