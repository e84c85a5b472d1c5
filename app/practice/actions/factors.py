"""A person's own second factors and recovery codes: added, named, renewed, taken away."""

import base64
import os
import secrets
from dataclasses import dataclass, field
from uuid import UUID

from sqlalchemy.orm import Session

from app.audit.actions import record
from app.platform.caller import Caller
from app.platform.changes import announced
from app.platform.db import writing
from app.platform.ids import new_id
from app.platform.passwords import hash_password
from app.practice.actions.signing_in import take_over
from app.practice.actions.telling import tell
from app.practice.facts.accounts import Happening
from app.practice.facts.factors import Passkey, RecoveryCode, StaffFactor
from app.practice.facts.staff import Factor, Staff, StaffSession
from app.practice.rules.factors import (
    CODE_LETTERS,
    LABEL,
    MOST_FACTORS,
    RECOVERY_CODES,
    SECRET_PART,
    SETUP_LASTS,
    accepted_step,
    may_remove,
)
from app.practice.store import factors as store
from app.practice.store import staff as staffing
from app.practice.store import steps

APP_NAME = "Authenticator app"
SECRET_BYTES = 20  # 160 bits, as RFC 4226 asks


class LastFactorError(Exception):
    """Nothing would be left beside the password, and the practice asks for a second factor; nothing was removed."""


class TooManyFactorsError(Exception):
    """The person has as many factors as one may have; nothing was added."""


class KnownPasskeyError(Exception):
    """This passkey is on file already; nothing was added."""


@dataclass(frozen=True, slots=True)
class Added:
    """What came of a new factor: the browser's new session, and recovery codes where the person had none."""

    session_id: UUID
    codes: tuple[str, ...] = field(default=(), repr=False)


def own_factors(caller: Caller, staff_id: UUID) -> tuple[StaffFactor, ...]:
    """List the factors of a person that open the door, oldest first."""
    found = store.factors_of(caller.session, caller.practice_id, staff_id)
    return tuple(one for one in found if one.confirmed_at is not None)


def app_begun(caller: Caller, staff: Staff) -> StaffFactor | None:
    """Find the authenticator app that a person is setting up; None when none was begun in the last 15 minutes."""
    since = caller.clock.now() - SETUP_LASTS
    found = store.factors_of(caller.session, caller.practice_id, staff.id)
    return next((one for one in found if one.confirmed_at is None and one.added_at > since), None)


def begin_app(caller: Caller, staff: Staff) -> None:
    """Begin to set up an authenticator app: make its secret. One that was begun just now goes on.

    Raises    TooManyFactorsError.
    """
    begun = StaffFactor(new_id(), staff.id, Factor.TOTP, APP_NAME, caller.clock.now(), secret=_secret())
    with writing(caller.session) as session:
        if app_begun(caller, staff) is not None:
            return
        _refuse_too_many(session, caller, staff)
        for old in store.factors_of(session, caller.practice_id, staff.id):
            if old.confirmed_at is None:
                store.remove_factor(session, caller.practice_id, old.id)
        store.add_factor(session, caller.practice_id, begun)
        record(caller, "practice.factor_begun", (staff.id,), kind=Factor.TOTP.value)


def confirm_app(caller: Caller, staff: Staff, current: StaffSession, typed: str, name: str = APP_NAME) -> Added | None:
    """Finish setting up an authenticator app by its first code, and sign every other browser of the person out.

    Returns   the browser's new session, and recovery codes where there are none; None when the code is not right, or
              nothing was begun.
    """
    codes = _new_codes() if _needs_codes(caller, staff) else ()
    now = caller.clock.now()
    with announced(caller) as session:
        begun = app_begun(caller, staff)
        step = None if begun is None else accepted_step(begun.secret or "", typed, now, None)
        if begun is None or step is None:
            return None
        store.confirm_factor(session, caller.practice_id, begun.id, name, now)
        store.take_step(session, caller.practice_id, begun.id, step, now)
        return _added(session, caller, staff, current, Factor.TOTP, codes)


def add_passkey(caller: Caller, staff: Staff, current: StaffSession, passkey: Passkey, name: str) -> Added:
    """Add a passkey, and sign every other browser of the person out.

    Raises    TooManyFactorsError, KnownPasskeyError.
    """
    codes = _new_codes() if _needs_codes(caller, staff) else ()
    now = caller.clock.now()
    factor = StaffFactor(
        new_id(),
        staff.id,
        Factor.PASSKEY,
        name,
        now,
        now,
        credential=passkey.credential,
        public_key=passkey.public_key,
        sign_count=passkey.sign_count,
    )
    with announced(caller) as session:
        _refuse_too_many(session, caller, staff)
        if store.passkey(session, passkey.credential) is not None:
            raise KnownPasskeyError
        store.add_factor(session, caller.practice_id, factor)
        return _added(session, caller, staff, current, Factor.PASSKEY, codes)


