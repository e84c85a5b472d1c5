"""Whose a case is, and what is to be done next on it, by when."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from app.authorizations import store as authorization_store
from app.authorizations.actions import change_authorization
from app.casework.facts.cases import CaseNotFoundError
from app.deadlines import store as clock_store
from app.deadlines.actions import own_case
from app.deadlines.facts import Case
from app.platform.caller import Caller
from app.platform.changes import announced

Step = tuple[str | None, date | None]
"""A next action and its day."""


class SteeredMeanwhileError(Exception):
    """Somebody gave the case another owner, or another next action, than the person saw: nothing is saved."""

    def __init__(self, owner: UUID | None = None, step: Step = (None, None)) -> None:
        super().__init__("the case was steered meanwhile")
        self.owner, self.step = owner, step


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


def assign_seen(caller: Caller, case_id: UUID, owner: UUID | None, seen: UUID | None) -> bool:
    """Give one case to a person, where its owner is still the one that was seen. Returns whether anything changed.

    Raises    SteeredMeanwhileError; as `assign`.
    """
    with announced(caller) as session:
        case = clock_store.cases(session, caller.practice_id, [case_id]).get(case_id, Case(case_id))
        if case.owner_id == owner:
            return False
        if case.owner_id != seen:
            raise SteeredMeanwhileError(owner=case.owner_id)
        assign(caller, [case_id], owner)
    return True


def set_next_seen(caller: Caller, case_id: UUID, step: Step, seen: Step) -> bool:
    """Set one case's next action, where it is still the one that was seen. Returns whether anything changed.

    Raises    SteeredMeanwhileError; as `set_next`.
    """
    with announced(caller) as session:
        found = authorization_store.record_of(session, caller.practice_id, case_id, hold=True)
        if found is None:
            raise CaseNotFoundError
        now = found[0].next_action, found[0].next_action_on
        if now == step:
            return False
        if now != seen:
            raise SteeredMeanwhileError(step=now)
        set_next(caller, [case_id], *step)
    return True
