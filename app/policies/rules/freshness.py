"""How fresh is what we know of each payer: when its sources were read, and which rules are to be verified."""

from collections.abc import Collection, Iterable
from datetime import date

from app.policies.facts.book import Book, CompiledRule
from app.policies.facts.desk import Freshness, ToVerify, Unverified

VERIFY_DAYS = 90
"""A source read longer ago is to be verified before anybody relies on it."""


def payer_of(rule: CompiledRule) -> str:
    """The key of the payer whose rule it is."""
    return rule.ref.partition("/")[0]


def holds_on(rule: CompiledRule, day: date) -> bool:
    """Say whether a rule is in force on a day."""
    return rule.begins <= day <= rule.ends


def unverified(rule: CompiledRule, today: date) -> Unverified | None:
    """Why a rule is to be verified: from memory, read on no known day, or read over 90 days ago. None: it is not."""
    if rule.memory or rule.cite is None:
        return Unverified.MEMORY
    if rule.cite.read_on is None:
        return Unverified.UNDATED
    return Unverified.OLD if (today - rule.cite.read_on).days > VERIFY_DAYS else None


def to_verify(book: Book, payers: Collection[str], today: date) -> tuple[ToVerify, ...]:
    """The rules in force of some payers that are to be verified, by payer, the longest unread first."""
    found = [
        ToVerify(rule.ref, payer_of(rule), book.payers[payer_of(rule)].name, rule.plain.summary, why, _read(rule))
        for rule in book.rules.values()
        if payer_of(rule) in payers and holds_on(rule, today) and (why := unverified(rule, today)) is not None
    ]
    return tuple(sorted(found, key=lambda one: (one.payer_name.casefold(), one.read_on or date.min, one.ref)))


def freshness(book: Book, today: date) -> dict[str, Freshness]:
    """How fresh the rules in force of each payer of the library are, by its key."""
    by_payer: dict[str, list[CompiledRule]] = {key: [] for key in book.payers}
    for rule in book.rules.values():
        if holds_on(rule, today):
            by_payer[payer_of(rule)].append(rule)
    return {key: _of(rules, today) for key, rules in by_payer.items()}


def _of(rules: Iterable[CompiledRule], today: date) -> Freshness:
    rules = list(rules)
    days = [rule.cite.read_on for rule in rules if rule.cite is not None and rule.cite.read_on is not None]
    reasons = [unverified(rule, today) for rule in rules]
    return Freshness(
        rules=len(rules),
        oldest=min(days, default=None),
        newest=max(days, default=None),
        memory=reasons.count(Unverified.MEMORY),
        old=reasons.count(Unverified.OLD) + reasons.count(Unverified.UNDATED),
    )


def _read(rule: CompiledRule) -> date | None:
    return rule.cite.read_on if rule.cite is not None else None
