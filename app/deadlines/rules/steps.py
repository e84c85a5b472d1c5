"""Which step of a deadline stands, and which comes next: read from the deadline and the time, and from nothing else."""

from datetime import datetime

from app.deadlines.facts import Deadline, Step


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
