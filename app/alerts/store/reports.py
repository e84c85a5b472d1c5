"""What providers report of messages: each report once, and a rank that only rises."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import func, or_, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from app.alerts.facts.outbox import State
from app.alerts.models.outbox import OutboxMessageRow, ProviderEventRow
from app.alerts.rules.ranks import ENDS, RANKS

_ROW = OutboxMessageRow


def note_report(
    session: Session,
    practice_id: UUID,
    message_id: UUID,
    provider_id: str,
    status: str,
    code: str | None,
    now: datetime,
) -> bool:
    """Keep a report. Returns whether it is new: the same one twice is one."""
    made = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    result = session.connection().execute(
        made(ProviderEventRow)
        .values(
            practice_id=practice_id,
            provider_id=provider_id,
            status=status,
            message_id=message_id,
            at=now,
            code=code,
        )
        .on_conflict_do_nothing(index_elements=["practice_id", "provider_id", "status"])
        .returning(ProviderEventRow.status)
    )
    return result.first() is not None


def raise_to(
    session: Session,
    practice_id: UUID,
    message_id: UUID,
    state: State,
    provider_id: str,
    now: datetime,
    code: str | None = None,
    why: str | None = None,
) -> bool:
    """Raise a message to a state that the provider reports. Returns whether it stood below.

    A report of another message of the provider than the one that is known as this one changes nothing.
    """
    result = session.execute(
        update(_ROW)
        .where(
            _ROW.practice_id == practice_id,
            _ROW.id == message_id,
            _ROW.rank < RANKS[state],
            or_(_ROW.provider_id.is_(None), _ROW.provider_id == provider_id),
        )
        .values(
            state=state,
            rank=RANKS[state],
            provider_id=provider_id,
            code=code,
            why=why,
            address=None,
            text_digest=None,
            sent_at=func.coalesce(_ROW.sent_at, now),
            ended_at=now if state in ENDS else None,
        )
        .execution_options(synchronize_session=False)
    )
    return bool(result.rowcount == 1)  # type: ignore[attr-defined]
