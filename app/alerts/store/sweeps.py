"""How sweeping stands in a practice. Its row is what keeps two sweeps of one practice apart."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from app.alerts.facts.notices import SweepState
from app.alerts.models.alerts import AlertSweepRow

_S = AlertSweepRow


def hold_state(session: Session, practice_id: UUID) -> SweepState:
    """Read how sweeping stands and keep every other sweep of this practice waiting until this transaction ends."""
    made = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    session.execute(
        made(_S)
        .values(practice_id=practice_id, swept_at=None, held_at=None, held=0)
        .on_conflict_do_nothing(index_elements=["practice_id"])
    )
    row = session.execute(
        select(_S.swept_at, _S.held_at, _S.held).where(_S.practice_id == practice_id).with_for_update()
    ).one()
    return SweepState(row.swept_at, row.held_at, row.held)


def state_of(session: Session, practice_id: UUID) -> SweepState:
    """Read how sweeping stands."""
    row = session.execute(select(_S.swept_at, _S.held_at, _S.held).where(_S.practice_id == practice_id)).one_or_none()
    return SweepState() if row is None else SweepState(row.swept_at, row.held_at, row.held)


def swept(session: Session, practice_id: UUID, now: datetime) -> None:
    """Note that a sweep was made."""
    session.execute(update(_S).where(_S.practice_id == practice_id).values(swept_at=now))


def hold_back(session: Session, practice_id: UUID, since: datetime | None, notices: int) -> None:
    """Compose no message from an instant on, because of so many notices; None: compose again."""
    session.execute(update(_S).where(_S.practice_id == practice_id).values(held_at=since, held=notices))
