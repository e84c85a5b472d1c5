"""Whose a case is, and what is to be done next on it, by when."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from app.authorizations import store as authorization_store
from app.authorizations.actions import change_authorization
from app.casework.actions.entries import CaseNotFoundError
from app.deadlines.actions import own_case
from app.platform.caller import Caller
from app.platform.changes import announced


def assign(caller: Caller, case_ids: Sequence[UUID], owner: UUID | None) -> None:
    """Give cases to a person; None: to nobody. All of them, or none.

    Raises    CaseNotFoundError; PersonNotFoundError (deadlines/actions.py) where nobody of this id may sign in.
    """
    with announced(caller) as session:
        found = authorization_store.patients_by_id(session, caller.practice_id, case_ids)
        if any(one not in found for one in case_ids):
            raise CaseNotFoundError
        for case_id in dict.fromkeys(case_ids):
            own_case(caller, case_id, owner)


def set_next(caller: Caller, case_ids: Sequence[UUID], words: str | None, on: date | None) -> None:
    """Say what is to be done next on cases and by which day; None: nothing. All of them, or none.

    Raises    CaseNotFoundError; ValueError where there is a day without an action.
    """
    if on is not None and not words:
        raise ValueError("a day of a next action needs the action")
    with announced(caller) as session:
        for case_id in dict.fromkeys(case_ids):
            found = authorization_store.record_of(session, caller.practice_id, case_id, hold=True)
            if found is None:
                raise CaseNotFoundError
            change_authorization(caller, case_id, found[1], {"next_action": words, "next_action_on": on})
