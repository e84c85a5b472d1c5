"""Ask a new plan to let an approved course go on, and record that it will."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from app.audit.actions import record
from app.authorizations import store as authorization_store
from app.authorizations.actions import KnownNumberError, add_authorization, move
from app.authorizations.facts import UNSENT, AuthorizationRecord, Kind, Status
from app.authorizations.rules.follow import following
from app.authorizations.rules.moves import GRANTED, IllegalMoveError
from app.casework.actions.approvals import of_coverage
from app.casework.actions.entries import add_entry
from app.casework.actions.steering import assign, set_next
from app.casework.facts.entries import Contact, Entry, EntryKind, Outcome
from app.clearance.rules.coverages import coverage_of_day
from app.coverage.facts import CoverageRecord
from app.coverage.store import coverages as coverage_store
from app.deadlines import store as clock_store
from app.deadlines.rules.calendar import add_business_days
from app.eligibility.actions.sentinel import practice_today
from app.eligibility.facts.sentinel import Confirmation, PlanChange, VoidApproval
from app.eligibility.rules.sentinel import continuity_id, continuity_note_id, has_duty, why_words
from app.eligibility.store import sentinel as store
from app.platform.caller import Caller
from app.platform.changes import announced
from app.practice.store import staff as staffing
from app.values.insurance import Channel

NEXT = "Ask the new plan to let the approved course go on"
DAYS = 2
"""Business days within which the new plan is asked, at most until the day before the visit."""
AT_ONCE = 100


class NoContinuityError(Exception):
    """The case is no continuity request that was opened for a change of plans."""


class ConfirmedAlreadyError(Exception):
    """The new plan's answer is on file."""


def open_requests(caller: Caller) -> int:
    """Open the continuity requests that changes of plans ask for, those of the first visits first.

    Each has its owner, what is next and by when from its first moment. Returns how many were opened; twice, late or
    after a crash ends the same, since a request's id follows from its approval and change.
    """
    opened = 0
    while waiting := store.unopened(caller.session, caller.practice_id, AT_ONCE):
        changes = store.changes_by_ids(caller.session, caller.practice_id, {one.change_id for one in waiting})
        for void in waiting:
            opened += _open(caller, changes[void.change_id], void)
    return opened


def _open(caller: Caller, change: PlanChange, void: VoidApproval) -> bool:
    with announced(caller) as session:
        draft = _draft(caller, change, void)
        if draft is not None and not _is_on_file(caller, draft):
            draft = None
        request_id = draft.id if draft is not None else None
        store.note_opened(session, caller.practice_id, void, request_id, caller.clock.now())
        if draft is None:
            return False
        today = practice_today(caller)
        before_visit = (void.first_day or today) - timedelta(days=1)
        _own(caller, void.approval_id, draft.id)
        set_next(caller, [draft.id], NEXT, max(today, min(add_business_days(today, DAYS), before_visit)))
        record(caller, "eligibility.continuity_opened", [change.patient_id, draft.id, void.approval_id])
        return True


def _draft(caller: Caller, change: PlanChange, void: VoidApproval) -> AuthorizationRecord | None:
    """Make the request to the plan that pays on the day of the first visit; None where none may follow the approval."""
    session, practice_id = caller.session, caller.practice_id
    found = authorization_store.record_of(session, practice_id, void.approval_id)
    if found is None:
        return None
    coverage = _coverage(caller, change.patient_id, found[0].channel, void.first_day)
    if coverage is None:
        return None
    try:
        draft = following(found[0], Kind.CONTINUITY, continuity_id(change.id, void.approval_id))
    except IllegalMoveError:
        return None
    words = why_words(change, found[0], has_duty(coverage.line, found[0].channel))
    return replace(draft, **of_coverage(coverage), note=words)


def _coverage(caller: Caller, patient_id: UUID, channel: Channel | None, day: date | None) -> CoverageRecord | None:
    session, practice_id = caller.session, caller.practice_id
    coverages = coverage_store.of_patients(session, practice_id, [patient_id]).get(patient_id, ())
    of_day = coverage_of_day(coverages, channel or Channel.MEDICAL, day or practice_today(caller))
    records = coverage_store.on_file(session, practice_id, patient_id)
    return next((one for one in records if of_day is not None and one.id == of_day.id), None)


def _is_on_file(caller: Caller, draft: AuthorizationRecord) -> bool:
    """Put a request on file with the entry that says why; False where another stands for the same already."""
    try:
        fresh = add_authorization(caller, replace(draft, note=None))
    except KnownNumberError:
        return False
    if fresh:
        at = caller.clock.now()
        note = Entry(continuity_note_id(draft.id), draft.id, draft.patient_id, EntryKind.NOTE, at, None, draft.note)
        add_entry(caller, note)
    return True


def _own(caller: Caller, approval_id: UUID, request_id: UUID) -> None:
    """Give a request to whoever owns the approval, else to whoever asks, where that person still works here."""
    session, practice_id = caller.session, caller.practice_id
    case = clock_store.cases(session, practice_id, [approval_id]).get(approval_id)
    able = {one.id for one in staffing.staff_of(session, practice_id) if one.active}
    owner = next((one for one in (case.owner_id if case else None, caller.user_id) if one in able), None)
    if owner is not None:
        assign(caller, [request_id], owner)


def confirm(caller: Caller, request_id: UUID, key: UUID, said: Confirmation) -> None:
    """Record that the new plan lets an approved course go on: the old approval is usable under it for those days.

    Takes     the continuity request; the id that the form carries, so that a form sent twice counts once; the answer.
    Raises    NoContinuityError; ConfirmedAlreadyError where an answer of the plan is on file under another form;
              KnownNumberError, RefusedValueError (authorizations/actions.py).
    """
    with announced(caller) as session:
        void = store.of_request(session, caller.practice_id, request_id)
        found = authorization_store.record_of(session, caller.practice_id, request_id)
        if void is None or found is None:
            raise NoContinuityError
        if found[0].status in GRANTED:
            if found[0].reference == said.reference and found[0].ends == said.until:
                return
            raise ConfirmedAlreadyError
        if found[0].status in UNSENT:
            move(caller, request_id, found[1], Status.SUBMITTED, {"submitted_by_channel": "phone"})
        _, version = authorization_store.record_of(session, caller.practice_id, request_id) or found
        move(caller, request_id, version, Status.APPROVED, _values(said), event_id=key)
        add_entry(caller, _entry(caller, found[0], key, said))
        record(caller, "eligibility.continuity_confirmed", [found[0].patient_id, request_id, void.approval_id])


def _values(said: Confirmation) -> dict[str, Any]:
    return {
        "reference": said.reference,
        "begins": said.begins,
        "ends": said.until,
        "representative": said.person,
        "next_action": None,
        "next_action_on": None,
    }


def _entry(caller: Caller, request: AuthorizationRecord, key: UUID, said: Confirmation) -> Entry:
    at = caller.clock.now()
    contact = Contact(person=said.person, reference=said.reference, started_at=at, outcome=Outcome.APPROVED)
    return Entry(
        continuity_note_id(key),
        request.id,
        request.patient_id,
        EntryKind.DECISION,
        at,
        caller.user_id,
        contact=contact,
        event_id=key,
    )
