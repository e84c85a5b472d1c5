"""The compiled rule book: what `determine` reads. Built once from a policy set; nothing in it changes but its memo."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, NamedTuple

from app.policies.facts.answers import (
    Cite,
    Covered,
    DecisionClock,
    Limit,
    Question,
    Requirement,
    Submit,
    Truth,
)
from app.policies.facts.clocks import ClockRule
from app.policies.facts.drugs import DrugsFile
from app.policies.facts.families import Family
from app.policies.facts.gold_card import GoldCardLaw
from app.policies.facts.grid import CodesFile, GridFile, ModifiersFile, RoutineFile, ServicesFile
from app.policies.facts.words import EverydayWords
from app.values.insurance import Channel, Line
from app.values.spans import Duration


class Held(NamedTuple):
    """The result of a tree: its truth, and the facts that would settle it where it is unknown.

    `by` has one entry for each leaf that made the result (where it is unknown: that is open), with what the leaf reads.
    """

    truth: Truth
    unmet: tuple[str, ...] = ()
    by: tuple[frozenset[str], ...] = ()


Judge = Callable[[Question], Held]
Test = Callable[[Question, Line | None], int]
"""Does one bound of a rule hold? NO, YES or MISSING."""
NO, YES, MISSING = 0, 1, 2


@dataclass(frozen=True, slots=True)
class Tree:
    """Compiled criteria: the whole, and its first level one by one with our words.

    `names`: what situations of rules call the parts, in their keys; no person reads them on a page.
    """

    judge: Judge
    parts: tuple[tuple[str, Judge], ...]
    names: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Extras:
    """What a rule says beside its answer.

    `retro_within`: how long after the service the payer still takes a request or a notice for it.
    """

    summary: str
    documents: tuple[str, ...] = ()
    submit: tuple[Submit, ...] = ()
    clock: DecisionClock | None = None
    lasts: Duration | None = None
    lasts_by_state: Mapping[str, Duration] = field(default_factory=dict)
    lasts_by_diagnosis: Mapping[str, Duration] = field(default_factory=dict)
    renew_before: Duration | None = None
    retro_within: Duration | None = None
    family: frozenset[str] = frozenset()
    binds_person: bool = False
    limits: tuple[Limit, ...] = ()
    verify: str | None = None


@dataclass(frozen=True, slots=True)
class CompiledRule:
    """One rule, ready to be asked. `bound` has one bit for each way in which its scope is narrowed.

    `product` is the key of the payer's product; Extras.clock only what rule, product or payer state of themselves;
    `content` the hash of the rule as its file says it: a person's verification holds only for the same.
    """

    ref: str
    product: str
    approval: str
    coverage: Covered
    cosmetic_unless: bool
    memory: bool
    placeless: bool  # a local policy whose states are not known: it never answers
    closed_list: bool
    tests: tuple[tuple[str, Test], ...]
    when: tuple[tuple[str, Test], ...]
    bound: int
    criteria: Tree | None
    renewal: Tree | None  # what a renewal asks, where the rule says so
    cite: Cite | None
    extras: Extras
    begins: date
    ends: date
    reads: frozenset[str]
    plain: Requirement
    content: str


@dataclass(frozen=True, slots=True)
class PayerEntry:
    """A payer of the library."""

    key: str
    name: str
    lines: frozenset[Line]
    channels: frozenset[Channel]
    submit: tuple[Submit, ...]
    spoken: tuple[str, ...] = ()  # its names and aliases as they are written


@dataclass(frozen=True)
class GridIndex:
    """The grid by code: each service with exact diagnoses, prefixes, and its triggers."""

    by_code: Mapping[str, tuple[Any, ...]]
    family: Mapping[str, frozenset[str]]


@dataclass(frozen=True)
class Book:
    """All rules in force, indexed. `version` is the hash of their content."""

    version: str
    payers: Mapping[str, PayerEntry]
    by_code: Mapping[tuple[str, str], tuple[CompiledRule, ...]]
    by_drug: Mapping[tuple[str, str], tuple[CompiledRule, ...]]
    by_service: Mapping[tuple[str, str], tuple[CompiledRule, ...]]
    closed: Mapping[str, tuple[CompiledRule, ...]]
    names: Mapping[str, str]
    rules: Mapping[str, CompiledRule]
    grid: GridIndex
    grid_file: GridFile | None
    services: ServicesFile | None
    drugs: DrugsFile | None
    routine: RoutineFile | None
    codes: CodesFile | None
    clocks: tuple[ClockRule, ...]
    drug_names: Mapping[str, str]
    drug_codes: Mapping[str, str]
    families: tuple[Family, ...] = ()
    gold_cards: tuple[GoldCardLaw, ...] = ()
    modifiers: ModifiersFile | None = None
    words: tuple[EverydayWords, ...] = ()
    memo: dict[Any, Any] = field(default_factory=dict, compare=False, repr=False)
    fixed: dict[str, Any] = field(default_factory=dict, compare=False, repr=False)

    def only_line(self, payer: str) -> Line | None:
        """The one line of business that a payer's rules speak of; None when there are several, or none."""
        entry = self.payers.get(payer)
        return next(iter(entry.lines)) if entry is not None and len(entry.lines) == 1 else None
