"""Which step of a watched deadline must be told now, and when it must be looked at next. From state, never a window."""

from datetime import datetime

from app.deadlines.facts import Deadline, Step


def due_step(deadline: Deadline, told: str | None, now: datetime) -> Step | None:
    """The step that must be told now.

    Takes     a deadline; the name of the last step that was told, None: none; the time (UTC).
    Returns   the latest step that is reached and comes after the one told: of steps that were missed, as in a night of
              downtime, only the last is left to tell. None when there is none.
    """
    return max((step for step in _ahead(deadline, told) if step.tell_at <= now), key=_order, default=None)


def next_at(deadline: Deadline, told: str | None, now: datetime) -> datetime | None:
    """When a deadline must be looked at next: at once where a step is due, else at its next step; None: never."""
    due = due_step(deadline, told, now)
    if due is not None:
        return due.tell_at
    return min((step.tell_at for step in _ahead(deadline, told)), default=None)


def still_told(deadline: Deadline, told: str | None) -> str | None:
    """What counts as told when a deadline was made anew: the step that was, where it is still one of its steps."""
    return told if any(step.name == told for step in deadline.steps) else None


def _ahead(deadline: Deadline, told: str | None) -> list[Step]:
    """The steps after the one told; all where none was, or where dates moved so that it is no longer one of them."""
    if told is None:
        return list(deadline.steps)
    last = next((_order(step) for step in deadline.steps if step.name == told), None)
    return [step for step in deadline.steps if last is None or _order(step) > last]


def _order(step: Step) -> tuple[datetime, str]:
    return step.tell_at, step.name
