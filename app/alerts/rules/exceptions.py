"""Referrals and exceptions end too: they cover visits beside an approval, and nothing is counted on them."""

from datetime import date

from app.alerts.rules.booked import Book
from app.alerts.rules.services import covers, is_later, names
from app.authorizations.facts import Authorization
from app.clearance.rules.candidates import GRANTED, KINDS
from app.deadlines.facts import About, Approval


def is_exception(row: Authorization, book: Book) -> bool:
    """Say whether a row is a granted referral or exception whose end can still matter."""
    if row.status not in GRANTED or row.kind in KINDS or row.ends is None or row.no_end:
        return False
    return row.ends >= book.day or bool(book.ahead)


def exception_facts(row: Authorization, about: About, book: Book) -> Approval:
    """Put together what the clock of a referral's or an exception's end needs.

    Visits after it are those booked for what it names that no later one of its kind has reached; care under it goes on
    where it is for a drug, else where such visits are booked.
    """
    later = [one for one in book.authorizations if _goes_on(one, row)]
    days = {
        one.visit.id: one.visit.day
        for one in book.ahead
        if row.ends is not None
        and one.visit.day > row.ends
        and names(row, one.line)
        and not _reached(later, one.visit.day)
    }
    return Approval(
        about=about,
        ends=row.ends,
        visits_after=len(days),
        last_after=max(days.values(), default=None),
        series=row.drug is not None or row.ndc is not None,
        continued=bool(later),
    )


def _goes_on(one: Authorization, row: Authorization) -> bool:
    return one.kind is row.kind and one.status in GRANTED and is_later(one, row) and covers(one, row)


def _reached(later: list[Authorization], day: date) -> bool:
    return any(one.begins is None or one.begins <= day for one in later)
