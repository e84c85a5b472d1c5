"""All deadlines of one patient, from what is on file of the patient and of the cases."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime

from app.alerts.rules.appeals import may_appeal
from app.alerts.rules.approvals import Lead, approval_facts, is_live, visits_held
from app.alerts.rules.booked import Book
from app.alerts.rules.exceptions import exception_facts, is_exception
from app.alerts.rules.requests import Answer
from app.authorizations.facts import UNSENT, Authorization, Kind, Status
from app.clearance.facts.verdicts import LineVerdict
from app.clearance.rules.candidates import GRANTED, KINDS
from app.deadlines.facts import AT_ONCE, About, Case, Deadline, Information
from app.deadlines.rules.calendar import start_of_day, zone_of
from app.deadlines.rules.ends import approval_ends, renewal_due
from app.deadlines.rules.events import approved, denied
from app.deadlines.rules.owed import appeal_window, information_owed, peer_to_peer
from app.deadlines.rules.retro import retro_due
from app.deadlines.rules.units import units_low
from app.schedule.facts import VisitStatus

ASKED_OF_US = frozenset({Status.SUBMITTED, Status.MORE_INFO, Status.IN_APPEAL})
"""Where the payer may wait for information."""
REFUSED = frozenset({Status.DENIED, Status.PARTLY_APPROVED, Status.IN_APPEAL, Status.DISMISSED})
"""Where an appeal may be filed."""
TALKED_OVER = ASKED_OF_US | REFUSED
"""Where physicians may talk it over."""


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of one authorization beside itself: its case, when we learned of its status, its lead time.

    `window`: for how long after the service its payer takes requests, where its rule says so.
    """

    case: Case
    about: About
    learned_at: datetime | None = None
    lead: Lead = None
    window: Lead = None


def deadlines_of(
    row: Authorization, known: Known, book: Book, answer: Answer | None, now: datetime
) -> Iterator[Deadline]:
    """Give the deadlines of one authorization.

    Takes     the authorization; what is known of it beside; its patient's book; what the payer owes, None where it owes
              nothing; the time (UTC).
    """
    found = (
        *(_of_approval(row, known, book, now) if is_live(row, book) else ()),
        approval_ends(exception_facts(row, known.about, book), now) if is_exception(row, book) else None,
        _information(row, known, answer),
        answer.deadline if answer is not None else None,
        peer_to_peer(known.about, known.case.peers, now) if row.status in TALKED_OVER else None,
        appeal_window(known.about, known.case.appeals, now, known.case.appeals_basis)
        if row.status in REFUSED
        else None,
        _news(row, known, book, now),
        retro_due(known.about, row.begins, known.window, now) if is_unasked(row) and row.begins is not None else None,
    )
    return (one for one in found if one is not None)


def may_have(row: Authorization, case: Case | None, book: Book, *, news: bool) -> bool:
    """Say whether an authorization may have a deadline at all; most of an old log cannot.

    Takes     the authorization; what was recorded of it, if anything; its patient's book; whether something happened
              to it lately.
    """
    if news or row.status in ASKED_OF_US or is_unasked(row):
        return True
    recorded = case is not None and bool(case.peers or case.appeals) and row.status in REFUSED
    return recorded or may_appeal(row, book) or is_live(row, book) or is_exception(row, book)


def is_unasked(row: Authorization) -> bool:
    """Say whether it is a request for a service that was performed, which the payer has not got yet."""
    return row.kind is Kind.RETRO and row.status in UNSENT


def _of_approval(row: Authorization, known: Known, book: Book, now: datetime) -> Iterator[Deadline | None]:
    facts = approval_facts(row, known.about, book, known.lead)
    yield approval_ends(facts, now)
    yield renewal_due(facts, now)
    yield units_low(facts, now)


def _information(row: Authorization, known: Known, answer: Answer | None) -> Deadline | None:
    if row.status not in ASKED_OF_US:
        return None
    asked = known.case.information if answer is None else answer.information
    if row.status is Status.MORE_INFO and not asked:
        # The log says that the payer asked for more, and nobody recorded what, or until when.
        asked = (Information(row.id, known.learned_at or _day_of(row, known.about)),)
    return information_owed(known.about, asked)


def _day_of(row: Authorization, about: About) -> datetime:
    day = row.decided_on or row.requested_on
    return AT_ONCE if day is None else start_of_day(day, zone_of(about.zone))


def _news(row: Authorization, known: Known, book: Book, now: datetime) -> Deadline | None:
    if known.learned_at is None or row.kind not in KINDS:
        return None
    if row.status is Status.DENIED:
        windows = [one.window_ends for one in known.case.appeals if one.filed_on is None]
        told = denied(known.about, known.learned_at, min(windows, default=None), now)
        return None if told is None else replace(told, counts=_wanting(row, book))
    if row.status in GRANTED:
        return approved(known.about, known.learned_at, row.ends, visits_held(row, book), now)
    return None


def _wanting(row: Authorization, book: Book) -> dict[str, int]:
    """The booked visits from today on that were held against a refused request, and the day of the first."""
    days = {one.visit.id: one.visit.day for one in book.lines if _waits(row, one, book)}
    first = min(days.values(), default=None)
    return {"visits_after": len(days)} | ({} if first is None else {"next_visit": first.toordinal()})


def _waits(row: Authorization, one: LineVerdict, book: Book) -> bool:
    chosen, visit = one.chosen, one.visit
    booked = visit.status is VisitStatus.BOOKED and visit.day >= book.today(visit.site_id)
    return booked and chosen is not None and chosen.id == row.id
