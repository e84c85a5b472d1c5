"""Messages that did not reach their person: which of them a person is told of."""

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.alerts.facts.outbox import Message, State
from app.alerts.models.outbox import OutboxMessageRow

_ROW = OutboxMessageRow
LASTS = timedelta(days=7)


def first_failed(session: Session, practice_id: UUID, message: Message, now: datetime) -> tuple[UUID, datetime] | None:
    """Find the first of the messages that failed in a row to one recipient by one way, and when it ended.

    So that whoever cannot be reached is one task, however many messages do not arrive. None: none failed of late.
    """
    to_them = (
        _ROW.practice_id == practice_id,
        _ROW.recipient_id == message.recipient_id,
        _ROW.way == message.way,
    )
    arrived = session.scalar(
        select(func.max(_ROW.sent_at)).where(*to_them, _ROW.state.in_([State.SENT, State.DELIVERED]))
    )
    asked = select(_ROW.id, _ROW.ended_at).where(
        *to_them,
        _ROW.state.in_([State.FAILED, State.UNDELIVERED]),
        _ROW.ended_at > now - LASTS,
    )
    if arrived is not None:
        asked = asked.where(_ROW.ended_at >= arrived)
    found = session.execute(asked.order_by(_ROW.ended_at, _ROW.id).limit(1)).first()
    return None if found is None or found[1] is None else (found[0], found[1])
