"""Tokens of the API: named principals that other programs act as."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID


class ApiScope(StrEnum):
    """What a token may do. A token has only what is named here; there is no scope that means everything."""

    READ_PATIENTS = "read:patients"
    READ_VISITS = "read:visits"
    READ_AUTHORIZATIONS = "read:authorizations"
    WRITE_AUTHORIZATIONS = "write:authorizations"
    READ_COVERAGE = "read:coverage"
    WRITE_COVERAGE = "write:coverage"
    READ_RULES = "read:rules"
    READ_ALERTS = "read:alerts"
    WRITE_ALERTS = "write:alerts"
    IMPORT = "import"


@dataclass(frozen=True, slots=True)
class Token:
    """One token. Its secret is not here: only a hash of it is stored, and it is shown once.

    `name`        one word, used once in a practice and never again, since the audit log calls the token by it.
    `sites`       the only sites in its sight; None: all of them.
    `per_minute`  how many requests it may make in a minute.
    `revoked_at`  since when it opens nothing; None: it was not revoked.
    """

    id: UUID
    practice_id: UUID
    name: str
    scopes: frozenset[ApiScope]
    sites: frozenset[UUID] | None
    per_minute: int
    made_at: datetime
    made_by: UUID | None
    expires_at: datetime
    last_used_at: datetime | None = None
    revoked_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Rate:
    """How a token stands in the minute of a request: requests allowed, left, and seconds until the next minute."""

    limit: int
    left: int
    seconds: int
    over: bool = False
