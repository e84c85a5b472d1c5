"""Second factors: whether a code is right, what may be taken away, and how long a sign-in may be under way."""

import re
from collections.abc import Iterable
from datetime import datetime, timedelta

from passlib.exc import TokenError
from passlib.totp import TOTP

from app.practice.facts.factors import SignInStep, StaffFactor
from app.practice.facts.staff import Factor

STEP_LASTS = timedelta(minutes=5)
"""How long after the password the second factor may come."""

MOST_TRIES = 5
"""Wrong codes after one password; then the password is asked for again."""

SETUP_LASTS = timedelta(minutes=15)
"""How long the secret of an app that is being set up stays the same."""

PERIOD = 30
"""Seconds of one code of an authenticator app (RFC 6238)."""

MOST_FACTORS = 10
RECOVERY_CODES = 10
FEW_CODES = 3
"""With so many recovery codes left, or fewer, a person is told to make new ones."""

CODE_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"
"""What recovery codes are made of: nothing that is mistaken for something else."""

LABEL, SECRET_PART = 2, 10
"""Letters of a recovery code: by which it is found, and that are hashed (49 bits)."""

_APP_CODE = re.compile(r"\d{6}")


def accepted_step(secret: str, typed: str, now: datetime, last_step: int | None) -> int | None:
    """Say of which 30 seconds a code of an authenticator app is, when it is good.

    Takes     the secret in base32; what was typed; the instant; the last step of which a code was taken, if any.
    Returns   the step, counted from 1970: the present one, or one earlier or later, and later than the last one taken;
              None for any other code. So no code is taken twice, nor one older than a code taken.
    """
    code = bare(typed)
    if not _APP_CODE.fullmatch(code):
        return None
    try:
        found = TOTP(key=secret, format="base32").match(
            code, time=int(now.timestamp()), window=PERIOD, last_counter=-1 if last_step is None else last_step
        )
    except TokenError:
        return None
    return int(found.counter)


def app_address(secret: str, person: str, practice: str) -> str:
    """Make the address (`otpauth:`) that an authenticator app reads from the QR code."""
    issuer = re.sub(r"[^\w .-]", "", f"Cleared {practice}")[:40].strip()
    return str(TOTP(key=secret, format="base32").to_uri(label=person.replace(":", ""), issuer=issuer))


def bare(typed: str) -> str:
    """What was typed, without spaces and dashes, in small letters."""
    return re.sub(r"[\s\-–]", "", typed).lower()


def is_app_code(typed: str) -> bool:
    """Say whether what was typed has the form of an app's code: six digits."""
    return _APP_CODE.fullmatch(bare(typed)) is not None


def recovery_parts(typed: str) -> tuple[str, str] | None:
    """Split what was typed into the letters by which a recovery code is found, and the rest; None: not of its form."""
    code = bare(typed)
    if len(code) != LABEL + SECRET_PART or not set(code) <= set(CODE_LETTERS):
        return None
    return code[:LABEL], code[LABEL:]


def grouped(code: str) -> str:
    """Write a code or a secret in groups of four, to be read and typed."""
    return "-".join(code[start : start + 4] for start in range(0, len(code), 4))


def step_over(step: SignInStep, now: datetime) -> bool:
    """Say whether a sign-in is no longer under way: five minutes old, or five codes wrong."""
    return now - step.began_at >= STEP_LASTS or step.tries >= MOST_TRIES


def may_remove(factors: Iterable[StaffFactor], removed: StaffFactor, required: bool) -> bool:
    """Say whether a person may take a factor of their own away: the last one only where none is required."""
    left = [one for one in factors if one.id != removed.id and one.confirmed_at is not None]
    return bool(left) or not required


def must_set_up(required: bool, shown: Factor | None) -> bool:
    """Say whether a signed-in person must set up a second factor before anything else opens."""
    return required and shown is None
