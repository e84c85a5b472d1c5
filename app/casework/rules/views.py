"""Which rows of which queue a saved view shows."""

import hashlib
from datetime import date, timedelta
from uuid import UUID

from app.casework.facts.casebook import EXPIRING, NOBODY, RENEWING, CaseQuery, Queue, View, Which

_QUEUES = {
    View.UNASSIGNED: Queue.UNASSIGNED,
    View.PAYER: Queue.PAYER,
    View.PROVIDER: Queue.PROVIDER,
    View.INFO: Queue.INFO,
    View.ADVERSE: Queue.ADVERSE,
    View.EXPIRING: Queue.ENDING,
    View.UNITS: Queue.UNITS,
    View.RENEWAL: Queue.RENEWAL,
    View.RETRO: Queue.RETRO,
    View.PLAN: Queue.PLAN,
    View.DEFECT: Queue.DEFECT,
    View.SNOOZED: Queue.SNOOZED,
    View.ALL: Queue.ALL,
}
_SHOWS_SNOOZED = frozenset({View.SNOOZED, View.ALL})


def selection(query: CaseQuery, me: UUID | None, today: date) -> Which:
    """Say which rows a view shows with its filters.

    Takes     the query; who asks, for My work; the day. A filter for an owner goes before what the view says.
    """
    view = query.view
    owner = query.owner
    if owner is None and view is View.MINE:
        owner = me or NOBODY
    queue = _QUEUES.get(view, Queue.OPEN)
    if queue is Queue.OPEN and owner == NOBODY:
        queue, owner = Queue.UNASSIGNED, None
    return Which(
        queue,
        owner,
        query.payer,
        query.status,
        _days(view, today),
        None if view in _SHOWS_SNOOZED else today,
    )


def _days(view: View, today: date) -> tuple[date | None, date | None]:
    if view is View.WEEK:
        return None, today + timedelta(days=6 - today.weekday())
    if view is View.EXPIRING:
        return today, today + timedelta(days=EXPIRING)
    if view is View.RENEWAL:
        return None, today + timedelta(days=RENEWING)
    if view is View.SNOOZED:
        return today + timedelta(days=1), None
    return None, None


def steering_mark(owner_id: UUID | None, action: str | None, on: date | None) -> str:
    """Name the state of a case's steering, so that a form can tell whether somebody was quicker: 12 digits."""
    told = repr((owner_id and owner_id.hex, action, on and on.isoformat()))
    return hashlib.sha256(told.encode()).hexdigest()[:12]
