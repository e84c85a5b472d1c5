"""Notices: who must be told of which alert by which way, once."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from app.alerts.facts.notices import Notice
from app.alerts.facts.outbox import Way
from app.alerts.models.alerts import NoticeRow
from app.alerts.store import rapid
from app.platform.rows import chunks

_N = NoticeRow
_MADE = (
    "id", "key", "alert_id", "recipient_id", "way", "step", "occasion", "urgent", "made_at", "cancelled_at", "turn",
)  # fmt: skip
_FIELDS = (*_MADE, "message_id", "composed_at")


def write(
    session: Session,
    practice_id: UUID,
    notices: Sequence[Notice],
    told: Mapping[UUID, UUID] | None = None,
    now: datetime | None = None,
) -> None:
    """Write notices; one whose key is there already is left as it is, so that nobody is told twice.

    Takes     the notices; for those that a message tells at once, by id, its id; the time.
    """
    messages = told or {}
    rows = []
    for one in notices:
        message = messages.get(one.id)
        rows.append((*[getattr(one, name) for name in _MADE], message, None if message is None else now))
    names = (*_MADE, "message_id", "composed_at")
    rapid.insert(session, practice_id, _N, names, rows, "ON CONFLICT (practice_id, key) DO NOTHING")


def known_keys(session: Session, practice_id: UUID, keys: Collection[str]) -> set[str]:
    """Say which keys are there already."""
    known: set[str] = set()
    ordered = sorted(keys)
    for start in range(0, len(ordered), 400):
        piece = ordered[start : start + 400]
        known.update(session.scalars(select(_N.key).where(_N.practice_id == practice_id, _N.key.in_(piece))))
    return known


def waiting(session: Session, practice_id: UUID, limit: int) -> tuple[Notice, ...]:
    """Read notices that no message tells yet, the oldest first."""
    chosen = (
        select(*(getattr(_N, name) for name in _FIELDS))
        .where(_N.practice_id == practice_id, _N.message_id.is_(None), _N.cancelled_at.is_(None))
        .order_by(_N.id)
        .limit(limit)
    )
    return tuple(Notice(**row._mapping) for row in session.execute(chosen))


def count_waiting(session: Session, practice_id: UUID) -> int:
    """Count the notices that no message tells yet."""
    waits = (_N.practice_id == practice_id, _N.message_id.is_(None), _N.cancelled_at.is_(None))
    return session.scalar(select(func.count()).select_from(_N).where(*waits)) or 0


def composed(session: Session, practice_id: UUID, pairs: Sequence[tuple[UUID, UUID]], now: datetime) -> None:
    """Note which message tells of which notice: pairs of a notice and a message."""
    rows = ((message, now, notice) for notice, message in pairs)
    rapid.update(session, practice_id, _N, ("message_id", "composed_at"), rows)


def last_composed(session: Session, practice_id: UUID, way: Way, since: datetime) -> dict[UUID, datetime]:
    """When a message was last composed for each person by one way, of those for whom one was since an instant."""
    found = session.execute(
        select(_N.recipient_id, func.max(_N.composed_at))
        .where(_N.practice_id == practice_id, _N.way == way, _N.composed_at > since)
        .group_by(_N.recipient_id)
    )
    return {recipient: at for recipient, at in found if at is not None}


def cancel_of_alerts(session: Session, practice_id: UUID, alert_ids: Collection[UUID], now: datetime) -> None:
    """Tell no more of some alerts: what no message tells yet is cancelled."""
    for ids in chunks(list(alert_ids)):
        session.execute(
            update(_N)
            .where(
                _N.practice_id == practice_id,
                _N.alert_id.in_(ids),
                _N.message_id.is_(None),
                _N.cancelled_at.is_(None),
            )
            .values(cancelled_at=now)
        )


def cancel(session: Session, practice_id: UUID, notice_ids: Collection[UUID], now: datetime) -> None:
    """Cancel some notices."""
    for ids in chunks(list(notice_ids)):
        session.execute(update(_N).where(_N.practice_id == practice_id, _N.id.in_(ids)).values(cancelled_at=now))


def cancel_waiting(session: Session, practice_id: UUID, now: datetime) -> int:
    """Cancel every notice that no message tells yet. Returns how many."""
    done = session.execute(
        update(_N)
        .where(_N.practice_id == practice_id, _N.message_id.is_(None), _N.cancelled_at.is_(None))
        .values(cancelled_at=now)
    )
    return int(done.rowcount)  # type: ignore[attr-defined]


def messages_of(session: Session, practice_id: UUID, alert_id: UUID, people: Collection[UUID]) -> dict[UUID, UUID]:
    """Read which messages tell some people of an alert: by notice."""
    mine = (_N.practice_id == practice_id, _N.alert_id == alert_id, _N.recipient_id.in_(people))
    chosen = select(_N.id, _N.message_id).where(*mine, _N.message_id.is_not(None))
    return {row.id: row.message_id for row in session.execute(chosen) if row.message_id is not None}


def ask_again(
    session: Session,
    practice_id: UUID,
    alert_id: UUID,
    people: Collection[UUID],
    cancelled_at: datetime,
    untold: Collection[UUID],
) -> None:
    """Tell some people of an alert after all.

    Takes     the instant at which what is to be told was cancelled; the notices whose message was cancelled.
    """
    mine = (_N.practice_id == practice_id, _N.alert_id == alert_id, _N.recipient_id.in_(people))
    session.execute(update(_N).where(*mine, _N.cancelled_at == cancelled_at).values(cancelled_at=None))
    for ids in chunks(list(untold)):
        session.execute(
            update(_N).where(*mine, _N.id.in_(ids)).values(message_id=None, composed_at=None, turn=_N.turn + 1)
        )
