"""What the pages of rules are asked to do, and what they show."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from app.policies.facts.answers import BasisKind
from app.policies.facts.levels import Level, Unverified
from app.policies.facts.records import RuleAct
from app.values.insurance import Line


@dataclass(frozen=True, slots=True)
class Basis:
    """On what a practice rule rests: its kind (None: the text says all), the text, and the day of the source."""

    kind: BasisKind | None
    text: str
    source_day: date | None


@dataclass(frozen=True, slots=True)
class RoutineWord:
    """The practice's word on routine services of one payer or several, as its page was filled in.

    `once` is the id that the form carried: the same form sent twice does its work once. `codes` are those ticked.
    """

    once: UUID
    payers: tuple[str, ...]
    codes: frozenset[str]
    basis: Basis
    until: date
    line: Line | None = None
    plan: str | None = None


@dataclass(frozen=True, slots=True)
class Done:
    """What an action with practice rules did: its id, how many rules it made or ended, how many visits changed.

    `again`: the same form had done it before, and nothing was done now. `kind`: of what was undone.
    """

    action: UUID
    rules: int
    visits_changed: int
    again: bool = False
    kind: RuleAct | None = None


@dataclass(frozen=True, slots=True)
class OfferedGroup:
    """One group of routine services."""

    key: str
    label: str
    codes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Strict:
    """A library rule that asks approval for an offered code: its payer, the code, whether only in some cases."""

    payer: str
    payer_name: str
    code: str
    in_some_cases: bool


@dataclass(frozen=True, slots=True)
class RoutineOffer:
    """What the page of routine services offers: the groups, who may be chosen, and where the library asks approval.

    `payers` are key and name of those turned on; `asked` the keys that have routine services in force.
    """

    groups: tuple[OfferedGroup, ...]
    payers: tuple[tuple[str, str], ...]
    asked: Mapping[str, date]
    strict: tuple[Strict, ...]
    today: date


@dataclass(frozen=True, slots=True)
class ToVerify:
    """A rule in force of a payer that the practice works with, which is to be verified.

    `read_on`: the day on which its source was read or a person verified it, whichever is later.
    """

    ref: str
    payer: str
    payer_name: str
    summary: str
    why: Unverified
    read_on: date | None
    level: Level


@dataclass(frozen=True, slots=True)
class Freshness:
    """How fresh a payer's rules in force are: how many, the days on which they were verified last, how many to verify.

    `memory` counts those without a source that nobody verified, `old` those verified over 90 days ago or on no known
    day; `soon` and `ask` count by level, and all others are fresh.
    """

    rules: int
    oldest: date | None
    newest: date | None
    memory: int
    old: int
    soon: int
    ask: int


@dataclass(frozen=True, slots=True)
class PayerLine:
    """One payer as the list shows it. `in_library` False: a file brought it, and no rules are on file.

    `routine_until`: the last day for which routine services are confirmed; `own_rules` counts the practice's own.
    """

    key: str
    name: str
    in_library: bool
    turned_on: bool
    fresh: Freshness | None
    routine_until: date | None
    own_rules: int


@dataclass(frozen=True, slots=True)
class PayerList:
    """All payers, those that the practice works with first; the version of the rules and since when.

    `waiting`: how many sets of new rules wait for people.
    """

    payers: tuple[PayerLine, ...]
    today: date
    version: str
    since: date | None
    waiting: int = 0