def name_factor(caller: Caller, staff: Staff, factor_id: UUID, name: str) -> bool:
    """Give a factor of one's own another name. Returns False when there is none such."""
    with writing(caller.session) as session:
        if factor_id not in {one.id for one in own_factors(caller, staff.id)}:
            return False
        store.rename_factor(session, caller.practice_id, factor_id, name)
        record(caller, "practice.factor_named", (staff.id,), factor=factor_id)
    return True


def remove_own(caller: Caller, staff: Staff, current: StaffSession, factor_id: UUID, required: bool) -> UUID | None:
    """Take one factor of one's own away, and sign every other browser of the person out.

    Returns   the browser's new session; None when there is no such factor. Raises LastFactorError.
    """
    with announced(caller) as session:
        mine = own_factors(caller, staff.id)
        removed = next((one for one in mine if one.id == factor_id), None)
        if removed is None:
            return None
        if not may_remove(mine, removed, required):
            raise LastFactorError
        store.remove_factor(session, caller.practice_id, removed.id)
        if len(mine) == 1:
            store.remove_factors_of(session, caller.practice_id, staff.id)  # recovery codes of nothing
        record(caller, "practice.factor_removed", (staff.id,), kind=removed.kind.value)
        tell(caller, staff.id, Happening.FACTOR_REMOVED)
        return _alone(session, caller, current)


def remove_all(caller: Caller, staff_id: UUID) -> None:
    """Take every factor and recovery code of a person away, and sign every browser of theirs out.

    The password alone then leads to setting up a new factor: whoever does this has made sure who asks.
    """
    with announced(caller) as session:
        store.remove_factors_of(session, caller.practice_id, staff_id)
        staffing.end_sessions_of(session, caller.practice_id, staff_id)
        steps.forget_browsers_of(session, caller.practice_id, staff_id)
        record(caller, "practice.factors_removed", (staff_id,))
        tell(caller, staff_id, Happening.FACTOR_REMOVED)


def renew_codes(caller: Caller, staff: Staff, current: StaffSession) -> Added:
    """Make new recovery codes in the place of the old ones, and sign every other browser of the person out."""
    codes = _new_codes()
    with announced(caller) as session:
        store.write_recovery_codes(session, caller.practice_id, staff.id, [row for _, row in codes])
        record(caller, "practice.recovery_codes_made", (staff.id,))
        tell(caller, staff.id, Happening.RECOVERY_CODES_MADE)
        return Added(_alone(session, caller, current), tuple(code for code, _ in codes))


def codes_left(caller: Caller, staff_id: UUID) -> int:
    """Count the recovery codes of a person that are not used."""
    return store.recovery_codes_left(caller.session, caller.practice_id, staff_id)


def _added(
    session: Session, caller: Caller, staff: Staff, current: StaffSession, kind: Factor, codes: "_Codes"
) -> Added:
    if codes:
        store.write_recovery_codes(session, caller.practice_id, staff.id, [row for _, row in codes])
    record(caller, "practice.factor_added", (staff.id,), kind=kind.value)
    tell(caller, staff.id, Happening.FACTOR_ADDED)
    return Added(_alone(session, caller, current, kind), tuple(code for code, _ in codes))


def _alone(session: Session, caller: Caller, current: StaffSession, factor: Factor | None = None) -> UUID:
    """Leave one browser signed in, under a new id."""
    staffing.end_sessions_of(session, caller.practice_id, current.staff_id)
    return take_over(session, caller, current, factor)


def _needs_codes(caller: Caller, staff: Staff) -> bool:
    return not own_factors(caller, staff.id) or codes_left(caller, staff.id) == 0


def _refuse_too_many(session: Session, caller: Caller, staff: Staff) -> None:
    staffing.hold(session, caller.practice_id, staff.id)  # so that several at once are counted one after the other
    if len(own_factors(caller, staff.id)) >= MOST_FACTORS:
        raise TooManyFactorsError


_Codes = tuple[tuple[str, RecoveryCode], ...]


def _new_codes() -> _Codes:
    """Make recovery codes; they are hashed before a transaction begins, since that takes a second or two."""
    labels: list[str] = []
    while len(labels) < RECOVERY_CODES:
        label = _letters(LABEL)
        if label not in labels:
            labels.append(label)
    secret_parts = [_letters(SECRET_PART) for _ in labels]
    return tuple(
        (label + rest, RecoveryCode(new_id(), label, hash_password(rest)))
        for label, rest in zip(labels, secret_parts, strict=True)
    )


def _letters(count: int) -> str:
    return "".join(secrets.choice(CODE_LETTERS) for _ in range(count))


def _secret() -> str:
    return base64.b32encode(os.urandom(SECRET_BYTES)).decode()
