"""Write down what happened on a case, and strike what was written by mistake."""

from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

from app.audit.actions import record
from app.authorizations import store as authorization_store
from app.casework.facts.entries import Entry
from app.casework.store import entries as store
from app.patients import store as patient_store
from app.patients.rules import number_key
from app.platform.caller import Caller
from app.platform.changes import Changed, announce, announced

TAKEN_BACK_FOR = timedelta(hours=24)


class CaseNotFoundError(Exception):
    """The practice has no case of this id."""


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


def take_entry_back(caller: Caller, case_id: UUID, entry_id: UUID) -> None:
    """Strike an entry, with all that share its call, within a day. What it said stays readable.

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
        patients = authorization_store.patients_by_id(session, practice_id, cases)
        announce(session, Changed(frozenset(patients.values())))
        record(caller, "casework.entry_taken_back", [*patients.values(), *cases])
