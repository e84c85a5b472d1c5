"""Who is told, by which way, and when not: what routing needs to know of each person of the practice."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, time
from uuid import UUID

from app.alerts.facts.outbox import Way
from app.deadlines.facts import Reason
from app.practice.facts.staff import Role
from app.values.spans import DateSpan

QUIET_FROM = time(19)
QUIET_UNTIL = time(7)


@dataclass(frozen=True, slots=True)
class Absence:
    """Days (both included) on which a person is away, and who covers; None: the backup."""

    span: DateSpan
    cover_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Duty:
    """From when to when (UTC) a person is on call."""

    begins_at: datetime
    ends_at: datetime


@dataclass(frozen=True, slots=True)
class Person:
    """One active person of the practice as routing sees them.

    `sites` empty: all sites. `phone` is opened (+1 and ten digits), None: no number on file. `ways` by reason; a
    reason that is missing has the defaults of `alerts/rules/people.py`. `thresholds` replaces the default days ahead of
    a reason (`60,30,14`). Quiet from `quiet_from` to `quiet_until` and on weekends, in `zone`. `digest_at` None: no
    daily digest. `stopped`: the number has ended texts. `sees`: the only sites in the person's sight, None: all.
    """

    id: UUID
    name: str
    email: str
    roles: frozenset[Role]
    zone: str
    sites: frozenset[UUID] = frozenset()
    phone: str | None = None
    ways: Mapping[Reason, frozenset[Way]] = field(default_factory=dict)
    thresholds: Mapping[Reason, tuple[int, ...]] = field(default_factory=dict)
    quiet_from: time = QUIET_FROM
    quiet_until: time = QUIET_UNTIL
    quiet_weekends: bool = True
    digest_at: time | None = None
    backup_id: UUID | None = None
    absences: tuple[Absence, ...] = ()
    on_call: tuple[Duty, ...] = ()
    stopped: bool = False
    sees: frozenset[UUID] | None = None
