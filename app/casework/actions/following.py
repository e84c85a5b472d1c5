"""Begin the request that follows a case, with an owner and something to do next from its first moment."""

from uuid import UUID
from zoneinfo import ZoneInfo

from app.authorizations import store as authorization_store
from app.authorizations.actions import follow_up
from app.authorizations.facts import AuthorizationRecord, Kind
from app.casework.actions.steering import assign, set_next
from app.deadlines import store as clock_store
from app.deadlines.facts import Case
from app.deadlines.rules.calendar import add_business_days
from app.platform.caller import Caller
from app.platform.changes import announced
from app.practice.store import practice as practice_store
from app.practice.store import staff as staffing

NEXT = "Complete the request and send it"
DAYS = 2
"""Business days within which a request that was begun is completed."""


def begin_follower(caller: Caller, case_id: UUID, kind: Kind, key: UUID) -> AuthorizationRecord:
    """Begin a request that follows a case: in draft, owned by whoever owns the case, else by whoever begins it.

    Takes     the case; the kind of the new request; its id, under which it is begun once.
    Returns   the draft, or what stands under its id.
    Raises    AuthorizationNotFoundError and IllegalMoveError, as `follow_up`.
    """
    with announced(caller) as session:
        practice_id = caller.practice_id
        known = authorization_store.record_of(session, practice_id, key)
        if known is not None:
            return known[0]
        draft = follow_up(caller, case_id, kind, key)
        today = caller.clock.today(ZoneInfo(practice_store.practice_of(session, practice_id).zone))
        case = clock_store.cases(session, practice_id, [case_id]).get(case_id, Case(case_id))
        able = {one.id for one in staffing.staff_of(session, practice_id) if one.active}
        owner = next((one for one in (case.owner_id, caller.user_id) if one in able), None)
        if owner is not None:
            assign(caller, [draft.id], owner)
        set_next(caller, [draft.id], NEXT, add_business_days(today, DAYS))
    return draft
