"""Which routine services are offered, where the library asks approval for them, and who has been asked already."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date

from app.policies.facts.answers import PracticeRule
from app.policies.facts.book import Book, CompiledRule
from app.policies.facts.desk import OfferedGroup, Strict
from app.policies.rules.routine import never_offered
from app.values.spans import DateSpan

_ASKS = frozenset({"required", "required_when", "step_edit"})
_WIDE = frozenset({"line", "channel", "code"})
"""Bounds that do not narrow a rule to some visits of a plan."""


def offered_groups(book: Book) -> tuple[OfferedGroup, ...]:
    """The groups of routine services with their codes, none of which is one that is never offered."""
    routine = book.routine
    if routine is None:
        return ()
    return tuple(
        OfferedGroup(group.id, group.label, tuple(code for code in group.codes if not never_offered(routine, code)))
        for group in routine.groups
    )


def strict_rules(book: Book, payers: Mapping[str, str], codes: Iterable[str], span: DateSpan) -> tuple[Strict, ...]:
    """Where the library asks approval for offered codes.

    Takes     the book; names of payers by key; codes; the days for which the codes are to be confirmed.
    Returns   one entry a payer and code, by payer and code; `in_some_cases` when no rule asks it of every visit.
    """
    wanted = sorted(codes)
    return tuple(
        Strict(payer, name, code, all(_narrow(rule) for rule in rules))
        for payer, name in payers.items()
        for code in wanted
        if (rules := list(_asking(book, payer, code, span)))
    )


def always_asked(book: Book, payer: str, codes: Iterable[str], span: DateSpan) -> frozenset[str]:
    """The codes for which a payer's library rule asks approval of every visit: no confirmation names them."""
    found = strict_rules(book, {payer: payer}, codes, span)
    return frozenset(one.code for one in found if not one.in_some_cases)


def routine_until(rules: Iterable[PracticeRule], today: date) -> dict[str, date]:
    """Until when routine services are confirmed, by payer: the last day of those that hold today."""
    until: dict[str, date] = {}
    for rule in rules:
        if rule.routine and today in rule.span and rule.span.ends is not None:
            until[rule.payer] = max(rule.span.ends, until.get(rule.payer, rule.span.ends))
    return until


def _asking(book: Book, payer: str, code: str, span: DateSpan) -> Iterator[CompiledRule]:
    for rule in book.by_code.get((payer, code), ()):
        if rule.approval in _ASKS and not rule.placeless and span.overlaps(DateSpan(rule.begins, rule.ends)):
            yield rule


def _narrow(rule: CompiledRule) -> bool:
    return rule.approval != "required" or any(name not in _WIDE for name, _test in rule.tests)
