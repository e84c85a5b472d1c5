"""What a person's step makes of an alert, and whether it may be taken: acknowledge, snooze, hand over, take, undo."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from uuid import UUID

from app.alerts.facts.alerts import Alert, ClosedBy
from app.alerts.rules.escalating import escalates_at
from app.alerts.rules.routing import due_instant, local_day
from app.deadlines.facts import Clears
from app.deadlines.rules.calendar import start_of_day, zone_of

UNDO_LASTS = timedelta(hours=24)
LONGEST_SNOOZE = timedelta(days=90)


def acknowledged(alert: Alert, by: UUID, now: datetime) -> Alert:
    """A person saw it: it does not rise any more. One that asks for no more than to be seen is closed."""
    seen = _dealt_with(replace(alert, acknowledged_at=now, acknowledged_by=by))
    if alert.clears is Clears.SEEN:
        return replace(seen, closed_at=now, closed_by=ClosedBy.ACKNOWLEDGED)
    return seen


def taken(alert: Alert, by: UUID, now: datetime) -> Alert:
    """A person made it theirs."""
    return _dealt_with(replace(alert, owner_id=by, acknowledged_at=now, acknowledged_by=by))


def snoozed(alert: Alert, until: date) -> Alert:
    """It is quiet until the first instant of a day at its site, and is told again then."""
    return replace(_dealt_with(alert), snoozed_until=start_of_day(until, zone_of(alert.zone)))


def handed_over(alert: Alert, to: UUID, now: datetime) -> Alert:
    """It is another person's, who has four business hours to acknowledge it."""
    rises_at = escalates_at(alert.reason, 0, now, alert.zone)
    return replace(
        _dealt_with(alert), owner_id=to, acknowledged_at=None, acknowledged_by=None, level=0, escalate_at=rises_at
    )


def snooze_span(alert: Alert, now: datetime) -> tuple[date, date]:
    """The first and the last day until which an alert may be snoozed: from tomorrow to its last day.

    Where its last day is over, or it has none, ninety days are the most.
    """
    today = local_day(now, alert.zone)
    due = due_instant(alert.due_on, alert.due_at, alert.zone)
    last = None if due is None else alert.due_on or local_day(due, alert.zone)
    tomorrow = today + timedelta(days=1)
    if last is not None and due is not None and due > now:
        return tomorrow, last
    return tomorrow, today + LONGEST_SNOOZE


def _dealt_with(alert: Alert) -> Alert:
    return replace(alert, escalate_at=None, snoozed_until=None, version=alert.version + 1)


def kept(alert: Alert) -> dict[str, object]:
    """What an undo needs of an alert, as small values for its event."""
    return {
        "owner": _hex(alert.owner_id),
        "acknowledged_at": _instant(alert.acknowledged_at),
        "acknowledged_by": _hex(alert.acknowledged_by),
        "snoozed_until": _instant(alert.snoozed_until),
        "closed": alert.closed_at is not None,
        "level": alert.level,
        "rises": alert.escalate_at is not None,
        "version": alert.version,
    }


def restored(alert: Alert, before: dict[str, object], now: datetime) -> Alert:
    """An alert as it stood before a person's step; whoever has it again has four business hours again."""
    level = before["level"]
    assert isinstance(level, int)
    return replace(
        alert,
        owner_id=_id(before["owner"]),
        acknowledged_at=_at(before["acknowledged_at"]),
        acknowledged_by=_id(before["acknowledged_by"]),
        snoozed_until=_at(before["snoozed_until"]),
        level=level,
        escalate_at=escalates_at(alert.reason, level, now, alert.zone) if before["rises"] else None,
        closed_at=None,
        closed_by=None,
        version=alert.version + 1,
    )


def _hex(one: UUID | None) -> str | None:
    return None if one is None else one.hex


def _id(kept_id: object) -> UUID | None:
    return UUID(hex=kept_id) if isinstance(kept_id, str) else None


def _instant(at: datetime | None) -> str | None:
    return None if at is None else at.isoformat()


def _at(kept_at: object) -> datetime | None:
    return datetime.fromisoformat(kept_at) if isinstance(kept_at, str) else None
