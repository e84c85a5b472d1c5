"""How fresh is what we know of each payer: when it was read or verified, and which rules are to be verified."""

from collections.abc import Collection, Iterable
from datetime import date

from app.policies.facts.book import Book, CompiledRule
from app.policies.facts.desk import Freshness, ToVerify
from app.policies.facts.freshness import VerifiedDays
from app.policies.facts.levels import Level, Stand, Unverified

VERIFY_DAYS = 90
"""A rule verified longer ago is to be verified before anybody relies on it."""
ASK_DAYS = 180
"""A rule verified longer ago is asked of the payer before anybody relies on it."""
_LEVELS = tuple(Level)


def payer_of(rule: CompiledRule) -> str:
    """The key of the payer whose rule it is."""
    return rule.ref.partition("/")[0]


def holds_on(rule: CompiledRule, day: date) -> bool:
    """Say whether a rule is in force on a day."""
    return rule.begins <= day <= rule.ends


def level_of(verified_on: date | None, today: date) -> Level:
    """What an age asks for: over 90 days a look at the source, over 180 days, or no known day, the payer's word."""
    if verified_on is None:
        return Level.ASK
    days = (today - verified_on).days
    return Level.ASK if days > ASK_DAYS else Level.SOON if days > VERIFY_DAYS else Level.FRESH


def stand_of_rule(rule: CompiledRule, today: date, verified: VerifiedDays) -> Stand:
    """How fresh a rule is.

    Takes     the rule; the day; the days on which people verified rules (another content than the rule's is no
              verification of it; one that lies ahead counts as today's).
    Returns   its level by the later of the two days. A rule from memory has no day until a person verified it.
    """
    read = rule.cite.read_on if rule.cite is not None and not rule.memory else None
    by_person = verified.get((rule.ref, rule.content))
    day = max((one for one in (read, by_person) if one is not None), default=None)
    level = level_of(day, today)
    why = None
    if day is None:
        why = Unverified.MEMORY if rule.memory or rule.cite is None else Unverified.UNDATED
    elif level is not Level.FRESH:
        why = Unverified.OLD
    return Stand(level, day, why, by_person is not None and day == by_person)


def most_urgent(rules: Iterable[CompiledRule], today: date, verified: VerifiedDays) -> list[tuple[CompiledRule, Stand]]:
    """Some rules with how fresh they are, the most urgent first, then the longest unverified."""
    found = [(rule, stand_of_rule(rule, today, verified)) for rule in rules]
    return sorted(found, key=lambda one: (_LEVELS.index(one[1].level), one[1].day or date.min, one[0].ref))


def to_verify(book: Book, payers: Collection[str], today: date, verified: VerifiedDays) -> tuple[ToVerify, ...]:
    """The rules in force of some payers that are to be verified, by payer, the longest unverified first."""
    rules = (rule for rule in book.rules.values() if payer_of(rule) in payers and holds_on(rule, today))
    found = []
    for rule in rules:
        stand = stand_of_rule(rule, today, verified)
        if stand.why is not None:
            key = payer_of(rule)
            name, summary = book.payers[key].name, rule.plain.summary
            found.append(ToVerify(rule.ref, key, name, summary, stand.why, stand.day, stand.level))
    return tuple(sorted(found, key=lambda one: (one.payer_name.casefold(), one.read_on or date.min, one.ref)))


def freshness(book: Book, today: date, verified: VerifiedDays) -> dict[str, Freshness]:
    """How fresh the rules in force of each payer of the library are, by its key."""
    by_payer: dict[str, list[CompiledRule]] = {key: [] for key in book.payers}
    for rule in book.rules.values():
        if holds_on(rule, today):
            by_payer[payer_of(rule)].append(rule)
    return {key: _of(rules, today, verified) for key, rules in by_payer.items()}


def _of(rules: Collection[CompiledRule], today: date, verified: VerifiedDays) -> Freshness:
    stands = [stand_of_rule(rule, today, verified) for rule in rules]
    days = [stand.day for stand in stands if stand.day is not None]
    why = [stand.why for stand in stands]
    levels = [stand.level for stand in stands]
    return Freshness(
        rules=len(stands),
        oldest=min(days, default=None),
        newest=max(days, default=None),
        memory=why.count(Unverified.MEMORY),
        old=why.count(Unverified.OLD) + why.count(Unverified.UNDATED),
        soon=levels.count(Level.SOON),
        ask=levels.count(Level.ASK),
    )
