"""Let people sign in and out, and forget what has ended."""

from dataclasses import dataclass, field, replace
from datetime import timedelta
from uuid import UUID

from sqlalchemy.orm import Session

from app.audit.actions import record
from app.platform.caller import Caller
from app.platform.clock import Clock
from app.platform.db import writing
from app.platform.ids import new_id, secret_id
from app.platform.passwords import password_matches
from app.practice.actions import throttling
from app.practice.actions.throttling import Origin, Refusal
from app.practice.facts.factors import KnownBrowser, SignInStep
from app.practice.facts.staff import Factor, SignInState, Staff, StaffSession
from app.practice.rules.factors import STEP_LASTS, step_over
from app.practice.rules.sessions import ABSOLUTE_LIMIT, FORMS_LAST, IDLE_LIMIT
from app.practice.store import sessions as sessions_on_file
from app.practice.store import staff as staffing
from app.practice.store import steps

SEEN_STEP = timedelta(minutes=1)
HERE = Origin()
NOBODY = UUID(int=0)


@dataclass(frozen=True, slots=True)
class Typed:
    """What a person typed to sign in."""

    email: str
    password: str = field(repr=False)


def check_password(session: Session, clock: Clock, typed: Typed, origin: Origin = HERE) -> Staff | Refusal:
    """Find who signs in with an address and a password; it finds the practice itself.

    The attempt is counted as a failure before the password is compared, so that many at once count as many. Whoever is
    not on file costs the same work as one who is: the same statements, one comparison, one line in the log.
    Returns   the person, or why not: a wrong password, an unknown address, a lock and someone who may not sign in are
              all the same refusal.
    """
    now = clock.now()
    with writing(session):
        state = staffing.sign_in_state(session, typed.email)
        first = steps.first_practice_id(session)  # a stranger's attempt stands in the log of the first practice
        practice_id, staff_id = (first, NOBODY) if state is None else (state.staff.practice_id, state.staff.id)
        caller = Caller(session, practice_id, clock, via="web", source=origin.source)
        known = throttling.knows(session, practice_id, staff_id, origin, now)
        attempt = throttling.knock(session, now, origin, _who(typed.email, state), known)
    if attempt.refusal is not None:
        return attempt.refusal
    matches = password_matches(None if state is None else state.password_hash, typed.password)
    right = state is not None and matches and not attempt.locked and state.staff.active
    with writing(session):
        throttling.answer(session, now, attempt, right)
        staffing.set_failures(session, practice_id, staff_id, right)
        if not right:
            record(caller, "practice.sign_in_refused", (staff_id,))
    return state.staff if state is not None and right else Refusal.WRONG


def _who(email: str, state: SignInState | None) -> str:
    return f"{email.strip().lower()}\0{'' if state is None else state.password_hash}"


@dataclass(frozen=True, slots=True)
class Browser:
    """A browser that signs in: its name in a person's words, and the hash of the cookie by which it is known again."""

    agent: str = ""
    token_hash: bytes = b""


def begin_session(caller: Caller, staff_id: UUID, factor: Factor | None = None, browser: Browser = Browser()) -> UUID:
    """Sign a person in: note the browser, and what was shown beside the password. Returns the session's id.

    The cookie holds the id; it is made anew at each sign-in, so that nobody can choose it.
    """
    with writing(caller.session) as session:
        return _begin(session, caller, staff_id, factor, browser)


def _begin(session: Session, caller: Caller, staff_id: UUID, factor: Factor | None, browser: Browser) -> UUID:
    now = caller.clock.now()
    begun = StaffSession(secret_id(), caller.practice_id, staff_id, now, now, now, factor, browser.agent, caller.source)
    sessions_on_file.add_staff_session(session, caller.practice_id, begun)
    staffing.note_sign_in(session, caller.practice_id, staff_id, now)
    if browser.token_hash:
        known = KnownBrowser(new_id(), staff_id, browser.token_hash, now, now)
        steps.know_browser(session, caller.practice_id, known)
    record(caller, "practice.signed_in", (staff_id,), factor="none" if factor is None else factor.value)
    return begun.id


def begin_step(caller: Caller, staff_id: UUID, next_path: str) -> UUID:
    """Note that a person has shown the password, and no second factor yet. Returns the id that the cookie holds."""
    step = SignInStep(secret_id(), caller.practice_id, staff_id, caller.clock.now(), next_path=next_path)
    with writing(caller.session) as session:
        steps.end_steps_before(session, caller.practice_id, step.began_at - STEP_LASTS)
        steps.add_step(session, caller.practice_id, step)
        record(caller, "practice.password_shown", (staff_id,))
    return step.id


def step_of(session: Session, clock: Clock, step_id: UUID) -> tuple[Staff, SignInStep] | None:
    """Find a sign-in that is under way and its person; None when it is over, or the person may no longer sign in."""
    found = steps.step_under_way(session, step_id)
    over = found is None or step_over(found[1], clock.now()) or not found[0].active
    return None if over else found


def finish_step(caller: Caller, step: SignInStep, factor: Factor, browser: Browser) -> UUID | None:
    """Sign a person in who has shown the second factor. Returns the session's id; None when the step was over."""
    with writing(caller.session) as session:
        if not steps.end_step(session, caller.practice_id, step.id):
            return None
        return _begin(session, caller, step.staff_id, factor, browser)


def renew_session(caller: Caller, current: StaffSession, factor: Factor | None = None) -> UUID:
    """Give a signed-in browser another id, when the person has proved again who it is. Returns the new id.

    `factor`: what was shown beside the password; None leaves what was shown before.
    """
    with writing(caller.session) as session:
        renewed = take_over(session, caller, current, factor)
        record(caller, "practice.proved_again", (current.staff_id,))
    return renewed


def take_over(
    session: Session, caller: Caller, current: StaffSession, factor: Factor | None = None, fresh: bool = True
) -> UUID:
    """Put a new id in the place of a browser's, inside the transaction that is open. Returns the new id.

    `factor`: what was shown beside the password, where that is new; `fresh`: whether the person has just proved it.
    """
    now = caller.clock.now()
    proved = now if fresh else current.fresh_at
    renewed = replace(current, id=secret_id(), seen_at=now, fresh_at=proved, factor=factor or current.factor)
    sessions_on_file.end_staff_session(session, caller.practice_id, current.id)
    sessions_on_file.add_staff_session(session, caller.practice_id, renewed)
    return renewed.id


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
