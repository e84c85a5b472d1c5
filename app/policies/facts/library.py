"""A payer of the library as its page shows it: its rules, its ways and clocks, its sources, what changed."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from app.policies.facts.book import CompiledRule
from app.policies.facts.desk import Freshness
from app.policies.facts.language import Process, Rule
from app.policies.facts.levels import Stand
from app.policies.facts.own_rules import FieldChange

RULES_A_PAGE = 50


class ChangeKind(StrEnum):
    """What happened to a rule between two rule sets."""

    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"


@dataclass(frozen=True, slots=True)
class RuleDifference:
    """One rule that differs between two rule sets: `topic#id`, what it speaks of, and what it says otherwise."""

    ref: str
    about: str
    kind: ChangeKind
    fields: tuple[FieldChange, ...] = ()


@dataclass(frozen=True, slots=True)
class VersionChange:
    """One rule set that came into force: since when, its version, what differs for a payer, how many sources were read.

    `first`: the first rule set at the practice, which nothing came before.
    """

    since: date
    version: str
    differences: tuple[RuleDifference, ...]
    read_again: int
    first: bool


@dataclass(frozen=True, slots=True)
class LibraryRule:
    """One rule with its topic, as compiled and as its file says it."""

    topic: str
    compiled: CompiledRule
    said: Rule


@dataclass(frozen=True, slots=True)
class SourceLine:
    """Where rules of a payer were read: title, address, the day, and how many rules rest on it."""

    title: str
    url: str
    read_on: date
    rules: int


@dataclass(frozen=True, slots=True)
class PayerDetail:
    """A payer as its page shows it. `topics` counts its rules by topic; `next` is the rule after which more follow.

    `stands`: how fresh each rule of the page is, by its reference.
    """

    key: str
    name: str
    in_library: bool
    turned_on: bool
    fresh: Freshness | None
    routine_until: date | None
    own_rules: int
    topic: str | None
    topics: Mapping[str, int]
    rules: tuple[LibraryRule, ...]
    stands: Mapping[str, Stand]
    next: str | None
    processes: tuple[Process, ...]
    sources: tuple[SourceLine, ...]
    versions: tuple[VersionChange, ...]
    today: date
