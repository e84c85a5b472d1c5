"""The second factor at sign-in: codes of apps, recovery codes and passkeys, each taken once."""

import os
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from app.audit.actions import record
from app.platform.caller import Caller
from app.platform.clock import Clock
from app.platform.db import writing
from app.platform.ids import secret_id
from app.platform.passwords import password_matches
from app.practice.actions import throttling
from app.practice.actions.throttling import Origin, Refusal
from app.practice.facts.factors import Challenge, Passkey, Purpose, SignInStep, StaffFactor
from app.practice.facts.staff import Factor, Staff
from app.practice.rules.factors import STEP_LASTS, accepted_step, is_app_code, recovery_parts
from app.practice.rules.passkeys import Place, shown_count, shown_credential
from app.practice.store import factors as store
from app.practice.store import staff as staffing
from app.practice.store import steps


def check_code(
    caller: Caller, staff: Staff, typed: str, origin: Origin, step: SignInStep | None = None
) -> Factor | Refusal:
    """Take a code of an authenticator app, or a recovery code, of a person whose password was right.

    The attempt is counted as a failure before the code is compared. `step`: the sign-in that is under way.
    Returns   what was shown, or why not.
    """
    now = caller.clock.now()
    with writing(caller.session) as session:
        known = throttling.knows(session, caller.practice_id, staff.id, origin, now)
        attempt = throttling.knock(session, now, origin, f"code\0{staff.id.hex}", known)
        if attempt.refusal is None and step is not None:
            steps.count_try(session, caller.practice_id, step.id)
    if attempt.refusal is not None:
        return attempt.refusal
    recovered = None if is_app_code(typed) else _recovery_code(caller, staff, typed)
    with writing(caller.session) as session:
        shown = None if attempt.locked else _take(session, caller, staff, typed, recovered)
        throttling.answer(session, now, attempt, shown is not None)
        if shown is None:
            record(caller, "practice.code_refused", (staff.id,))
        elif shown is Factor.RECOVERY:
            record(caller, "practice.recovery_code_used", (staff.id,))
    return shown or Refusal.WRONG


def ask_passkey(session: Session, clock: Clock, purpose: Purpose, whose: UUID | None) -> Challenge:
    """Make what a passkey must sign, once, within five minutes. It belongs to no practice: nobody may be known yet."""
    now = clock.now()
    challenge = Challenge(secret_id(), purpose, os.urandom(32), now, whose)
    with writing(session):
        steps.add_challenge(session, challenge, now - STEP_LASTS)
    return challenge


def challenge_of(session: Session, clock: Clock, challenge_id: UUID, purpose: Purpose) -> Challenge | None:
    """Take what a passkey had to sign, once; None when it is unknown, too old or was made for something else."""
    with writing(session):
        found = steps.take_challenge(session, challenge_id)
    good = found is not None and found.purpose is purpose and clock.now() - found.made_at < STEP_LASTS
    return found if good else None


@dataclass(frozen=True, slots=True)
class ShownPasskey:
    """A passkey that was shown: the practice and the person whose it is."""

    practice_id: UUID
    staff: Staff


def check_passkey(
    session: Session, clock: Clock, place: Place, challenge: Challenge, typed: str, source: str | None
) -> ShownPasskey | None:
    """Find whose passkey a browser has shown; it finds the practice itself.

    Takes     where passkeys hold; what had to be signed; the browser's answer; the network address.
    Returns   the person; None when the answer does not hold, or the person may not sign in.
    """
    credential = shown_credential(typed)
    found = None if credential is None else store.passkey(session, credential)
    if found is None or challenge.whose not in (None, found[1].staff_id):
        return None
    practice_id, factor = found
    caller = Caller(session, practice_id, clock, via="web", source=source)
    count = shown_count(place, challenge.nonce, typed, _passkey(factor))
    with writing(session):
        staff = staffing.person(session, practice_id, factor.staff_id)
        if count is None or staff is None or not staff.active:
            record(caller, "practice.passkey_refused", (factor.staff_id,))
            return None
        store.note_passkey(session, practice_id, factor.id, count, clock.now())
        record(replace(caller, user_id=staff.id), "practice.passkey_shown", (staff.id,), factor=factor.id)
    return ShownPasskey(practice_id, staff)


def passkeys_of(caller: Caller, staff_id: UUID) -> tuple[str, ...]:
    """List the ids of a person's passkeys."""
    found = store.factors_of(caller.session, caller.practice_id, staff_id)
    return tuple(one.credential for one in found if one.credential is not None and one.confirmed_at is not None)


def _passkey(factor: StaffFactor) -> Passkey:
    return Passkey(factor.credential or "", factor.public_key or b"", factor.sign_count or 0)


def _recovery_code(caller: Caller, staff: Staff, typed: str) -> UUID | None:
    """Find the recovery code that was typed; the comparison costs the same whether there is one or not."""
    parts = recovery_parts(typed)
    if parts is None:
        return None
    found = store.recovery_code(caller.session, caller.practice_id, staff.id, parts[0])
    matches = password_matches(None if found is None else found.code_hash, parts[1])
    return found.id if found is not None and matches else None


def _take(session: Session, caller: Caller, staff: Staff, typed: str, recovered: UUID | None) -> Factor | None:
    now = caller.clock.now()
    if recovered is not None:
        return Factor.RECOVERY if store.use_recovery_code(session, caller.practice_id, recovered, now) else None
    for factor in store.factors_of(session, caller.practice_id, staff.id):
        if factor.confirmed_at is not None and _take_code(session, caller, factor, typed, now):
            return Factor.TOTP
    return None


def _take_code(session: Session, caller: Caller, factor: StaffFactor, typed: str, now: datetime) -> bool:
    step = None if factor.secret is None else accepted_step(factor.secret, typed, now, factor.last_step)
    return step is not None and store.take_step(session, caller.practice_id, factor.id, step, now)
