"""Until when a denial can be appealed, where nobody recorded the letter's own day: by the law or the payer's rule."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta

from app.alerts.rules.booked import Book as PatientBook
from app.alerts.rules.requests import question_of
from app.alerts.rules.services import same_service
from app.authorizations.facts import UNSENT, Authorization, Status
from app.clearance.rules.candidates import KINDS
from app.coverage.facts import Coverage
from app.deadlines.facts import About, AppealLevel, Case, Receipt
from app.deadlines.rules.legal import appeal_by, appeal_window
from app.policies.facts.book import Book

LONGEST = timedelta(days=366)
"""No window of an appeal that we know is longer; an older denial is looked at no more."""
_OVER = UNSENT | {Status.DENIED, Status.WITHDRAWN, Status.DISMISSED, Status.VOIDED, Status.CLOSED}


def is_recent_denial(row: Authorization, today: date) -> bool:
    """Say whether a row is a denial whose day is known and not so long ago that no appeal can be open."""
    known = row.status is Status.DENIED and row.kind in KINDS and row.decided_on is not None
    return known and row.decided_on is not None and today - row.decided_on <= LONGEST


def may_appeal(row: Authorization, patient: PatientBook) -> bool:
    """Say whether a denial may still be appealed: its day is known and not long ago, and nobody went another way.

    Whoever asked anew for the same service since (asked, approved, in appeal) needs no appeal of the old denial.
    """
    if row.decided_on is None or not is_recent_denial(row, patient.day):
        return False
    return not any(_since(one, row.decided_on) and same_service(one, row) for one in patient.authorizations)


def _since(one: Authorization, day: date) -> bool:
    """Say whether another request was sent, or decided where the sending is not known, since a day."""
    known = one.requested_on or one.decided_on
    return one.status not in _OVER and known is not None and known >= day


def with_window(
    row: Authorization,
    about: About,
    case: Case,
    patient: PatientBook,
    coverages: Sequence[Coverage],
    book: Book,
    state: str | None,
    *,
    urgent: bool,
) -> Case:
    """Add the first level of appeal to what was recorded of a denial, where a rule surely gives it a window.

    Takes     the denial; whose it is; what was recorded of it; its patient's book and coverages; the payers' rules and
              clocks; the state of its site; whether the log calls it urgent.
    Returns   the case as it is where a person recorded any level, or where no rule is known: the letter names the day.
              The window counts from the day of the decision, which is the earliest that the notice can bear.
    """
    if case.appeals or row.decided_on is None or not may_appeal(row, patient):
        return case
    denial = Receipt(row.decided_on, urgent=case.receipt.urgent if case.receipt is not None else urgent)
    window = appeal_window(question_of(row, about, denial, patient, coverages, book, state), 1, book.clocks)
    last = appeal_by(row.decided_on, window) if window is not None else None
    if window is None or last is None:
        return case
    return replace(case, appeals=(AppealLevel(row.id, 1, row.decided_on, last),), appeals_basis=window.basis)
