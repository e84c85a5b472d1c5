"""Second factors, refusals at sign-in and signed-in browsers, in words."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from app.practice.actions.throttling import Refusal
from app.practice.facts.factors import StaffFactor
from app.practice.facts.staff import Factor, StaffSession
from app.practice.rules.sessions import session_mark
from app.values.wording import clock_time, counted, short_day

REFUSED = {
    Refusal.WRONG: (
        "The e-mail address and the password do not belong together, or sign-in is held up for a while after repeated "
        "failures. Check both. After five failures wait 15 minutes, sign in where you have signed in before, or ask "
        "for a new password."
    ),
    Refusal.BUSY: "Many people are signing in at this moment. Wait a few seconds, then sign in again.",
    Refusal.SOURCE: (
        "Sign-in failed many times from this network. Wait 15 minutes, or sign in where you have signed in before, or "
        "with a passkey."
    ),
}
"""Why a sign-in is not taken. The first sentence says nothing of who is on file."""

CODE_REFUSED = (
    "This code is not taken. A code of the app is good for about a minute and only once: wait for the next one. A "
    "recovery code is good once too. After five failures wait 15 minutes."
)
PASSKEY_REFUSED = (
    "The passkey was not taken. It was canceled, took longer than five minutes, or belongs to somebody else or to "
    "another address. Try again, or use another way."
)
AGAIN_REFUSED = (
    "This is neither your password nor a code that your app shows now. A code is taken once. After five failures wait "
    "15 minutes."
)
PASSKEY_NOT_MADE = (
    "No passkey was made. It was canceled, took longer than five minutes, or this authenticator holds one for you "
    "already. Try again, or set up an authenticator app."
)
TOO_MANY = "You have ten factors, which is as many as one may have. Remove one that you no longer use first."
LAST_FACTOR = "This is your last one, and your practice asks for a second factor. Add another first."
KINDS = {Factor.TOTP: "Authenticator app", Factor.PASSKEY: "Passkey", Factor.RECOVERY: "Recovery code"}


SHOWN = {
    None: "Password",
    Factor.TOTP: "Password and authenticator app",
    Factor.PASSKEY: "Passkey",
    Factor.RECOVERY: "Password and recovery code",
}
"""What somebody signed in with."""


def codes_left_words(left: int, used: bool) -> str:
    """Say how many recovery codes are left, and what to do when they are few."""
    begun = "That recovery code is used up. " if used else ""
    if left == 0:
        return f"{begun}No recovery code is left. Make new ones under Your sign-in."
    return f"{begun}{counted(left, 'recovery code')} left. You can make new ones under Your sign-in."


@dataclass(frozen=True, slots=True)
class SessionRow:
    """One signed-in browser as its owner sees it. `here`: the one that shows the page."""

    mark: str
    agent: str
    source: str
    shown: str
    began: str
    used: str
    here: bool


def session_rows(sessions: Iterable[StaffSession], current: UUID | None, zone: str) -> list[SessionRow]:
    """Say of signed-in browsers what they are, where they came from, and when they were used."""
    return [
        SessionRow(
            session_mark(one),
            one.agent or "A browser",
            one.source or "this machine",
            SHOWN[one.factor],
            moment(one.began_at, zone),
            moment(one.seen_at, zone),
            one.id == current,
        )
        for one in sessions
    ]


@dataclass(frozen=True, slots=True)
class FactorRow:
    """One second factor as its owner sees it."""

    id: UUID
    kind: str
    name: str
    added: str
    used: str


def factor_rows(factors: Iterable[StaffFactor], zone: str) -> list[FactorRow]:
    """Say of second factors what they are, since when, and when they were last used."""
    return [
        FactorRow(one.id, KINDS[one.kind], one.name, moment(one.added_at, zone), moment(one.used_at, zone))
        for one in factors
    ]


def moment(instant: datetime | None, zone: str) -> str:
    """Say when something was, in a zone; of what never was, that."""
    if instant is None:
        return "Not yet"
    local = instant.astimezone(ZoneInfo(zone))
    return f"{short_day(local.date())} {clock_time(local)}"
