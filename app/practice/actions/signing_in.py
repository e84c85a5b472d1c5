"""Let people sign in and out, and forget what has ended."""

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy.orm import Session

from app.audit.actions import record
from app.platform.caller import Caller
from app.platform.clock import Clock
from app.platform.db import writing
from app.platform.ids import new_id
from app.platform.passwords import password_matches
from app.practice.facts.staff import Staff, StaffSession
from app.practice.rules.sessions import ABSOLUTE_LIMIT, FORMS_LAST, IDLE_LIMIT, lock_after
from app.practice.store import sessions as sessions_on_file
from app.practice.store import staff as staffing

SEEN_STEP = timedelta(minutes=1)


def check_password(session: Session, clock: Clock, email: str, password: str) -> Staff | None:
    """Find who signs in with an address and a password; it finds the practice itself.

    The attempt is counted as a failure before the password is compared, so that many at once count as many.
    Returns   the person; None for a wrong password, an unknown address, a lock and someone who may not sign in.
    """
    now = clock.now()
    with writing(session):
        state = staffing.sign_in_state(session, email)
        locked = state is not None and state.locked_until is not None and now < state.locked_until
        if state is not None and not locked:
            failures = state.failures + 1
            _count(session, state.staff, failures, lock_after(failures, now))
    matches = password_matches(None if state is None else state.password_hash, password)
    if state is None or locked or not matches or not state.staff.active:
        if state is not None:
            _note_refusal(Caller(session, state.staff.practice_id, clock, via="web"), state.staff)
        return None
    with writing(session):
        _count(session, state.staff, 0, None)
    return state.staff


def _count(session: Session, staff: Staff, failures: int, locked_until: datetime | None) -> None:
    staffing.save_failures(session, staff.practice_id, staff.id, failures, locked_until)


def _note_refusal(caller: Caller, staff: Staff) -> None:
    with writing(caller.session):
        record(caller, "practice.sign_in_refused", (staff.id,))


def begin_session(caller: Caller, staff_id: UUID) -> UUID:
    """Sign a person in: note the browser. Returns the session's id, which the cookie holds."""
    now = caller.clock.now()
    begun = StaffSession(new_id(), caller.practice_id, staff_id, now, now, now)
    with writing(caller.session) as session:
        sessions_on_file.add_staff_session(session, caller.practice_id, begun)
        staffing.note_sign_in(session, caller.practice_id, staff_id, now)
        record(caller, "practice.signed_in", (staff_id,))
    return begun.id


def end_session(caller: Caller, session_id: UUID) -> None:
    """Sign a person out of one browser."""
    with writing(caller.session) as session:
        sessions_on_file.end_staff_session(session, caller.practice_id, session_id)
        record(caller, "practice.signed_out", () if caller.user_id is None else (caller.user_id,))


def keep_session(caller: Caller, current: StaffSession) -> None:
    """Note that a browser is in use; at most once a minute, so that reading pages seldom writes."""
    now = caller.clock.now()
    if now - current.seen_at < SEEN_STEP:
        return
    with writing(caller.session) as session:
        sessions_on_file.see_staff_session(session, caller.practice_id, current.id, now)


def forget_ended_sessions(caller: Caller) -> int:
    """Remove the signed-in browsers whose time is over, when no form of theirs may come any more. Returns how many."""
    now = caller.clock.now() - FORMS_LAST
    with writing(caller.session) as session:
        return sessions_on_file.end_sessions_before(session, caller.practice_id, now - ABSOLUTE_LIMIT, now - IDLE_LIMIT)


def forget_kept_forms(caller: Caller) -> int:
    """Remove the forms that nobody came back for. Returns how many."""
    with writing(caller.session) as session:
        return sessions_on_file.forget_kept_before(session, caller.practice_id, caller.clock.now() - FORMS_LAST)
