"""The outbox: queuing, cancelling and reading messages. Claiming and recording stand in `claims.py`."""

import secrets
from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import delete, func, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from app.alerts.facts.delivery import Attempt
from app.alerts.facts.outbox import Delivery, Message, State, Way
from app.alerts.models.outbox import OutboxAlertRow, OutboxAttemptRow, OutboxMessageRow
from app.alerts.rules.ranks import RANKS
from app.alerts.store import rapid
from app.platform.rows import chunks
from app.platform.wall import finds_practice

PAGE = 50
_ROW = OutboxMessageRow


def queue_once(session: Session, practice_id: UUID, message: Message) -> bool:
    """Write a message unless its key is there already. Returns whether it was new."""
    return queue_all(session, practice_id, (message,)) == 1


def queue_all(session: Session, practice_id: UUID, messages: Sequence[Message]) -> int:
    """Write messages whose keys are not there yet, inside the transaction that is open. Returns how many were new."""
    known = _known_keys(session, practice_id, [message.key for message in messages])
    by_key = {message.key: message for message in messages if message.key not in known}
    fresh = tuple(by_key.values())
    if not fresh:
        return 0
    made = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    statement = made(_ROW).on_conflict_do_nothing(index_elements=["practice_id", "key"])
    session.connection().execute(statement, [_values(practice_id, message) for message in fresh])
    written = _written(session, practice_id, fresh)
    told = [
        (alert_id, message.id)
        for message in fresh
        if message.id in written
        for alert_id in dict.fromkeys(message.alert_ids)
    ]
    rapid.insert(session, practice_id, OutboxAlertRow, ("alert_id", "message_id"), told)
    return len(written)


def _known_keys(session: Session, practice_id: UUID, keys: Sequence[str]) -> set[str]:
    known: set[str] = set()
    for start in range(0, len(keys), 400):
        part = keys[start : start + 400]
        known.update(session.scalars(select(_ROW.key).where(_ROW.practice_id == practice_id, _ROW.key.in_(part))))
    return known


def _written(session: Session, practice_id: UUID, messages: Sequence[Message]) -> set[UUID]:
    """Ids of the messages that stand: another process may have queued the same cause at the same time."""
    written: set[UUID] = set()
    for part in chunks([message.id for message in messages]):
        written.update(session.scalars(select(_ROW.id).where(_ROW.practice_id == practice_id, _ROW.id.in_(part))))
    return written


def _values(practice_id: UUID, message: Message) -> dict[str, Any]:
    return {
        "practice_id": practice_id,
        "id": message.id,
        "key": message.key,
        "way": message.way,
        "kind": message.to,
        "recipient_id": message.recipient_id,
        "template": message.template,
        "language": message.language,
        "fields": dict(message.fields),
        "alert_ids": [alert_id.hex for alert_id in message.alert_ids],
        "queued_at": message.queued_at,
        "not_before": message.not_before,
        "expires_at": message.expires_at,
        "state": State.PENDING,
        "rank": RANKS[State.PENDING],
        "next_try_at": message.not_before,
        "attempts": 0,
        "reference": secrets.token_urlsafe(16),
    }


def cancel_of_alerts(session: Session, practice_id: UUID, alert_ids: Sequence[UUID], now: datetime) -> int:
    """Cancel the pending messages that tell of nothing but alerts that lost their cause. Returns how many."""
    cancelled = 0
    for part in chunks(alert_ids):
        touched = set(
            session.scalars(
                select(OutboxAlertRow.message_id)
                .join(_ROW, (_ROW.practice_id == OutboxAlertRow.practice_id) & (_ROW.id == OutboxAlertRow.message_id))
                .where(
                    OutboxAlertRow.practice_id == practice_id,
                    OutboxAlertRow.alert_id.in_(part),
                    _ROW.state == State.PENDING,
                )
            )
        )
        for messages in chunks(list(touched)):
            cancelled += _untie(session, practice_id, part, messages, now)
    return cancelled


def _untie(
    session: Session, practice_id: UUID, alert_ids: Sequence[UUID], messages: Sequence[UUID], now: datetime
) -> int:
    session.execute(
        delete(OutboxAlertRow).where(
            OutboxAlertRow.practice_id == practice_id,
            OutboxAlertRow.message_id.in_(messages),
            OutboxAlertRow.alert_id.in_(alert_ids),
        )
    )
    still = select(OutboxAlertRow.message_id).where(OutboxAlertRow.practice_id == practice_id)
    return _cancel(session, practice_id, now, "cause_gone", _ROW.id.in_(messages), _ROW.id.not_in(still))


def cancel(session: Session, practice_id: UUID, message_id: UUID, now: datetime, why: str = "by_person") -> bool:
    """Cancel one message that is still pending; `why` is one word. Returns whether it was."""
    return _cancel(session, practice_id, now, why, _ROW.id == message_id) == 1


def cancel_unsent(session: Session, practice_id: UUID, now: datetime, why: str) -> int:
    """Cancel every message that is pending, or claimed and not known to have gone. Returns how many."""
    result = session.execute(
        update(_ROW)
        .where(_ROW.practice_id == practice_id, _ROW.state.in_((State.PENDING, State.CLAIMED)))
        .values(state=State.CANCELLED, rank=RANKS[State.CANCELLED], why=why, ended_at=now, address=None)
        .execution_options(synchronize_session=False)
    )
    return int(result.rowcount)  # type: ignore[attr-defined]


