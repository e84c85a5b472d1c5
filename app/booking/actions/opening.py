"""Open the estimate of every cosmetic service that is booked soon, so that somebody prices it and has it signed."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from app.audit.actions import record
from app.booking import store
from app.booking.actions.paying import Blank, beside
from app.booking.facts.papers import MOST_LINES, Paper, PaperKind, PaperState
from app.booking.rules.opening import cosmetic_codes, is_moot, services_without_estimate
from app.platform.caller import Caller
from app.platform.db import writing
from app.policies.actions.library import current_book
from app.policies.facts.book import Book
from app.practice.store.practice import practice_of
from app.schedule import store as schedule_store

AHEAD = timedelta(days=60)
PIECE = 200


def open_estimates(caller: Caller) -> int:
    """Open an estimate without prices for each booked visit of the next sixty days with a cosmetic service without one.

    One that the program opened, that nobody priced and whose services are cosmetic no more, is withdrawn. Works from
    what is on file: run twice, late or after a crash it ends the same.
    Returns   how many were opened or withdrawn.
    """
    session, practice_id = caller.session, caller.practice_id
    book = current_book(session, practice_id)
    today = caller.clock.today(ZoneInfo(practice_of(session, practice_id).zone))
    codes, after, done = cosmetic_codes(book.grid_file), None, 0
    while True:
        ids = store.visits_with(session, practice_id, (today, today + AHEAD), codes, after, PIECE)
        if ids:
            done += _look(caller, book, ids)
        if len(ids) < PIECE:
            return done
        after = ids[-1]


def _look(caller: Caller, book: Book, visit_ids: Sequence[UUID]) -> int:
    """Look at some visits in one transaction, which holds those that something is done for."""
    if not _due(caller, book, visit_ids):
        return 0
    with writing(caller.session) as session:
        found = schedule_store.visits_by_ids(session, caller.practice_id, visit_ids)
        schedule_store.records(session, caller.practice_id, [one.reference for one in found.values()])
        due = _due(caller, book, visit_ids)
        for paper, fresh in due:
            (store.add if fresh else store.change)(session, caller.practice_id, paper)
        if due:
            record(caller, "booking.opened", [paper.visit_id for paper, _fresh in due], papers=len(due))
    return len(due)


def _due(caller: Caller, book: Book, visit_ids: Sequence[UUID]) -> list[tuple[Paper, bool]]:
    """What is to be written for some visits: each paper, and whether it is a new one."""
    session, practice_id = caller.session, caller.practice_id
    visits = schedule_store.visits_by_ids(session, practice_id, visit_ids)
    papers = store.of_visits(session, practice_id, list(visits))
    blank = Blank.of(caller, book)
    due: list[tuple[Paper, bool]] = []
    for one in beside(caller, list(visits.values())):
        visit, mine = one.visit, papers.get(one.visit.id, ())
        services = services_without_estimate(book, visit, mine, one.payer.documented)
        if services:
            due.append((blank.paper(visit, PaperKind.CONSENT, services[:MOST_LINES]), True))
        moot = [each for each in mine if is_moot(book, visit, each, one.payer)]
        due += [(replace(each, state=PaperState.WITHDRAWN, changed_at=caller.clock.now()), False) for each in moot]
    return due
