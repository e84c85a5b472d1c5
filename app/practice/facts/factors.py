"""Second factors, recovery codes, and a sign-in that is under way."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from app.practice.facts.staff import Factor


@dataclass(frozen=True, slots=True)
class StaffFactor:
    """One authenticator app or passkey of one person, under the name that the person gave it.

    `confirmed_at` None: begun, and no code shown yet; it opens nothing.
    `secret`       of an app: base32, as the app takes it. `last_step`: the last 30 seconds of which a code was taken.
    `credential`   of a passkey: its id in base64url; `public_key` and `sign_count` as the authenticator gave them.
    """

    id: UUID
    staff_id: UUID
    kind: Factor
    name: str
    added_at: datetime
    confirmed_at: datetime | None = None
    used_at: datetime | None = None
    secret: str | None = field(default=None, repr=False)
    last_step: int | None = None
    credential: str | None = None
    public_key: bytes | None = None
    sign_count: int | None = None


@dataclass(frozen=True, slots=True)
class RecoveryCode:
    """One recovery code: its first letters, by which it is found, and the hash of the rest."""

    id: UUID
    label: str
    code_hash: str = field(repr=False)
    used_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class SignInStep:
    """A sign-in between password and second factor. `tries` counts wrong codes; `next_path`: the page asked for."""

    id: UUID
    practice_id: UUID
    staff_id: UUID
    began_at: datetime
    tries: int = 0
    next_path: str = ""


class Purpose(StrEnum):
    """What a passkey was asked for."""

    SIGN_IN = "sign_in"
    ADD = "add"
    AGAIN = "again"


@dataclass(frozen=True, slots=True)
class Challenge:
    """Random bytes that a passkey must sign, once.

    `whose`: the person whose passkey must answer, where that is known.
    """

    id: UUID
    purpose: Purpose
    nonce: bytes
    made_at: datetime
    whose: UUID | None = None


@dataclass(frozen=True, slots=True)
class Passkey:
    """What an authenticator said when a passkey was made."""

    credential: str
    public_key: bytes
    sign_count: int


@dataclass(frozen=True, slots=True)
class KnownBrowser:
    """A browser in which a person has signed in before, known by the hash of what its cookie holds."""

    id: UUID
    staff_id: UUID
    token_hash: bytes
    made_at: datetime
    used_at: datetime


@dataclass(frozen=True, slots=True)
class FailureCount:
    """How often sign-in failed in a row for one key, when last, and until when it is locked for that."""

    failures: int = 0
    last_at: datetime | None = None
    locked_until: datetime | None = None
