"""Where the practice's own rules and the library come apart when the library changes."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from uuid import UUID

from app.policies.facts.answers import PracticeRule
from app.policies.facts.own_rules import FieldChange, OwnRule


class ConflictKind(StrEnum):
    """What the library does now to a rule of the practice, worst first."""

    OTHERWISE = "otherwise"  # it says otherwise than the practice's rule, and did not before
    REMOVED = "removed"  # it no longer speaks of it: a correction has nothing left to correct
    CHANGED = "changed"  # the rule that the practice's rule answers before was changed
    SAME = "same"  # it says the same now: a correction is no longer needed


@dataclass(frozen=True, slots=True)
class Conflict:
    """One rule of the practice beside one rule of the library that is not what it was.

    `ref` is `payer/topic#id`; `about` what that rule speaks of in words; `names` the codes and drugs of the practice's
    rule that it names; `was` and `now` what it says of approval in words (None: it did not, or does not, speak of
    them); `fields` what it says otherwise where it says something in both.
    """

    rule: PracticeRule
    kind: ConflictKind
    ref: str
    about: str
    names: frozenset[str]
    was: str | None
    now: str | None
    fields: tuple[FieldChange, ...] = ()


@dataclass(frozen=True, slots=True)
class CorrectedRule:
    """A rule of the library that a practice's rule corrected: its reference, content and the rule set's version."""

    ref: str
    content: str
    version: str


@dataclass(frozen=True, slots=True)
class Original:
    """A rule of the library beside a rule of the practice that answers before it.

    `said` is what it said of approval when the practice's rule was recorded (None: it was not there), `says` what it
    says in the set in force (None: it is gone), in words; `turned`: it is not what it was. `corrected`: the practice's
    rule was recorded as a correction of it.
    """

    ref: str
    about: str
    summary: str
    said: str | None
    says: str | None
    source: str | None
    url: str | None
    read_on: date | None
    turned: bool
    corrected: bool


@dataclass(frozen=True, slots=True)
class Turned:
    """The practice's rules that the library says something new about since they were recorded, the worst first.

    `names` and `staff` hold payers' and people's names.
    """

    rules: tuple[tuple[OwnRule, tuple[Conflict, ...]], ...]
    names: Mapping[str, str]
    staff: Mapping[UUID, str]
