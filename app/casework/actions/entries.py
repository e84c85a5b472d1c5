"""Write down what happened on a case, and strike what was written by mistake."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from uuid import UUID

from app.audit.actions import record
from app.authorizations import store as authorization_store
from app.authorizations.actions import change_authorization, take_back
from app.casework.facts.cases import CaseNotFoundError
from app.casework.facts.entries import Entry, EntryKind, NextStep, Noted
from app.casework.store import entries as store
from app.patients import store as patient_store
from app.patients.rules import number_key
from app.platform.caller import Caller
from app.platform.changes import Changed, announce, announced
from app.platform.ids import new_id

TAKEN_BACK_FOR = timedelta(hours=24)
MOST = 500
"""Entries of one case that are looked through for what corrects what."""


class EntryNotFoundError(Exception):
    """The case has no entry of this id."""


class TooLateError(Exception):
    """The entry is older than a day, or was taken back already."""


def add_entry(caller: Caller, entry: Entry) -> bool:
    """Write one entry of a case down; a call's reference is found by search from then on.

    It joins the transaction that is open under `announced`, else it is one of its own. The entry's id, made by who
    asks, lets a form that is sent twice count once.
    Returns   False when it is on file already under this id.
    Raises    CaseNotFoundError where its case is not on file, or is another patient's.
    """
    return bool(add_entries(caller, [entry]))


def add_entries(caller: Caller, entries: Sequence[Entry]) -> tuple[UUID, ...]:
    """Write several entries down, as one call about several cases. Returns the ids that are new. See `add_entry`."""
    with announced(caller) as session:
        practice_id = caller.practice_id
        of = authorization_store.patients_by_id(session, practice_id, [one.case_id for one in entries])
        if any(of.get(one.case_id) != one.patient_id for one in entries):
            raise CaseNotFoundError
        fresh = [one for one in entries if store.entry(session, practice_id, one.id) is None]
        store.add(session, practice_id, fresh)
        told = [(one, one.contact.reference) for one in fresh if one.contact is not None and one.contact.reference]
        patient_store.add_keys(session, practice_id, [(one.patient_id, number_key(text)) for one, text in told])
        announce(session, Changed(frozenset(one.patient_id for one in fresh)))
        for one in fresh:
            record(caller, "casework.entry_added", [one.patient_id, one.case_id], kind=one.kind.value)
    return tuple(one.id for one in fresh)


def note(caller: Caller, case_ids: Sequence[UUID], key: UUID, noted: Noted) -> bool:
    """Write down one call, portal visit, fax or note on one case or several, and what comes next on each of them.

    Takes     the cases; the id that the form carries, so that a form sent twice counts once; what was noted.
    Returns   False when it is on file already.
    Raises    CaseNotFoundError; EntryNotFoundError where it corrects an entry that the case does not have, or that is
              struck already.
    """
    cases = list(dict.fromkeys(case_ids))
    with announced(caller) as session:
        patients = authorization_store.patients_by_id(session, caller.practice_id, cases)
        if not cases or any(one not in patients for one in cases):
            raise CaseNotFoundError
        if store.entry(session, caller.practice_id, key) is not None:
            return False
        _refuse_struck(caller, cases, noted)
        shared = key if len(cases) > 1 else None
        ids = dict(zip(cases, [key, *(new_id() for _ in cases[1:])], strict=True))
        steps = {one: _step(caller, one, noted.next_step) for one in cases}
        add_entries(
            caller,
            [
                replace(_entry(caller, noted, patients[one], one), id=ids[one], shared_id=shared, event_id=steps[one])
                for one in cases
            ],
        )
    return True


def _refuse_struck(caller: Caller, cases: Sequence[UUID], noted: Noted) -> None:
    if noted.corrects is None:
        return
    wrong = store.entry(caller.session, caller.practice_id, noted.corrects)
    known = store.of_cases(caller.session, caller.practice_id, cases, MOST)
    corrected = any(one.corrects == noted.corrects and one.taken_back_at is None for one in known)
    if wrong is None or [wrong.case_id] != list(cases) or wrong.taken_back_at is not None or corrected:
        raise EntryNotFoundError


def _step(caller: Caller, case_id: UUID, step: NextStep | None) -> UUID | None:
    """Set what comes next on a case. Returns the id of the change; None where it is on file so already."""
    found = authorization_store.record_of(caller.session, caller.practice_id, case_id, hold=True)
    assert found is not None
    if step is None or (found[0].next_action, found[0].next_action_on) == (step.action, step.on):
        return None
    event_id = new_id()
    changes = {"next_action": step.action, "next_action_on": step.on}
    change_authorization(caller, case_id, found[1], changes, event_id=event_id)
    return event_id


def _entry(caller: Caller, noted: Noted, patient_id: UUID, case_id: UUID) -> Entry:
    step = noted.next_step
    return Entry(
        id=new_id(),
        case_id=case_id,
        patient_id=patient_id,
        kind=noted.kind,
        at=caller.clock.now(),
        by_id=caller.user_id,
        words=noted.words,
        contact=noted.contact,
        document_id=noted.document_id,
        next_action=step.action if step is not None else None,
        next_action_on=step.on if step is not None else None,
        corrects=noted.corrects,
    )


def take_entry_back(caller: Caller, case_id: UUID, entry_id: UUID) -> None:
    """Strike an entry, with all that share its call, within a day. What it said stays readable.

    The next action that it set goes back to what it was, unless something followed on its case.

    Raises    EntryNotFoundError; TooLateError.
    """
    with announced(caller) as session:
        practice_id, now = caller.practice_id, caller.clock.now()
        entry = store.entry(session, practice_id, entry_id)
        if entry is None or entry.case_id != case_id:
            raise EntryNotFoundError
        if entry.taken_back_at is not None or entry.at + TAKEN_BACK_FOR < now:
            raise TooLateError
        cases = store.take_back(session, practice_id, entry, now, caller.user_id)
        for one in store.together(session, practice_id, entry):
            _step_back(caller, one)
        patients = authorization_store.patients_by_id(session, practice_id, cases)
        announce(session, Changed(frozenset(patients.values())))
        record(caller, "casework.entry_taken_back", [*patients.values(), *cases])


def _step_back(caller: Caller, entry: Entry) -> None:
    last = authorization_store.latest_events(caller.session, caller.practice_id, [entry.case_id], 1)
    if entry.kind is not EntryKind.DECISION and last and last[0].id == entry.event_id:
        take_back(caller, last[0].id, entry.case_id)
