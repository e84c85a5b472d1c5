"""The December list: rules that end soon, each with the visits that its end leaves open."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from app.clearance.store.ending import needs_after
from app.platform.caller import Caller
from app.policies.actions.own_rules import read_ending
from app.policies.facts.own_rules import PAGE_SIZE, EndingRules, OwnRule
from app.policies.rules.own_rules import names_code

MOST_COUNTED = 5000


@dataclass(frozen=True, slots=True)
class December:
    """One page of the rules that end soon. `open_visits`: by rule, how many visits wait after its end.

    `more`: there are so many visits that not all were counted; the numbers are then the least that there are. `next`:
    the rule after which more follow; `all_rules` counts those of every page.
    """

    found: EndingRules
    shown: tuple[OwnRule, ...]
    open_visits: Mapping[UUID, int]
    more: bool
    next: UUID | None
    all_rules: int


def read_december(caller: Caller, after: UUID | None = None) -> December:
    """Read one page of the December list, from the rule after one on, with a fixed number of queries."""
    found = read_ending(caller)
    places = {one.kept.id: place for place, one in enumerate(found.rules, 1)}
    rest = found.rules[places.get(after, 0) if after is not None else 0 :]
    shown = rest[:PAGE_SIZE]
    days = [one.last_day for one in shown if one.last_day is not None]
    waiting = needs_after(caller.session, caller.practice_id, min(days), MOST_COUNTED, caller.scope) if days else ()
    asked = [((*key.parts, "", "")[:2], visit, day) for key, visit, day in waiting]
    return December(
        found=found,
        shown=shown,
        open_visits=_counts(shown, asked),
        more=len(waiting) == MOST_COUNTED,
        next=shown[-1].kept.id if len(rest) > PAGE_SIZE else None,
        all_rules=len(found.rules),
    )


def _counts(ending: Sequence[OwnRule], asked: Sequence[tuple[tuple[str, ...], UUID, date]]) -> dict[UUID, int]:
    """How many visits wait for a payer's answer on a code of each rule after its last day."""
    by_payer: dict[str, list[tuple[str, UUID, date]]] = {}
    for (payer, code), visit, day in asked:
        by_payer.setdefault(payer, []).append((code, visit, day))
    counts: dict[UUID, int] = {}
    for one in ending:
        rule, last = one.kept.rule, one.last_day or date.max
        waits = by_payer.get(rule.payer, ())
        named = {code: names_code(rule.codes, code) for code in {code for code, _visit, _day in waits}}
        counts[one.kept.id] = len({visit for code, visit, day in waits if named[code] and day > last})
    return counts
