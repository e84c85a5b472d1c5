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
    """The codes for which a payer's library rule asks approval of every visit."""
    found = strict_rules(book, {payer: payer}, codes, span)
    return frozenset(one.code for one in found if not one.in_some_cases)


def left_out(book: Book, payer: str, codes: Iterable[str], span: DateSpan) -> frozenset[str]:
    """The codes that no confirmation of routine services names: approval is asked always, or anything from memory.

    A rule from memory gives way to a practice rule (contract `verdict.md`), so one step for a hundred codes must not
    name its codes; a rule that was read stands by itself where it holds.
    """
    asked = always_asked(book, payer, codes, span)
    named = {code: _in_span(book, payer, code, span) for code in codes}
    return asked | {code for code, rules in named.items() if any(_asks_from_memory(rule) for rule in rules)}


def routine_until(rules: Iterable[PracticeRule], today: date) -> dict[str, date]:
    """Until when routine services are confirmed, by payer: the last day of those that hold today."""
    until: dict[str, date] = {}
    for rule in rules:
        if rule.routine and today in rule.span and rule.span.ends is not None:
            until[rule.payer] = max(rule.span.ends, until.get(rule.payer, rule.span.ends))
    return until


def _in_span(book: Book, payer: str, code: str, span: DateSpan) -> Iterator[CompiledRule]:
    for rule in book.by_code.get((payer, code), ()):
        if not rule.placeless and span.overlaps(DateSpan(rule.begins, rule.ends)):
            yield rule


def _asking(book: Book, payer: str, code: str, span: DateSpan) -> Iterator[CompiledRule]:
    return (rule for rule in _in_span(book, payer, code, span) if rule.approval in _ASKS)


def _asks_from_memory(rule: CompiledRule) -> bool:
    """Say whether a rule from memory asks approval, or says that the service is not covered."""
    return rule.memory and (rule.approval in _ASKS or rule.approval == "not_applicable")


def _narrow(rule: CompiledRule) -> bool:
    return rule.approval != "required" or any(name not in _WIDE for name, _test in rule.tests)
