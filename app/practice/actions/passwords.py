"""Choose a password: by a one-time code, or in place of one's own; and ask at the door for a code."""

from datetime import datetime
from unicodedata import normalize
from uuid import UUID

from sqlalchemy.orm import Session

from app.audit.actions import record
from app.platform.caller import Caller
from app.platform.changes import announced
from app.platform.clock import Clock
from app.platform.db import writing
from app.platform.password_rules import password_fault
from app.platform.passwords import hash_password, make_password
from app.practice.actions.invitations import send_reset
from app.practice.actions.signing_in import Typed, check_password
from app.practice.actions.telling import tell
from app.practice.actions.throttling import Origin, Refusal
from app.practice.facts.accounts import CodeKind, CodeWay, Happening, OneTimeCode
from app.practice.facts.staff import Staff
from app.practice.rules.accounts import (
    ASKED_KEPT,
    ASKING,
    CODES_KEPT,
    digest_of,
    may_ask,
    may_send_reset,
    own_words,
)
from app.practice.store import accounts as store
from app.practice.store import practice as practices
from app.practice.store import staff as staffing

MOST_ANSWERED = 50  # of those who asked at the door, in one run of the job
LONGEST_TYPED = 254  # characters of the longest e-mail address that mail servers take


class CodeOverError(Exception):
    """The code opens nothing: unknown, used, ended or too old. Nothing was changed."""


