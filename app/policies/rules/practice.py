"""A practice's rules, indexed for whoever asks about many lines."""

from collections.abc import Iterable, Sequence
from typing import Any

from app.policies.facts.answers import PracticeRule


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
