"""What the room keeps: rule sets in force, practice rules and answers with who recorded them and when."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from app.policies.facts.answers import PatientAnswer, PayerMatch, PracticeRule, Requirement, ServiceClass


@dataclass(frozen=True, slots=True)
class InForce:
    """A rule set in force: its version, the hash of the files it came from, whether they are the shipped ones."""

    version: str
    files: str
    shipped: bool
    since: datetime


@dataclass(frozen=True, slots=True)
class NewPracticeRule:
    """A practice rule to be kept; `rule.ref` is `practice#` and the id."""

    id: UUID
    rule: PracticeRule
    recorded_at: datetime
    recorded_by: UUID | None


@dataclass(frozen=True, slots=True)
class NewEnd:
    """The last day of a practice rule, for one of its codes or for all."""

    rule_id: UUID
    code: str | None
    last_day: date
    reason: str
    recorded_at: datetime
    recorded_by: UUID | None


@dataclass(frozen=True, slots=True)
class NewAnswer:
    """An answer for one patient to be kept; `answer.ref` is `answer#` and the id."""

    id: UUID
    patient_id: UUID
    answer: PatientAnswer
    recorded_at: datetime
    recorded_by: UUID | None


@dataclass(frozen=True, slots=True)
class Loaded:
    """What loading a directory did: the version in force, whether it is new, and the payers whose rules changed."""

    version: str
    changed: bool
    payers: frozenset[str] = frozenset()
    visits_changed: int = 0


@dataclass(frozen=True, slots=True)
class Recorded:
    """What recording did: the reference of what was recorded, its codes, and how many visits changed."""

    ref: str
    names: tuple[str, ...]
    visits_changed: int
    begins: date
    ends: date


@dataclass(frozen=True, slots=True)
class Found:
    """What the finder found: the requirement, the class, the payer, the service as asked, what is to be verified."""

    requirement: Requirement
    klass: ServiceClass
    payer: PayerMatch
    what: str
    verify: str | None
