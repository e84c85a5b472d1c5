"""How long before an approval turns its payer wants to be asked for a renewal, as the rules say it."""

from collections.abc import Iterable
from datetime import date, timedelta

from app.authorizations.facts import Authorization
from app.deadlines.facts import Basis, BasisKind
from app.policies.facts.answers import Confidence
from app.policies.facts.book import Book, CompiledRule
from app.values.spans import Duration, days_before

_ANY_DAY = date(2026, 6, 30)


def stated_lead(row: Authorization, asked: frozenset[str], book: Book, day: date) -> tuple[Duration, Basis] | None:
    """Find the lead time that the payer's rules state for one approval.

    Takes     the approval; the rules that asked for it, by reference; the payers' rules; the day.
    Returns   the longest lead of the rules in force that speak of it (asked too early is told in time), with its
              basis; None: no rule says one.
    """
    return _longest(rule for rule in _rules(row, asked, book) if rule.begins <= day <= rule.ends)


def stated_window(row: Authorization, book: Book, day: date) -> tuple[Duration, Basis] | None:
    """Find how long after the service the payer takes a request or a notice for what an authorization names.

    Takes     the authorization; the payers' rules; the day of the service.
    Returns   the shortest of the rules in force that speak of it, so that nothing is asked too late, with its basis;
              None: no rule says one.
    """
    rules = [rule for rule in _rules(row, frozenset(), book) if rule.begins <= day <= rule.ends]
    stated = [(window, rule) for rule in rules if (window := rule.extras.retro_within) is not None]
    if not stated:
        return None
    window, rule = min(stated, key=lambda one: _ANY_DAY - days_before(_ANY_DAY, one[0]))
    return window, _basis(rule)


def _longest(rules: Iterable[CompiledRule]) -> tuple[Duration, Basis] | None:
    stated = [(rule.extras.renew_before, rule) for rule in rules]
    leads = [(lead, rule) for lead, rule in stated if lead is not None]
    if not leads:
        return None
    lead, rule = max(leads, key=lambda one: (_ANY_DAY - days_before(_ANY_DAY, one[0])) // timedelta(days=1))
    return lead, _basis(rule)


def _basis(rule: CompiledRule) -> Basis:
    seen = Confidence.MEMORY if rule.memory else Confidence.SEEN
    return Basis(BasisKind.PAYER, rule.ref, "", seen, rule.cite.title if rule.cite is not None else None)


def _rules(row: Authorization, asked: frozenset[str], book: Book) -> list[CompiledRule]:
    names = [code for item in row.items for code in item.codes]
    found = [rule for code in names for rule in book.by_code.get((row.payer, code), ())]
    found += book.by_drug.get((row.payer, row.drug), ()) if row.drug is not None else ()
    return found + [book.rules[ref] for ref in sorted(asked) if ref in book.rules]
