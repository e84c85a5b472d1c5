"""What makes a request that is sent again do its work once."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

KEPT_FOR = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class Answered:
    """An answer as it went out: status, body, and the headers that belong to it."""

    status: int
    body: str
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Once:
    """A request under a key: blind indexes of the key and of what was asked, 16 bytes each."""

    key: bytes
    request: bytes


@dataclass(frozen=True, slots=True)
class Kept:
    """The first answer under a key, and to what it was given."""

    request: bytes
    at: datetime
    answer: Answered
