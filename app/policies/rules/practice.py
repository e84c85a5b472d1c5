"""A practice's rules, indexed for whoever asks about many lines."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from app.policies.facts.answers import PracticeRule
from app.policies.facts.records import KeptEnd
from app.values.spans import DateSpan


class PracticeRules(tuple[PracticeRule, ...]):
    """A practice's rules, indexed by payer, and what they were found to read: for whoever asks about many lines."""

    by_payer: dict[str, tuple[PracticeRule, ...]]
    memo: dict[Any, Any]

    @classmethod
    def of(cls, rules: Iterable[PracticeRule]) -> "PracticeRules":
        """Index rules by payer."""
        found = cls(rules)
        found.by_payer, found.memo = {}, {}
        for rule in found:
            found.by_payer[rule.payer] = (*found.by_payer.get(rule.payer, ()), rule)
        return found


def practice_rules_of(rules: Sequence[PracticeRule], payer: str) -> Sequence[PracticeRule]:
    """The practice rules of one payer."""
    if isinstance(rules, PracticeRules):
        return rules.by_payer.get(payer, ())
    return [rule for rule in rules if rule.payer == payer]


def parts_of(rule: PracticeRule, ends: Iterable[KeptEnd]) -> Iterator[PracticeRule]:
    """Cut a rule where some of its codes ended earlier than the rest; a part that ends before it begins is none."""
    last_days = _last_days(ends)
    if not last_days:
        yield rule
        return
    by_last: dict[date, set[str]] = {}
    whole = min(rule.span.ends or date.max, last_days.get(None, date.max))
    for code in rule.codes:
        by_last.setdefault(min(whole, last_days.get(code, date.max)), set()).add(code)
    for last, codes in sorted(by_last.items()):
        if rule.span.begins is None or rule.span.begins <= last:
            yield replace(rule, codes=frozenset(codes), span=DateSpan(rule.span.begins, last))


def _last_days(ends: Iterable[KeptEnd]) -> Mapping[str | None, date]:
    last: dict[str | None, date] = {}
    for end in ends:
        last[end.code] = min(end.last_day, last.get(end.code, end.last_day))
    return last
