"""Which step of a deadline stands, and which comes next: read from the deadline and the time, and from nothing else."""

from datetime import datetime, timedelta

from app.deadlines.facts import Deadline, Reason, Step
from app.deadlines.rules.calendar import end_of_day, zone_of

DAY = timedelta(hours=24)


def now_step(deadline: Deadline, now: datetime) -> Step | None:
    """Find the step that stands.

    Takes     a deadline; the time (UTC).
    Returns   the last step whose time has come, None before the first. Of steps that were passed over, as after a night
              of downtime or on an approval that was entered late, only the last one is left to tell.
    """
    return max((step for step in deadline.steps if step.tell_at <= now), key=_order, default=None)


def next_step(deadline: Deadline, now: datetime) -> Step | None:
    """Find the step that comes next.

    Takes     a deadline; the time (UTC).
    Returns   the first step whose time has not come, None when all have.
    """
    return min((step for step in deadline.steps if step.tell_at > now), key=_order, default=None)


def _order(step: Step) -> tuple[datetime, str]:
    return step.tell_at, step.name


def days_left(deadline: Deadline, now: datetime) -> int | None:
    """Count the days from the day that it is in the deadline's zone to its last day.

    Returns   0 on the last day, below 0 after it; None for a deadline without a day or an instant.
    """
    zone = zone_of(deadline.zone)
    last = deadline.due_on or (deadline.due_at and deadline.due_at.astimezone(zone).date())
    return None if last is None else (last - now.astimezone(zone).date()).days


def due_instant(deadline: Deadline) -> datetime | None:
    """The first instant (UTC) at which a deadline has passed: a last day counts whole, in the deadline's zone."""
    if deadline.due_at is not None:
        return deadline.due_at
    return None if deadline.due_on is None else end_of_day(deadline.due_on, zone_of(deadline.zone))


def is_urgent(deadline: Deadline, now: datetime) -> bool:
    """Say whether a deadline may break through quiet hours now.

    Takes     a deadline; the time (UTC).
    Returns   True for one that may at all (`urgent`), while at most 24 hours are left and it has not passed; for
              visits that are blocked from the last business day before them until they begin.
    """
    due = due_instant(deadline)
    if not deadline.urgent or due is None or now >= due:
        return False
    if deadline.reason is Reason.TOMORROW:
        return now_step(deadline, now) is not None
    return due - now <= DAY
