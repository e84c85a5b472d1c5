"""The practice's own rules as its pages show and change them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from uuid import UUID

from app.policies.facts.answers import Need
from app.policies.facts.desk import Basis
from app.policies.facts.records import KeptRule
from app.values.insurance import Line

PAGE_SIZE = 50


class RuleState(StrEnum):
    """Where a rule stands on a day: it holds, it holds later, or it holds no longer."""

    IN_FORCE = "in_force"
    COMING = "coming"
    ENDED = "ended"


@dataclass(frozen=True, slots=True)
class OwnRule:
    """One rule on file with where it stands. `last_day`: the last on which any of its codes is answered for.

    None where none ever is: the rule was replaced or ended before it began.
    """

    kept: KeptRule
    state: RuleState
    last_day: date | None


@dataclass(frozen=True, slots=True)
class OwnRulesQuery:
    """Which rules are asked for. `made`: those that one action made; `after`: the last rule of the page before."""

    payer: str | None = None
    code: str | None = None
    state: RuleState | None = None
    made: UUID | None = None
    after: UUID | None = None


@dataclass(frozen=True, slots=True)
class OwnRules:
    """One page of the practice's rules, newest first. `next` is the rule after which more follow.

    `names` and `staff` hold payers' and people's names; `counts` how many rules stand where, before that filter.
    """

    query: OwnRulesQuery
    rules: tuple[OwnRule, ...]
    counts: Mapping[RuleState, int]
    next: UUID | None
    names: Mapping[str, str]
    staff: Mapping[UUID, str]
    today: date


@dataclass(frozen=True, slots=True)
class RuleHistory:
    """One rule with all its versions, the oldest first."""

    rule: OwnRule
    versions: tuple[KeptRule, ...]
    names: Mapping[str, str]
    staff: Mapping[UUID, str]
    today: date


@dataclass(frozen=True, slots=True)
class FieldChange:
    """What a new version says otherwise, by the name of the field, in words."""

    field: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class RuleOptions:
    """What a form about a rule may choose from: payers by key, drugs by folded name, the day."""

    payers: Mapping[str, str]
    drugs: Mapping[str, str]
    today: date


@dataclass(frozen=True, slots=True)
class RuleWord:
    """A rule as its form was filled in. `replaces` and `version`: the rule of which it is the new version, as seen.

    `notice`: the payer's notice is kept with it, as an exemption of some providers or groups needs.
    """

    once: UUID
    payer: str
    codes: frozenset[str]
    need: Need
    begins: date
    until: date
    basis: Basis
    lines: frozenset[Line] = frozenset()
    plans: frozenset[str] = frozenset()
    places: frozenset[str] = frozenset()
    providers: frozenset[str] = frozenset()
    groups: frozenset[str] = frozenset()
    corrects: bool = False
    replaces: UUID | None = None
    version: int | None = None
    notice: bool = False


@dataclass(frozen=True, slots=True)
class EndWord:
    """The end of a rule as its form was filled in: the last day, why, and the one code that ends (None: all)."""

    once: UUID
    rule: UUID
    version: int
    last_day: date
    reason: str
    code: str | None = None


@dataclass(frozen=True, slots=True)
class Renewal:
    """Several rules and answers renewed in one go: each goes on after its end, on a new basis.

    `rules` are id and version seen; `answers` ids of what payers said for patients.
    """

    once: UUID
    rules: tuple[tuple[UUID, int], ...]
    basis: Basis
    until: date
    answers: tuple[UUID, ...] = ()


@dataclass(frozen=True, slots=True)
class EndingRules:
    """The rules that end soon, by payer and then the first to end first, with payers' and people's names."""

    rules: tuple[OwnRule, ...]
    names: Mapping[str, str]
    staff: Mapping[UUID, str]
    today: date
