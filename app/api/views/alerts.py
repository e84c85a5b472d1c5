"""Alerts as the API describes them."""

from typing import Any

from app.alerts.facts.alerts import Alert, ClosedBy
from app.api.rules.written import Day, Given, Id, Instant
from app.deadlines.facts import BasisKind, Clears, Reason, SubjectKind


class AlertGiven(Given):
    """A deadline that was reached. `subject`: what it is about, an authorization by its id among others."""

    id: Id
    reason: Reason
    subject_kind: SubjectKind
    subject: str
    step: str
    due_on: Day | None
    due_at: Instant | None
    opened_at: Instant
    told_at: Instant
    site_id: Id | None
    patient_id: Id | None
    urgent: bool
    level: int
    clears: Clears
    basis: BasisKind
    acknowledged_at: Instant | None
    acknowledged_by: Id | None
    snoozed_until: Instant | None
    closed_at: Instant | None
    closed_by: ClosedBy | None
    etag: str


class AlertPage(Given):
    """One page of alerts, the one told last first."""

    items: list[AlertGiven]
    next: str | None


_PLAIN = tuple(name for name in AlertGiven.model_fields if name not in ("subject_kind", "subject", "basis", "etag"))


def alert_body(one: Alert, tag: str) -> dict[str, Any]:
    """Write one alert with its ETag."""
    return {name: getattr(one, name) for name in _PLAIN} | {
        "subject_kind": one.subject.kind,
        "subject": one.subject.key,
        "basis": one.basis.kind,
        "etag": tag,
    }
