"""How fresh a rule of the library is: the day on which it was verified last, and what follows from its age."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from app.policies.facts.answers import BasisKind
from app.policies.facts.desk import Basis
from app.policies.facts.levels import Level, Stand
from app.policies.facts.library import LibraryRule


@dataclass(frozen=True, slots=True)
class Verification:
    """A person found a rule to be as it is written.

    `content` is the hash of the rule as it stood; it counts for no other. `note`: the reference, or words beside it.
    """

    id: UUID
    action: UUID
    ref: str
    content: str
    verified_on: date
    how: BasisKind
    note: str
    at: datetime
    by: UUID | None


@dataclass(frozen=True, slots=True)
class NewVerification:
    """A verification to be kept: the rule, the hash of its content, the day, in which way, and words beside it."""

    ref: str
    content: str
    verified_on: date
    how: BasisKind
    note: str


@dataclass(frozen=True, slots=True)
class InUse:
    """How many booked visits and open cases rest on a rule of the library."""

    visits: int
    cases: int


VerifiedDays = Mapping[tuple[str, str], date]
"""The last day on which a person verified a rule, by its `payer/topic#id` and the hash of its content."""


@dataclass(frozen=True, slots=True)
class VerifyWord:
    """Rules that were verified, as the form was filled in: `topic#id` and the hash of each rule as it was seen."""

    once: UUID
    payer: str
    rules: tuple[tuple[str, str], ...]
    basis: Basis


@dataclass(frozen=True, slots=True)
class VerifyRule:
    """One rule on the page that verifies: as its file says it, how fresh it is, and what rests on it."""

    rule: LibraryRule
    stand: Stand
    last: Verification | None
    visits: int
    cases: int


@dataclass(frozen=True, slots=True)
class VerifyPage:
    """Rules of one payer to verify, the most urgent first. `next`: the `topic#id` after which more follow.

    `counts` how many rules of the payer stand on each level; `staff` people's names.
    """

    key: str
    name: str
    rules: tuple[VerifyRule, ...]
    counts: Mapping[Level, int]
    asked: frozenset[str]
    everything: bool
    next: str | None
    staff: Mapping[UUID, str]
    today: date
