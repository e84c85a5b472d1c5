"""Alerts that lost their cause are closed, and nothing more is told of them."""

from collections.abc import Sequence

from app.alerts.actions.noting import Sweeping
from app.alerts.actions.telling import MOST
from app.alerts.facts.alerts import Alert, ClosedBy
from app.alerts.facts.notices import Happened
from app.alerts.rules.packing import watch_id
from app.alerts.rules.reaching import next_at
from app.alerts.rules.routing import due_instant
from app.alerts.store import alerts as alert_store
from app.alerts.store import notices, outbox, theirs
from app.alerts.store import watch as watch_store


def close_lost(sweeping: Sweeping) -> int:
    """Close the open alerts whose deadline is gone or is not due any more. Returns how many."""
    session, practice_id = sweeping.caller.session, sweeping.caller.practice_id
    lost = alert_store.lost(session, practice_id, sweeping.now, MOST)
    passed = [one for one in lost if _has_passed(sweeping, one)]
    kept = {one.id for one in passed}
    _close(sweeping, passed, ClosedBy.PASSED)
    _close(sweeping, [one for one in lost if one.id not in kept], ClosedBy.CLEARED)
    return len(lost)


def _has_passed(sweeping: Sweeping, alert: Alert) -> bool:
    due = due_instant(alert.due_on, alert.due_at, alert.zone)
    return due is not None and due <= sweeping.now


def _close(sweeping: Sweeping, alerts: Sequence[Alert], why: ClosedBy) -> None:
    if not alerts:
        return
    session, practice_id, ids = sweeping.caller.session, sweeping.caller.practice_id, [one.id for one in alerts]
    alert_store.close(session, practice_id, ids, why, sweeping.now)
    theirs.set_shown(session, practice_id, ids, False)
    notices.cancel_of_alerts(session, practice_id, ids, sweeping.now)
    outbox.cancel_of_alerts(session, practice_id, ids, sweeping.now)
    for alert in alerts:
        sweeping.happened(alert, Happened.CLOSED, by=why.value)


def take_back_future(sweeping: Sweeping) -> int:
    """Close alerts that were told later than now: the clock stood wrong then. Their deadlines are looked at afresh."""
    session, practice_id, now = sweeping.caller.session, sweeping.caller.practice_id, sweeping.now
    ahead = alert_store.told_after(session, practice_id, now, MOST)
    _close(sweeping, ahead, ClosedBy.SUPERSEDED)
    watched = watch_store.by_ids(session, practice_id, [watch_id(one.subject, one.reason) for one in ahead])
    afresh = [(found, None, next_at(one.deadline, None, now)) for found, one in watched.items()]
    watch_store.reached(session, practice_id, afresh)
    return len(ahead)