def cancel_to(session: Session, practice_id: UUID, recipient_ids: Sequence[UUID], way: Way, now: datetime) -> int:
    """Cancel all pending messages to some recipients by one way, as after a STOP. Returns how many."""
    return sum(
        _cancel(session, practice_id, now, "stopped", _ROW.recipient_id.in_(part), _ROW.way == way)
        for part in chunks(recipient_ids)
    )


def _cancel(session: Session, practice_id: UUID, now: datetime, why: str, *which: Any) -> int:
    result = session.execute(
        update(_ROW)
        .where(_ROW.practice_id == practice_id, _ROW.state == State.PENDING, *which)
        .values(state=State.CANCELLED, rank=RANKS[State.CANCELLED], why=why, ended_at=now)
        .execution_options(synchronize_session=False)
    )
    return int(result.rowcount)  # type: ignore[attr-defined]


def last_to(session: Session, practice_id: UUID, recipient_ids: Sequence[UUID], way: Way) -> dict[UUID, datetime]:
    """When each of some recipients was last sent a message by one way; whoever never was is missing."""
    last: dict[UUID, datetime] = {}
    for part in chunks(recipient_ids):
        found = session.execute(
            select(_ROW.recipient_id, func.max(_ROW.claimed_at))
            .where(
                _ROW.practice_id == practice_id,
                _ROW.recipient_id.in_(part),
                _ROW.way == way,
                _ROW.claimed_at.is_not(None),
            )
            .group_by(_ROW.recipient_id)
        )
        last.update((recipient, at) for recipient, at in found if at is not None)
    return last


def page(
    session: Session, practice_id: UUID, state: State | None = None, before: UUID | None = None
) -> tuple[Delivery, ...]:
    """Read a page of 50 messages, newest first, of one state or all; `before` is the id of the last one shown."""
    which = [_ROW.practice_id == practice_id]
    if state is not None:
        which.append(_ROW.state == state)
    if before is not None:
        which.append(_ROW.id < before)
    rows = session.scalars(select(_ROW).where(*which).order_by(_ROW.id.desc()).limit(PAGE))
    return tuple(_delivery(row) for row in rows)


def counts(session: Session, practice_id: UUID) -> dict[State, int]:
    """Count the messages of each state; a state without any is missing."""
    found = session.execute(
        select(_ROW.state, func.count()).where(_ROW.practice_id == practice_id).group_by(_ROW.state)
    )
    return {row[0]: row[1] for row in found}


def delivery(session: Session, practice_id: UUID, message_id: UUID) -> Delivery | None:
    """Read how one message stands; None: there is no such message."""
    row = session.scalar(select(_ROW).where(_ROW.practice_id == practice_id, _ROW.id == message_id))
    return None if row is None else _delivery(row)


def attempts_of(session: Session, practice_id: UUID, message_id: UUID) -> tuple[Attempt, ...]:
    """Read every attempt at a message, oldest first."""
    rows = session.scalars(
        select(OutboxAttemptRow)
        .where(OutboxAttemptRow.practice_id == practice_id, OutboxAttemptRow.message_id == message_id)
        .order_by(OutboxAttemptRow.id)
    )
    return tuple(Attempt(row.at, row.outcome, row.code) for row in rows)


@finds_practice
def by_reference(session: Session, reference: str) -> tuple[UUID, UUID] | None:
    """Find a message by our own opaque reference: the practice and the message. It finds the practice itself."""
    found = session.execute(select(_ROW.practice_id, _ROW.id).where(_ROW.reference == reference).limit(2)).all()
    return (found[0][0], found[0][1]) if len(found) == 1 else None


def _delivery(row: OutboxMessageRow) -> Delivery:
    return Delivery(
        message=message_of(row),
        state=row.state,
        attempts=row.attempts,
        segments=row.segments,
        reference=row.reference,
        provider_id=row.provider_id,
        code=row.code,
        why=row.why,
        next_try_at=row.next_try_at if row.state is State.PENDING else None,
        claimed_at=row.claimed_at,
        sent_at=row.sent_at,
        ended_at=row.ended_at,
    )


MESSAGE_COLUMNS = (
    *(_ROW.id, _ROW.key, _ROW.way, _ROW.kind, _ROW.recipient_id, _ROW.template, _ROW.queued_at, _ROW.not_before),
    *(_ROW.expires_at, _ROW.language, _ROW.fields, _ROW.alert_ids),
)
"""The columns of which a message is made."""


def message_of(row: Any) -> Message:
    """Make a message of a row that holds at least these columns."""
    return Message(
        id=row.id,
        key=row.key,
        way=row.way,
        to=row.kind,
        recipient_id=row.recipient_id,
        template=row.template,
        queued_at=row.queued_at,
        not_before=row.not_before,
        expires_at=row.expires_at,
        language=row.language,
        fields=row.fields,
        alert_ids=tuple(UUID(hex=text) for text in row.alert_ids),
    )
