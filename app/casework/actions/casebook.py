"""Read a page of the list of cases: a fixed number of queries, however many cases there are."""

from collections.abc import Iterable, Sequence
from datetime import date
from zoneinfo import ZoneInfo

from app.authorizations import store as authorization_store
from app.authorizations.facts import AuthorizationRecord
from app.casework.facts.casebook import (
    MOST_COUNTED,
    PAGE_SIZE,
    Casebook,
    CaseLine,
    CaseQuery,
    Listed,
    Place,
    Queue,
    View,
    Which,
)
from app.casework.rules.views import selection
from app.casework.store import casebook as store
from app.casework.store.marks import MARKS
from app.clearance.actions.opening import saw
from app.patients import store as patient_store
from app.platform.caller import Caller
from app.policies.actions.library import current_book
from app.policies.store import payers as payer_store
from app.practice.facts.staff import Permission, Staff
from app.practice.rules.roles import permissions_of
from app.practice.store import practice as practice_store
from app.practice.store import staff as staff_store
from app.schedule import store as schedule_store
from app.schedule.facts import Visit, VisitStatus

MOST_PAYERS = 60
"""Payers in the filter at most; each is one look-up in an index."""


def read_casebook(caller: Caller, query: CaseQuery) -> Casebook:
    """Read the page that a query asks for, with the counts of all views, and note whom it shows."""
    session, practice_id, scope = caller.session, caller.practice_id, caller.scope
    today = practice_today(caller)
    which = selection(query, caller.user_id, today)
    rows, following, previous = _page(caller, query, which)
    lines = open_lines(caller, rows, today)
    views = {one.value: selection(CaseQuery(one), caller.user_id, today) for one in View}
    counts = store.capped(session, practice_id, views, MOST_COUNTED, scope)
    book = Casebook(
        query=query,
        today=today,
        lines=lines,
        counts={one: counts.get(one.value, 0) for one in View},
        next=following,
        previous=previous,
        people=owners(caller),
        payers=_payers(caller, which),
        marked=MARKS.count(session, practice_id) > 0,
        any_case=bool(counts.get(View.ALL.value)),
    )
    saw(caller, "casework.cases_seen", [one for line in lines for one in (line.record.patient_id, line.record.id)])
    return book


def practice_today(caller: Caller) -> date:
    """The day that it is in the practice's zone."""
    practice = practice_store.practice_of(caller.session, caller.practice_id)
    return caller.clock.today(ZoneInfo(practice.zone))


def owners(caller: Caller) -> tuple[Staff, ...]:
    """List the people to whom a case may be given, by name: who signs in and works on cases."""
    people = staff_store.staff_of(caller.session, caller.practice_id)
    able = [one for one in people if one.active and Permission.WORK in permissions_of(one.roles)]
    return tuple(sorted(able, key=lambda one: one.name.casefold()))


def open_lines(caller: Caller, rows: Sequence[Listed], today: date) -> tuple[CaseLine, ...]:
    """Open some rows of one queue, in their order; a case that is gone meanwhile is left out."""
    session, practice_id = caller.session, caller.practice_id
    ids, patient_ids = [one.case_id for one in rows], [one.patient_id for one in rows]
    records = authorization_store.records_by_ids(session, practice_id, ids)
    people = patient_store.opened(session, practice_id, patient_ids)
    queues = store.queues_of(session, practice_id, ids)
    snoozed = store.snoozes(session, practice_id, ids)
    visits = schedule_store.of_patients(session, practice_id, patient_ids, caller.scope)
    return tuple(
        CaseLine(
            record=records[one.case_id],
            patient=people.get(one.patient_id),
            queue=one.queue,
            due_on=one.due_on,
            queues=queues.get(one.case_id, frozenset()),
            owner_id=one.owner_id,
            snoozed_until=snoozed.get(one.case_id),
            next_visit=_next_visit(records[one.case_id], visits.get(one.patient_id, ()), today),
        )
        for one in rows
        if one.case_id in records
    )


def _page(caller: Caller, query: CaseQuery, which: Which) -> tuple[tuple[Listed, ...], Place | None, Place | None]:
    """The rows of a page, the place after which more follow, and the one before which there are more."""
    limit = PAGE_SIZE + 1
    found = store.page(caller.session, caller.practice_id, which, limit, query.after, query.before, caller.scope)
    more = len(found) == limit
    if query.before is not None:
        rows = found[-PAGE_SIZE:]
        return rows, _place(rows[-1:]), _place(rows[:1]) if more else None
    rows = found[:PAGE_SIZE]
    return rows, _place(rows[-1:]) if more else None, _place(rows[:1]) if query.after is not None else None


def _place(rows: Sequence[Listed]) -> Place | None:
    return Place(rows[0].due_on, rows[0].case_id) if rows else None


def _payers(caller: Caller, which: Which) -> tuple[tuple[str, str], ...]:
    session, practice_id = caller.session, caller.practice_id
    keys = store.payers(session, practice_id, Queue.ALL, MOST_PAYERS)
    library, own = current_book(session, practice_id).payers, payer_store.payers(session, practice_id)
    names = {key: library[key].name if key in library else own.get(key, "") for key in (*keys, which.payer) if key}
    called = [(key, name or key.removeprefix("local:").replace("-", " ")) for key, name in names.items()]
    return tuple(sorted(called, key=lambda pair: pair[1].casefold()))


def _next_visit(record: AuthorizationRecord, visits: Iterable[Visit], today: date) -> date | None:
    days = (one.day for one in visits if one.status is VisitStatus.BOOKED and one.day >= today and _names(record, one))
    return min(days, default=None)


def _names(record: AuthorizationRecord, visit: Visit) -> bool:
    for line in visit.lines:
        if line.code is not None and any(item.names(line.code) for item in record.items):
            return True
        if line.code is not None and any(one.code == line.code for one in record.requested):
            return True
        if record.drug is not None and line.drug == record.drug:
            return True
    return False
