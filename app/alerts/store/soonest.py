"""Alerts in the order of what is due: the first of them, for a page that shows a few."""

from uuid import UUID

from sqlalchemy import ColumnElement, String, cast, func, or_, select
from sqlalchemy.orm import Session

from app.alerts.facts.alerts import Alert
from app.alerts.models.alerts import AlertPersonRow, AlertRow
from app.alerts.store.alerts import _in_sight, alert_of
from app.values.scope import EVERYTHING, Scope

_A, _P = AlertRow, AlertPersonRow


def soonest(
    session: Session,
    practice_id: UUID,
    staff_id: UUID | None,
    site_id: UUID | None,
    limit: int,
    scope: Scope = EVERYTHING,
) -> tuple[tuple[Alert, ...], int]:
    """Read the open alerts in sight that nobody has dealt with, what is due first first; what has no day comes last.

    Takes     whose, None: everybody's; the site, None: all, where alerts of no one site are of each.
    Returns   at most `limit` of them, and how many there are in all.
    """
    wanted = [_A.practice_id == practice_id, _A.closed_at.is_(None), *_in_sight(practice_id, scope)]
    if staff_id is None:
        wanted += [_A.acknowledged_at.is_(None), _A.snoozed_until.is_(None)]
    else:
        mine = select(_P.alert_id).where(_P.practice_id == practice_id, _P.staff_id == staff_id, _P.shown.is_(True))
        wanted.append(_A.id.in_(mine))
    if site_id is not None:
        wanted.append(or_(_A.site_id == site_id, _A.site_id.is_(None)))
    due = _due()
    ordered = select(_A).where(*wanted).order_by(due.is_(None), due, _A.id).limit(limit)
    count = session.scalar(select(func.count()).select_from(_A).where(*wanted))
    return tuple(alert_of(row) for row in session.scalars(ordered)), count or 0


def _due() -> ColumnElement[str | None]:
    """The day or the instant, as text that sorts by time: a whole day stands before its instants."""
    return func.coalesce(cast(_A.due_on, String), cast(_A.due_at, String))
