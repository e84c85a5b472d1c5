"""How sweeping stands in a practice. Its row is what keeps two sweeps of one practice apart."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Select, select, update
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
        .values(practice_id=practice_id, swept_at=None, held_at=None, held=0, let_at=None)
        .on_conflict_do_nothing(index_elements=["practice_id"])
    )
    row = session.execute(_of(practice_id).with_for_update()).one()
    return SweepState(*row)


def state_of(session: Session, practice_id: UUID) -> SweepState:
    """Read how sweeping stands."""
    row = session.execute(_of(practice_id)).one_or_none()
    return SweepState() if row is None else SweepState(*row)


def swept(session: Session, practice_id: UUID, now: datetime) -> None:
    """Note that a sweep was made."""
    session.execute(update(_S).where(_S.practice_id == practice_id).values(swept_at=now))


def hold_back(session: Session, practice_id: UUID, now: datetime, notices: int) -> None:
    """Compose no message from now on, because of so many notices."""
    values = {"held_at": now, "held": notices, "let_at": None}
    session.execute(update(_S).where(_S.practice_id == practice_id).values(values))


def release(session: Session, practice_id: UUID, let_at: datetime | None) -> None:
    """Compose messages again. `let_at`: a person let through what waited, None: it was discarded."""
    values = {"held_at": None, "held": 0, "let_at": let_at}
    session.execute(update(_S).where(_S.practice_id == practice_id).values(values))


def _of(practice_id: UUID) -> Select[Any]:
    columns: tuple[Any, ...] = (_S.swept_at, _S.held_at, _S.held, _S.let_at)
    return select(*columns).where(_S.practice_id == practice_id)
