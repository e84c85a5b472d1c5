"""What a token is made of, and what it opens."""

import base64
import hashlib
import re
from collections.abc import Iterable
from datetime import datetime, timedelta

from app.api.facts.tokens import ApiScope, Rate, Token
from app.practice.facts.staff import Permission
from app.values.scope import EVERYTHING, Scope

PREFIX = "cleared_"
"""How every secret begins, so that a scanner of source code and logs knows one when it sees it."""
SECRET_BYTES = 32
LONGEST_LIFE = timedelta(days=365)
RATES = (60, 600, 3000)
"""Requests a minute that a token may be given."""
USUAL_RATE = 600
MINUTE = timedelta(minutes=1)

_SECRET = re.compile(PREFIX + r"[A-Za-z0-9_-]{43}")
_NAME = re.compile(r"[a-z][a-z0-9-]{1,38}[a-z0-9]")
_MAY = {
    ApiScope.READ_PATIENTS: Permission.SEE_CASES,
    ApiScope.READ_VISITS: Permission.SEE_SCHEDULE,
    ApiScope.READ_AUTHORIZATIONS: Permission.SEE_CASES,
    ApiScope.WRITE_AUTHORIZATIONS: Permission.EDIT_CASES,
    ApiScope.READ_COVERAGE: Permission.SEE_CASES,
    ApiScope.WRITE_COVERAGE: Permission.EDIT_CASES,
    ApiScope.READ_RULES: Permission.SEE_RULES,
    ApiScope.READ_ALERTS: Permission.SEE_SCHEDULE,
    ApiScope.WRITE_ALERTS: Permission.SEE_SCHEDULE,
    ApiScope.IMPORT: Permission.IMPORT,
}
_KEEPS = frozenset({ApiScope.WRITE_AUTHORIZATIONS, ApiScope.WRITE_COVERAGE})


def secret_of(random: bytes) -> str:
    """Write 32 random bytes as a secret: the prefix and 43 letters, digits, dashes and underscores."""
    assert len(random) == SECRET_BYTES
    return PREFIX + base64.urlsafe_b64encode(random).decode().rstrip("=")


def is_secret(text: str) -> bool:
    """Say whether a text is written as secrets are."""
    return _SECRET.fullmatch(text) is not None


def digest_of(secret: str) -> bytes:
    """Hash a secret for the database: SHA-256, 32 bytes.

    A slow hash protects what people choose and others guess. 256 random bits cannot be guessed, so that a fast hash is
    right here: whoever reads the table learns nothing, and no request waits for a third of a second.
    """
    return hashlib.sha256(secret.encode()).digest()


def is_name(text: str) -> bool:
    """Say whether a text may name a token: 3 to 40 lower-case letters, digits and dashes, a letter first."""
    return _NAME.fullmatch(text) is not None and "--" not in text


def opens(token: Token, now: datetime) -> bool:
    """Say whether a token opens anything now: not revoked, and not past its end."""
    return token.revoked_at is None and now < token.expires_at


def scopes_of(token: Token) -> frozenset[ApiScope]:
    """Name what a token may do: a file of an import shows every site, so that whoever sees some brings in none."""
    return token.scopes if token.sites is None else token.scopes - {ApiScope.IMPORT}


def permissions_of_scopes(scopes: Iterable[ApiScope]) -> frozenset[Permission]:
    """Name the permissions of people that a token's scopes come closest to, for what asks by permission."""
    return frozenset(_MAY[scope] for scope in scopes)


def sight_of(token: Token) -> Scope:
    """Say what of the practice a token sees; one that keeps cases also reaches patients before their first visit."""
    if token.sites is None:
        return EVERYTHING
    return Scope(sites=token.sites, unbooked=bool(token.scopes & _KEEPS))


def minute_of(now: datetime) -> datetime:
    """Give the beginning of the minute in which requests are counted."""
    return now.replace(second=0, microsecond=0)


def rate_of(token: Token, counted: int, now: datetime) -> Rate:
    """Say how a token stands after the request that was the `counted`-th of its minute."""
    seconds = max(1, round((minute_of(now) + MINUTE - now).total_seconds()))
    return Rate(token.per_minute, max(0, token.per_minute - counted), seconds, counted > token.per_minute)
