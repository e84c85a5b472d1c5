"""How long before an approval turns its payer wants to be asked for a renewal."""

from collections.abc import Hashable, Iterable
from datetime import date, timedelta

from app.alerts.rules.approvals import Lead
from app.alerts.rules.booked import Book as PatientBook
from app.authorizations.facts import Authorization
from app.deadlines.facts import Basis, BasisKind
from app.policies.facts.answers import Confidence
from app.policies.facts.book import Book, CompiledRule
from app.values.spans import days_before

_ANY_DAY = date(2026, 6, 30)


Leads = dict[Hashable, Lead]
"""Leads that were found, by all that they follow from: few approvals of a practice differ in it."""


def lead_of(row: Authorization, patient: PatientBook, book: Book, found: Leads) -> Lead:
    """Find the payer's lead time for one approval.

    Takes     the approval; its patient's book, whose lines name the rules that asked for it; the payers' rules; what
              was found before, to which the answer is added.
    Returns   the longest lead of the rules in force that speak of it (asked too early is told in time), with its
              basis; None: no rule says one.
    """
    asked = frozenset(
        one.requirement.rule
        for one in patient.held_against(row)
        if one.requirement is not None and one.requirement.rule is not None
    )
    key = (row.payer, row.items, row.drug, asked, patient.day)
    if key not in found:
        rules = _rules(row, asked, book)
        found[key] = _longest(rule for rule in rules if rule.begins <= patient.day <= rule.ends)
    return found[key]


def _longest(rules: Iterable[CompiledRule]) -> Lead:
    stated = [(rule.extras.renew_before, rule) for rule in rules]
    leads = [(lead, rule) for lead, rule in stated if lead is not None]
    if not leads:
        return None
    lead, rule = max(leads, key=lambda one: (_ANY_DAY - days_before(_ANY_DAY, one[0])) // timedelta(days=1))
    seen = Confidence.MEMORY if rule.memory else Confidence.SEEN
    return lead, Basis(BasisKind.PAYER, rule.ref, "", seen, rule.cite.title if rule.cite is not None else None)


def _rules(row: Authorization, asked: frozenset[str], book: Book) -> list[CompiledRule]:
    names = [code for item in row.items for code in item.codes]
    found = [rule for code in names for rule in book.by_code.get((row.payer, code), ())]
    found += book.by_drug.get((row.payer, row.drug), ()) if row.drug is not None else ()
    return found + [book.rules[ref] for ref in sorted(asked) if ref in book.rules]
