"""What the room keeps: rule sets in force, practice rules and answers with who recorded them and when."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from app.policies.facts.answers import (
    PatientAnswer,
    PayerMatch,
    PracticeRule,
    Question,
    Requirement,
    ServiceClass,
    Submit,
)
from app.policies.facts.levels import Stand
from app.policies.facts.proposals import Standing


@dataclass(frozen=True, slots=True)
class InForce:
    """A rule set in force: its version, the hash of the files it came from, whether they are the shipped ones."""

    version: str
    files: str
    shipped: bool
    since: datetime


@dataclass(frozen=True, slots=True)
class NewPracticeRule:
    """A practice rule to be kept; `rule.ref` is `practice#` and the id.

    `action` is what a person did, of which this is a part; `replaces` the rule of which this is the new version.
    """

    id: UUID
    rule: PracticeRule
    recorded_at: datetime
    recorded_by: UUID | None
    action: UUID | None = None
    replaces: UUID | None = None


@dataclass(frozen=True, slots=True)
class NewEnd:
    """The last day of a practice rule, for one of its codes or for all; `action` is what a person did."""

    rule_id: UUID
    code: str | None
    last_day: date
    reason: str
    recorded_at: datetime
    recorded_by: UUID | None
    action: UUID | None = None


class RuleAct(StrEnum):
    """What a person did with the practice's rules."""

    ROUTINE = "routine"
    RECORD = "record"
    VERSION = "version"
    END = "end"
    VERIFY = "verify"
    UNDO = "undo"


@dataclass(frozen=True, slots=True)
class RuleAction:
    """One thing that a person did with practice rules, under the id that the form carried: done twice, it counts once.

    `undoes` is the action that it takes back.
    """

    id: UUID
    kind: RuleAct
    at: datetime
    by: UUID | None
    undoes: UUID | None = None


@dataclass(frozen=True, slots=True)
class KeptEnd:
    """An end of a practice rule as it is on file."""

    code: str | None
    last_day: date
    reason: str
    recorded_at: datetime
    recorded_by: UUID | None
    action: UUID | None


@dataclass(frozen=True, slots=True)
class KeptRule:
    """A practice rule as it is on file: as recorded, whatever ended since, with its ends.

    `version` grows with every end and every undoing: two people who saw different ones saw different rules.
    `replaced_by` is its newer version.
    """

    id: UUID
    rule: PracticeRule
    recorded_at: datetime
    recorded_by: UUID | None
    action: UUID | None
    replaces: UUID | None
    replaced_by: UUID | None
    ends: tuple[KeptEnd, ...]
    version: int


@dataclass(frozen=True, slots=True)
class PayerChoice:
    """Whether the practice works with a payer, as a person said."""

    payer: str
    turned_on: bool
    changed_at: datetime
    changed_by: UUID | None


@dataclass(frozen=True, slots=True)
class NewAnswer:
    """An answer for one patient to be kept; `answer.ref` is `answer#` and the id.

    `action` is what a person did, of which this is a part; `renews` the answer that it goes on from.
    """

    id: UUID
    patient_id: UUID
    answer: PatientAnswer
    recorded_at: datetime
    recorded_by: UUID | None
    action: UUID | None = None
    renews: UUID | None = None


@dataclass(frozen=True, slots=True)
class KeptAnswer:
    """An answer for one patient as it is on file."""

    id: UUID
    patient_id: UUID
    answer: PatientAnswer


@dataclass(frozen=True, slots=True)
class NameMatch:
    """What a person said of a payer that files named: `payer` is the library's key; None: it is a payer of its own.

    `folded` is the name without case, spaces and punctuation; `local` the key under which files brought it; `moved`
    names by table the rows that were moved to the library's payer.
    """

    id: UUID
    folded: str
    name: str
    local: str
    payer: str | None
    matched_at: datetime
    user_id: UUID | None
    moved: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Loaded:
    """What loading a directory did: the version in force, whether it is new, and the payers whose rules changed.

    `proposal`: how the files stand where others are in force; `put_forward`: they were put forward just now.
    """

    version: str
    changed: bool
    payers: frozenset[str] = frozenset()
    visits_changed: int = 0
    proposal: Standing | None = None
    put_forward: bool = False


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
    """What the finder found: the requirement, the class, the payer, the service as asked, what is to be verified.

    `clock_hangs_on`: what must be known before it can be said whether a legal clock runs (`line`, `drug`); `phones`:
    the lines on file on which the payer answers, each with its number; `stand`: how fresh the rule of the library is
    that decided (None: none did); `question`: what was asked.
    """

    requirement: Requirement
    klass: ServiceClass
    payer: PayerMatch
    what: str
    verify: str | None
    place: str | None = None
    clock_hangs_on: str | None = None
    phones: tuple[Submit, ...] = ()
    stand: Stand | None = None
    question: Question | None = None
