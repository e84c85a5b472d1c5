"""Alerts: a deadline that was reached, to whom it belongs, and what was done with it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from app.deadlines.facts import Basis, Clears, Reason, Subject
from app.values.fact import choices


@choices
class ClosedBy(StrEnum):
    """Why an alert is no longer open."""

    CLEARED = "cleared"  # its cause is gone
    ACKNOWLEDGED = "acknowledged"  # a person saw it, and it asks for no more
    PASSED = "passed"  # its last day is over
    SUPERSEDED = "superseded"


@dataclass(frozen=True, slots=True)
class Alert:
    """One open or closed alert: at most one open for each subject and reason.

    `step` is the last one reached, `told_at` when it was. `owner_id` is whose it is now, None: all coordinators of
    its site. `level` counts escalations: 0 the owner, 1 the backup, 2 the manager. `code` is what the short link of a
    message holds. `patient_id` only says whose page shows it.
    """

    id: UUID
    subject: Subject
    reason: Reason
    step: str
    zone: str
    clears: Clears
    basis: Basis
    opened_at: datetime
    told_at: datetime
    due_on: date | None = None
    due_at: datetime | None = None
    site_id: UUID | None = None
    owner_id: UUID | None = None
    urgent: bool = False
    counts: Mapping[str, int] = field(default_factory=dict)
    level: int = 0
    acknowledged_at: datetime | None = None
    acknowledged_by: UUID | None = None
    snoozed_until: datetime | None = None
    closed_at: datetime | None = None
    closed_by: ClosedBy | None = None
    version: int = 1
    patient_id: UUID | None = None
    code: str = ""
    escalate_at: datetime | None = None