class PasswordFaultError(Exception):
    """The new password is refused; `sentence` says why and what to do. Nothing was changed."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


class WrongPasswordError(Exception):
    """The password that was to be replaced is another one. Nothing was changed."""


class TooOftenError(Exception):
    """A new password was asked for too often from one place, or in all."""


def choose_password(session: Session, clock: Clock, source: str | None, typed: str, password: str) -> CodeKind:
    """Choose a password by a one-time code; it finds the practice itself.

    Every browser and every other code of the person ends; second factors stay. Who accepts an invitation may sign in.
    Returns   what the code was for. Raises CodeOverError; PasswordFaultError, after which the code is still good.
    """
    now = clock.now()
    code = store.code_behind(session, digest_of(typed))
    person = None if code is None else _holder(session, code, now)
    if code is None or person is None:
        raise CodeOverError
    caller = Caller(session, code.practice_id, clock, person.id, via="web", source=source)
    hashed = _hashed(session, person, password)
    with announced(caller):
        if not store.use_code(session, code.practice_id, code.id, now):
            raise CodeOverError
        _set(caller, person, hashed)
        if code.kind is CodeKind.INVITATION:
            staffing.let_sign_in(session, code.practice_id, person.id)
            record(caller, "practice.invitation_accepted", (person.id,), code=code.id)
        else:
            record(caller, "practice.password_reset", (person.id,), code=code.id, way=code.way)
            tell(caller, person.id, Happening.PASSWORD_CHANGED)
    return code.kind


def change_own_password(caller: Caller, person: Staff, old: str, new: str) -> None:
    """Replace one's own password. Every browser of the person ends, this one too: the new one is shown by signing in.

    Raises    WrongPasswordError; PasswordFaultError, also for the old one once more.
    """
    typed = Typed(person.email, old)
    shown = check_password(caller.session, caller.clock, typed, Origin(caller.source))  # guessing is held back here too
    if isinstance(shown, Refusal):
        with writing(caller.session):
            record(caller, "practice.password_change_refused", (person.id,))
        raise WrongPasswordError
    if normalize("NFC", old) == normalize("NFC", new):
        raise PasswordFaultError("Choose another password: this is the one that you have now.")
    hashed = _hashed(caller.session, person, new)
    with announced(caller):
        _set(caller, person, hashed)
        record(caller, "practice.password_changed", (person.id,))
        tell(caller, person.id, Happening.PASSWORD_CHANGED)


def give_password(caller: Caller, email: str) -> str | None:
    """Give a person a password that another person knows, and that opens only the page where it is changed.

    Returns   it, shown this once; None when nobody has that address. Every browser of the person ends.
    """
    password = make_password()
    hashed = hash_password(password)
    with announced(caller) as session:
        state = staffing.sign_in_state(session, email)
        if state is None or state.staff.practice_id != caller.practice_id or not state.staff.active:
            return None
        staffing.set_password(session, caller.practice_id, state.staff.id, hashed, must_change=True)
        store.end_codes(session, caller.practice_id, state.staff.id, caller.clock.now())
        record(caller, "practice.password_given", (state.staff.id,))
        tell(caller, state.staff.id, Happening.PASSWORD_CHANGED)
    return password


def ask_for_reset(session: Session, clock: Clock, source: str | None, typed: str) -> None:
    """Note that somebody asked at the door for a new password, whoever has that address or nobody: the same work.

    The job answers it; it finds the practice itself, of which an installation has one. Raises TooOftenError.
    """
    now = clock.now()
    for practice in practices.all_practices(session)[:1]:
        caller = Caller(session, practice.id, clock, via="web", source=source)
        with writing(session):
            if not may_ask(*store.asked_since(session, practice.id, now - ASKING, source)):
                raise TooOftenError
            asked = store.add_asked(session, practice.id, typed.strip()[:LONGEST_TYPED], source, now)
            record(caller, "practice.reset_asked", asked=asked)


def answer_who_asked(caller: Caller) -> int:
    """Send a link to those who asked for one and may sign in, each at most once in 15 minutes. Returns how many.

    Safe twice, late and after a crash: the answer and the erasing of what was typed are one transaction.
    """
    sent = 0
    for asked_id, typed in store.unanswered(caller.session, caller.practice_id, MOST_ANSWERED):
        with announced(caller) as session:
            if not store.answer_asked(session, caller.practice_id, asked_id):
                continue
            person = _to_answer(session, caller.practice_id, typed, caller.clock.now())
            if person is not None:
                send_reset(caller, person)
                sent += 1
    return sent


def forget_old_codes(caller: Caller) -> int:
    """Remove what was asked a day ago and reset codes of a month ago. Returns how many."""
    now = caller.clock.now()
    with writing(caller.session) as session:
        asked = store.forget_asked_before(session, caller.practice_id, now - ASKED_KEPT)
        return asked + store.forget_codes_before(session, caller.practice_id, now - CODES_KEPT)


def _to_answer(session: Session, practice_id: UUID, typed: str, now: datetime) -> Staff | None:
    """Who is sent a link for what was typed at the door; None: nobody, or nobody now."""
    state = staffing.sign_in_state(session, typed)
    if state is None or state.staff.practice_id != practice_id or not state.staff.active:
        return None
    last = store.last_code(session, practice_id, state.staff.id, CodeKind.RESET, CodeWay.EMAIL)
    return state.staff if may_send_reset(last, now) else None


def _holder(session: Session, code: OneTimeCode, now: datetime) -> Staff | None:
    """Whose code it is, while it opens the door: an invitation before it is accepted, a reset of who may sign in."""
    people = staffing.staff_of(session, code.practice_id)
    person = next((one for one in people if one.id == code.staff_id), None)
    right = person is not None and person.active is (code.kind is CodeKind.RESET)
    return person if right and code.stands(now) else None


def _hashed(session: Session, person: Staff, password: str) -> str:
    practice = practices.practice_of(session, person.practice_id)
    words = own_words(practice, person)
    fault = password_fault(password, second_factor=practice.second_factor, context_words=words)
    if fault is not None:
        raise PasswordFaultError(fault)
    return hash_password(password)


def _set(caller: Caller, person: Staff, hashed: str) -> None:
    session, practice_id = caller.session, caller.practice_id
    staffing.set_password(session, practice_id, person.id, hashed)
    store.end_codes(session, practice_id, person.id, caller.clock.now())
