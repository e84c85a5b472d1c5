"""The signed-in browsers of one person: listed, and ended by the person or by an administrator."""

import hmac
from uuid import UUID

from app.audit.actions import record
from app.platform.caller import Caller
from app.platform.db import writing
from app.practice.actions.signing_in import take_over
from app.practice.facts.staff import StaffSession
from app.practice.rules.sessions import session_ended, session_mark
from app.practice.store import sessions as store
from app.practice.store import staff as staffing
from app.practice.store import steps


def own_sessions(caller: Caller, staff_id: UUID) -> tuple[StaffSession, ...]:
    """List the browsers in which a person is signed in now, the last used first."""
    now = caller.clock.now()
    found = store.sessions_of(caller.session, caller.practice_id, staff_id)
    return tuple(one for one in found if not session_ended(one, now))


def end_own(caller: Caller, current: StaffSession, mark: str) -> bool:
    """Sign another browser of whoever asks out. `mark`: of its session, as the page has it. Returns whether it was."""
    with writing(caller.session) as session:
        mine = store.sessions_of(session, caller.practice_id, current.staff_id)
        ended = [one for one in mine if hmac.compare_digest(session_mark(one), mark) and one.id != current.id]
        for one in ended:
            store.end_staff_session(session, caller.practice_id, one.id)
            record(caller, "practice.session_ended", (current.staff_id,))
    return bool(ended)


def end_others(caller: Caller, current: StaffSession) -> UUID:
    """Sign every other browser of whoever asks out. Returns the new id of the session that stays."""
    with writing(caller.session) as session:
        staffing.end_sessions_of(session, caller.practice_id, current.staff_id)
        stays = take_over(session, caller, current, fresh=False)
        record(caller, "practice.sessions_ended", (current.staff_id,))
    return stays


def end_all(caller: Caller, staff_id: UUID) -> None:
    """Sign every browser of a person out, and know none of them any more: an administrator asks for it."""
    with writing(caller.session) as session:
        staffing.end_sessions_of(session, caller.practice_id, staff_id)
        steps.forget_browsers_of(session, caller.practice_id, staff_id)
        record(caller, "practice.sessions_ended", (staff_id,))
