"""The brake of each way out of a practice: one row a way."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from app.alerts.facts.delivery import Brake
from app.alerts.facts.outbox import Way
from app.alerts.models.outbox import OutboxBrakeRow


def brakes_of(session: Session, practice_id: UUID, now: datetime, hold: bool = False) -> dict[Way, Brake]:
    """Read the brake of each way; one that never counted anything is off. `hold`: nobody else may change them."""
    asked = select(OutboxBrakeRow).where(OutboxBrakeRow.practice_id == practice_id)
    asked = asked.execution_options(populate_existing=True)
    rows = session.scalars(asked.with_for_update() if hold else asked)
    return {way: Brake(way, now) for way in Way} | {row.way: _brake(row) for row in rows}


def brakes(session: Session, practice_id: UUID) -> tuple[Brake, ...]:
    """Read the brakes of all ways that ever counted anything."""
    asked = select(OutboxBrakeRow).where(OutboxBrakeRow.practice_id == practice_id).order_by(OutboxBrakeRow.way)
    return tuple(_brake(row) for row in session.scalars(asked.execution_options(populate_existing=True)))


def brake_of(session: Session, practice_id: UUID, way: Way, now: datetime) -> Brake:
    """Read the brake of one way, for a page."""
    return brakes_of(session, practice_id, now)[way]


def save_brake(
    session: Session, practice_id: UUID, brake: Brake, released_at: datetime | None = None, by: UUID | None = None
) -> None:
    """Write a brake as given, new or known; `released_at` and `by` when a person just released it."""
    values: dict[str, Any] = {
        name: getattr(brake, name) for name in ("counted_from", "tried", "failed", "streak", "on_since", "why", "code")
    }
    if released_at is not None:
        values |= {"released_at": released_at, "released_by": by}
    made = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    session.connection().execute(
        made(OutboxBrakeRow)
        .values(practice_id=practice_id, way=brake.way, **values)
        .on_conflict_do_update(index_elements=["practice_id", "way"], set_=values)
    )


def _brake(row: OutboxBrakeRow) -> Brake:
    return Brake(row.way, row.counted_from, row.tried, row.failed, row.streak, row.on_since, row.why, row.code)
