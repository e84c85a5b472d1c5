"""Notices (who must be told of an alert, by which way), what happened to an alert, and how sweeping stands."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from app.alerts.facts.outbox import Way
from app.values.fact import choices


@choices
class Occasion(StrEnum):
    """Why a notice was written."""

    STEP = "step"  # the deadline reached a step
    WOKEN = "woken"  # a snooze ended
    ESCALATED = "escalated"  # nobody acknowledged in time
    HANDED = "handed"  # a person handed the alert over


@dataclass(frozen=True, slots=True)
class Notice:
    """One person who must be told of one alert by one way, once: `key` is unique in a practice.

    `message_id` names the message that tells it and `composed_at` says since when; None: not composed yet. `turn` is
    how often an undo asked for it anew. `urgent`: it may break through the quiet hours of whoever is on call.
    """

    id: UUID
    key: str
    alert_id: UUID
    recipient_id: UUID
    way: Way
    step: str
    occasion: Occasion
    urgent: bool
    made_at: datetime
    message_id: UUID | None = None
    composed_at: datetime | None = None
    cancelled_at: datetime | None = None
    turn: int = 0


@choices
class Happened(StrEnum):
    """What happened to an alert. Rows are added and never changed."""

    OPENED = "opened"
    RAISED = "raised"  # a later step was reached
    TOLD = "told"
    WOKEN = "woken"
    ACKNOWLEDGED = "acknowledged"
    SNOOZED = "snoozed"
    HANDED_OVER = "handed_over"
    TAKEN = "taken"
    ESCALATED = "escalated"
    CLOSED = "closed"
    UNDONE = "undone"


@dataclass(frozen=True, slots=True)
class AlertEvent:
    """One thing that happened to an alert. `by` None: the program. `before` and `after` hold what a person changed."""

    id: UUID
    alert_id: UUID
    kind: Happened
    at: datetime
    by: UUID | None
    before: Mapping[str, object]
    after: Mapping[str, object]


@dataclass(frozen=True, slots=True)
class SweepState:
    """How sweeping stands in a practice.

    `swept_at`: the last sweep. `held_at`: since when no message is composed, because a sweep found more than is
    believable; `held` counts the notices that waited then. A person lets them through (`let_at`), or discards them.
    """

    swept_at: datetime | None = None
    held_at: datetime | None = None
    held: int = 0
    let_at: datetime | None = None
