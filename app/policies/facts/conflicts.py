"""Where the practice's own rules and the library come apart when the library changes."""

from dataclasses import dataclass
from enum import StrEnum

from app.policies.facts.answers import PracticeRule
from app.policies.facts.own_rules import FieldChange


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
