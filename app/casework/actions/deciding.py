"""Record what the payer answered on a case, and take the last change back."""

from uuid import UUID

from app.authorizations import store as authorization_store
from app.authorizations.actions import take_back
from app.casework.actions.watching import badges_of, turned_since
from app.casework.facts.cases import CaseNotFoundError
from app.casework.facts.done import Done
from app.casework.store import entries as entry_store
from app.platform.caller import Caller
from app.platform.changes import announced


def undo_change(caller: Caller, case_id: UUID, event_id: UUID) -> Done:
    """Take the last change of a case back, within a day, with the entry that was written with it.

    Raises    CaseNotFoundError; UndoRefusedError and KnownNumberError (authorizations/actions.py).
    """
    session, practice_id = caller.session, caller.practice_id
    patient = authorization_store.patients_by_id(session, practice_id, [case_id]).get(case_id)
    if patient is None:
        raise CaseNotFoundError
    before = badges_of(caller, patient)
    with announced(caller) as opened:
        take_back(caller, event_id, case_id)
        for entry in entry_store.of_event(opened, practice_id, case_id, event_id):
            entry_store.take_back(opened, practice_id, entry, caller.clock.now(), caller.user_id)
    return Done(event_id, turned_since(caller, patient, before))
