"""How long before an approval turns its payer wants to be asked for a renewal, found once for approvals alike."""

from collections.abc import Hashable

from app.alerts.rules.approvals import Lead
from app.alerts.rules.booked import Book as PatientBook
from app.authorizations.facts import Authorization
from app.clearance.rules.leads import stated_lead
from app.policies.facts.book import Book

Leads = dict[Hashable, Lead]
"""Leads that were found, by all that they follow from: few approvals of a practice differ in it."""


def lead_of(row: Authorization, patient: PatientBook, book: Book, found: Leads) -> Lead:
    """Find the payer's lead time for one approval.

    Takes     the approval; its patient's book, whose lines name the rules that asked for it; the payers' rules; what
              was found before, to which the answer is added.
    Returns   as `stated_lead`.
    """
    asked = frozenset(
        one.requirement.rule
        for one in patient.held_against(row)
        if one.requirement is not None and one.requirement.rule is not None
    )
    key = (row.payer, row.items, row.drug, asked, patient.day)
    if key not in found:
        found[key] = stated_lead(row, asked, book, patient.day)
    return found[key]
