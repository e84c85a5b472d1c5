"""What happened to alerts: added, never changed."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.alerts.facts.notices import AlertEvent
from app.alerts.models.alerts import AlertEventRow
from app.alerts.store import rapid

_E = AlertEventRow


def add(session: Session, practice_id: UUID, events: Sequence[AlertEvent]) -> None:
    """Add what happened."""
    rapid.insert(
        session,
        practice_id,
        _E,
        ("id", "alert_id", "kind", "at", "staff_id", "before", "after"),
        ((one.id, one.alert_id, one.kind, one.at, one.by, dict(one.before), dict(one.after)) for one in events),
    )


def of_alert(session: Session, practice_id: UUID, alert_id: UUID) -> tuple[AlertEvent, ...]:
    """Read all that happened to an alert, the first first."""
    chosen = select(_E).where(_E.practice_id == practice_id, _E.alert_id == alert_id).order_by(_E.id)
    return tuple(_event(row) for row in session.scalars(chosen))


def one(session: Session, practice_id: UUID, event_id: UUID) -> AlertEvent | None:
    """Read one thing that happened; None: it is not there."""
    row = session.scalar(select(_E).where(_E.practice_id == practice_id, _E.id == event_id))
    return None if row is None else _event(row)


def _event(row: AlertEventRow) -> AlertEvent:
    return AlertEvent(row.id, row.alert_id, row.kind, row.at, row.staff_id, row.before, row.after)
