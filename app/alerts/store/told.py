"""How people were told of alerts, what comes next, and how many messages stand in each state."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from sqlalchemy import and_, func, or_, select
from sqlalchemy.orm import Session

from app.alerts.facts.inbox import ToldOf
from app.alerts.facts.outbox import State
from app.alerts.models.alerts import NoticeRow, WatchRow
from app.alerts.models.outbox import OutboxMessageRow
from app.alerts.rules.packing import unpack
from app.deadlines.facts import Deadline
from app.platform import sight
from app.platform.rows import chunks
from app.values.scope import EVERYTHING, Scope

_N, _M, _W = NoticeRow, OutboxMessageRow, WatchRow


def told_of(session: Session, practice_id: UUID, alert_ids: Collection[UUID]) -> dict[UUID, tuple[ToldOf, ...]]:
    """Read how people were told of alerts, by alert and in order; what was cancelled before any message is left out."""
    found: dict[UUID, list[ToldOf]] = {}
    of_message = and_(_M.practice_id == _N.practice_id, _M.id == _N.message_id)
    for ids in chunks(list(alert_ids)):
        rows = session.execute(
            select(_N.alert_id, _N.recipient_id, _N.way, _N.occasion, _N.made_at, _M.id, _M.state, _M.sent_at)
            .outerjoin(_M, of_message)
            .where(_N.practice_id == practice_id, _N.alert_id.in_(ids), _N.cancelled_at.is_(None))
            .order_by(_N.made_at, _N.id)
        )
        for row in rows:
            found.setdefault(row[0], []).append(ToldOf(row[1], row[2], row[3], row[4], row[5], row[6], row[7]))
    return {alert_id: tuple(told) for alert_id, told in found.items()}


def coming(session: Session, practice_id: UUID, scope: Scope = EVERYTHING) -> tuple[Deadline, datetime] | None:
    """Read which watched deadline of a patient in sight, or of none, is told next, and when; None: nothing is ahead."""
    ahead = select(_W.content, _W.next_at).where(_W.practice_id == practice_id, _W.next_at.is_not(None))
    if scope.limited:
        ahead = ahead.where(or_(_W.patient_id.is_(None), *sight.of_patients(practice_id, scope, _W.patient_id)))
    row = session.execute(ahead.order_by(_W.next_at, _W.id).limit(1)).one_or_none()
    return None if row is None or row[1] is None else (unpack(row[0]), row[1])


def counts_up_to(session: Session, practice_id: UUID, most: int) -> dict[State, int]:
    """Count the messages of each state, up to so many of each, in one query: however many there are, it is quick."""
    counted = [
        select(func.count())
        .select_from(select(_M.id).where(_M.practice_id == practice_id, _M.state == state).limit(most).subquery())
        .scalar_subquery()
        for state in State
    ]
    return dict(zip(State, session.execute(select(*counted)).one(), strict=True))
