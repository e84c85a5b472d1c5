"""Alerts as pages list them: narrowed, newest first, 50 a page."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Select, exists, func, or_, select
from sqlalchemy.orm import Session

from app.alerts.facts.alerts import Alert
from app.alerts.models.alerts import AlertPersonRow, AlertRow
from app.alerts.store.alerts import _in_sight, alert_of
from app.deadlines.facts import Reason
from app.values.scope import EVERYTHING, Scope

PAGE = 50
_A, _P = AlertRow, AlertPersonRow
_ALL: tuple[Any, ...] = tuple(_A.__table__.c)


@dataclass(frozen=True, slots=True)
class Narrowed:
    """Which alerts a page lists.

    `staff_id`: only those shown to a person, None: of everybody. `closed`: those that are over, not the open ones.
    `waiting`: of the open ones only those that nobody has dealt with: not acknowledged and not snoozed. `scope`: those
    in sight.
    """

    staff_id: UUID | None = None
    site_id: UUID | None = None
    reason: Reason | None = None
    closed: bool = False
    waiting: bool = False
    scope: Scope = EVERYTHING


def listed(
    session: Session, practice_id: UUID, which: Narrowed, after: tuple[datetime, UUID] | None = None
) -> tuple[tuple[Alert, ...], bool]:
    """Read one page of alerts, the one told last first.

    Takes     which; the place (`told_at`, `id`) of the last one shown, None: the first page.
    Returns   at most 50 alerts, and whether there are more.
    """
    chosen = _chosen(select(*_ALL), practice_id, which)
    if after is not None:
        told_at, alert_id = after
        chosen = chosen.where(or_(_A.told_at < told_at, (_A.told_at == told_at) & (_A.id < alert_id)))
    ordered = chosen.order_by(_A.told_at.desc(), _A.id.desc()).limit(PAGE + 1)
    found = [alert_of(row) for row in session.execute(ordered)]
    return tuple(found[:PAGE]), len(found) > PAGE


def count(session: Session, practice_id: UUID, which: Narrowed, most: int) -> int:
    """Count alerts, up to so many."""
    some = _chosen(select(_A.id), practice_id, which).limit(most).subquery()
    return session.scalar(select(func.count()).select_from(some)) or 0


def _chosen(chosen: Select[Any], practice_id: UUID, which: Narrowed) -> Select[Any]:
    chosen = chosen.where(_A.practice_id == practice_id, *_in_sight(practice_id, which.scope))
    chosen = chosen.where(_A.closed_at.is_not(None) if which.closed else _A.closed_at.is_(None))
    if which.staff_id is not None:
        # Asked of each alert, so that open ones are read in their order, however many are closed.
        mine = exists().where(_P.practice_id == practice_id, _P.alert_id == _A.id, _P.staff_id == which.staff_id)
        chosen = chosen.where(mine.where(_P.shown.is_(True)) if which.waiting else mine)
    elif which.waiting:
        chosen = chosen.where(_A.acknowledged_at.is_(None), _A.snoozed_until.is_(None))
    if which.site_id is not None:
        chosen = chosen.where(or_(_A.site_id == which.site_id, _A.site_id.is_(None)))
    if which.reason is not None:
        chosen = chosen.where(_A.reason == which.reason)
    return chosen
