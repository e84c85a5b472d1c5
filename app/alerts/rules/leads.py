"""How long before an approval turns its payer wants to be asked for a renewal."""

from datetime import date, timedelta

from app.alerts.rules.approvals import Lead
from app.alerts.rules.booked import Book as PatientBook
from app.authorizations.facts import Authorization
from app.deadlines.facts import Basis, BasisKind
from app.policies.facts.answers import Confidence
from app.policies.facts.book import Book, CompiledRule
from app.values.spans import days_before

_ANY_DAY = date(2026, 6, 30)


def lead_of(row: Authorization, patient: PatientBook, book: Book) -> Lead:
    """Find the payer's lead time for one approval.

    Takes     the approval; its patient's book, whose lines name the rules that asked for it; the payers' rules.
    Returns   the longest lead of the rules in force that speak of it (asked too early is told in time), with its
              basis; None: no rule says one.
    """
    found = [rule for rule in _rules(row, patient, book) if rule.begins <= patient.day <= rule.ends]
    stated = [(rule.extras.renew_before, rule) for rule in found]
    leads = [(lead, rule) for lead, rule in stated if lead is not None]
    if not leads:
        return None
    lead, rule = max(leads, key=lambda one: (_ANY_DAY - days_before(_ANY_DAY, one[0])) // timedelta(days=1))
    seen = Confidence.MEMORY if rule.memory else Confidence.SEEN
    return lead, Basis(BasisKind.PAYER, rule.ref, "", seen, rule.cite.title if rule.cite is not None else None)


def _rules(row: Authorization, patient: PatientBook, book: Book) -> list[CompiledRule]:
    names = [code for item in row.items for code in item.codes]
    found = [rule for code in names for rule in book.by_code.get((row.payer, code), ())]
    found += book.by_drug.get((row.payer, row.drug), ()) if row.drug is not None else ()
    asked = {
        one.requirement.rule
        for one in patient.lines
        if one.requirement is not None and one.chosen is not None and one.chosen.id == row.id
    }
    return found + [book.rules[ref] for ref in asked if ref is not None and ref in book.rules]
