"""Invite a person, invite again, revoke; and let somebody who may sign in choose another password."""

from dataclasses import dataclass, replace
from uuid import UUID

from sqlalchemy.orm import Session

from app.audit.actions import record
from app.platform.caller import Caller
from app.platform.changes import announced
from app.platform.ids import new_id
from app.platform.passwords import hash_password, make_code, make_token
from app.practice.actions.practice import TakenError
from app.practice.actions.telling import tell
from app.practice.facts.accounts import CodeKind, CodeWay, Happening, OneTimeCode
from app.practice.facts.staff import Staff
from app.practice.rules.accounts import digest_of, lasts
from app.practice.store import accounts as store
from app.practice.store import staff as staffing


class NoSuchPersonError(Exception):
    """There is no such person here, or the code that was asked for is not for somebody in that state."""


@dataclass(frozen=True)
class Handed:
    """A code that was made. `typed`: the code itself where it is printed, shown this once; None: it goes by e-mail."""

    person: Staff
    code: OneTimeCode
    typed: str | None


def invite(caller: Caller, person: Staff, way: CodeWay) -> Handed:
    """Put a person on file who may sign in once they have chosen a password by the code that this makes.

    Raises    TakenError("email") for an address that is on file, in any practice; NoSuchPersonError for an id that is:
              the same form came twice.
    """
    invited = replace(person, practice_id=caller.practice_id, email=person.email.strip().lower(), active=False)
    hashed = _unknown_password()
    with announced(caller) as session:
        if any(one.id == invited.id for one in staffing.staff_of(session, caller.practice_id)):
            raise NoSuchPersonError
        if staffing.sign_in_state(session, invited.email) is not None:
            raise TakenError("email")
        staffing.add_staff(session, caller.practice_id, invited, hashed)
        return _hand(caller, invited, Happening.INVITED, way)


def invite_again(caller: Caller, staff_id: UUID, way: CodeWay) -> Handed:
    """Make another invitation for somebody who has not accepted; the one before opens nothing any more.

    Raises    NoSuchPersonError, also for somebody who was invited never, or accepted.
    """
    with announced(caller) as session:
        person = _person(session, caller.practice_id, staff_id)
        if not is_invited(session, caller.practice_id, person):
            raise NoSuchPersonError
        return _hand(caller, person, Happening.INVITED, way)


def revoke(caller: Caller, staff_id: UUID) -> bool:
    """End the invitation of somebody who has not accepted. Returns whether there was one that was open."""
    with announced(caller) as session:
        ended = store.end_codes(session, caller.practice_id, staff_id, caller.clock.now(), CodeKind.INVITATION)
        if ended:
            record(caller, "practice.invitation_revoked", (staff_id,))
    return ended > 0


def offer_reset(caller: Caller, staff_id: UUID, way: CodeWay) -> Handed:
    """Let a person choose another password. The old one and every browser signed in with it end at once.

    Raises    NoSuchPersonError, also for somebody who may not sign in.
    """
    hashed = _unknown_password()
    with announced(caller) as session:
        person = _person(session, caller.practice_id, staff_id)
        if not person.active:
            raise NoSuchPersonError
        staffing.set_password(session, caller.practice_id, staff_id, hashed)
        return _hand(caller, person, Happening.RESET_OFFERED, way)


def send_reset(caller: Caller, person: Staff) -> OneTimeCode:
    """Send a person a link that renews the password, inside the open transaction. The old password stays good."""
    return _hand(caller, person, Happening.RESET_ASKED, CodeWay.EMAIL).code


def code_to_send(session: Session, practice_id: UUID, code_id: UUID) -> str | None:
    """Make the code of a link as its e-mail is written, and note its digest, inside the transaction that claims it.

    So a code is in memory and in the e-mail, and nowhere else. Returns None when it was used, revoked or replaced.
    """
    code = store.code_of(session, practice_id, code_id)
    if code is None or code.used_at is not None or code.ended_at is not None:
        return None
    token = make_token()
    store.add_digest(session, practice_id, code_id, digest_of(token))
    return token


def is_invited(session: Session, practice_id: UUID, person: Staff) -> bool:
    """Say whether a person was invited and has accepted no invitation yet."""
    last = store.last_codes(session, practice_id, CodeKind.INVITATION).get(person.id)
    return not person.active and last is not None and last.used_at is None


def _person(session: Session, practice_id: UUID, staff_id: UUID) -> Staff:
    found = next((one for one in staffing.staff_of(session, practice_id) if one.id == staff_id), None)
    if found is None:
        raise NoSuchPersonError
    return found


def _hand(caller: Caller, person: Staff, what: Happening, way: CodeWay) -> Handed:
    """Make a code in place of those before it, and hand it on by its way."""
    kind = CodeKind.INVITATION if what is Happening.INVITED else CodeKind.RESET
    session, practice_id, now = caller.session, caller.practice_id, caller.clock.now()
    store.end_codes(session, practice_id, person.id, now, kind)
    code = OneTimeCode(new_id(), practice_id, person.id, kind, way, now, now + lasts(kind, way), caller.user_id)
    store.add_code(session, practice_id, code)
    record(caller, f"practice.{kind.value}_made", (person.id,), code=code.id, way=way)
    if way is CodeWay.PRINTED:
        typed = make_code()
        store.add_digest(session, practice_id, code.id, digest_of(typed))
        return Handed(person, code, typed)
    tell(caller, person.id, what, code.id)
    return Handed(person, code, None)


def _unknown_password() -> str:
    """The hash of a password that nobody knows: whoever tries one costs the same work as with any other person."""
    return hash_password(make_token())
