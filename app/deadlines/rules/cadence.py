"""Visits that are thought of: so many a week, or loading visits and then one every so many days."""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta

from app.values.fact import fact

MOST = 400
"""Visits of one cadence at most."""
_WEEKDAYS = {1: (0,), 2: (0, 3), 3: (0, 2, 4), 4: (0, 1, 3, 4), 5: (0, 1, 2, 3, 4)}
"""The weekdays of so many visits a week, Monday 0: spread over the days on which practices are open."""


@fact
class Phase:
    """A stretch of visits: `per_week` visits a week (1 to 5), or one every `every_days` days.

    `visits` None: until the end of what is looked at. `units` of each visit.
    """

    visits: int | None = None
    per_week: int | None = None
    every_days: int | None = None
    units: int = 1


def days_of(phases: Sequence[Phase], first: date, last: date) -> Iterator[tuple[date, int]]:
    """Give the days of a cadence with the units of each, from a first day on.

    Takes     phases in order, each after the one before it; the first day on which a visit may lie; the last.
    Returns   at most MOST visits, none after the last day. A phase of so many days begins on the first day that is
              free for it; one of so many a week on the first of its weekdays from there on.
    """
    at, given = first, 0
    for phase in phases:
        count = 0
        for day in _days(phase, at, last):
            if given >= MOST or (phase.visits is not None and count >= phase.visits):
                break
            yield day, phase.units
            count, given, at = count + 1, given + 1, _after(phase, day)


def _days(phase: Phase, first: date, last: date) -> Iterator[date]:
    day = first
    while day <= last:
        if phase.per_week is None or day.weekday() in _WEEKDAYS[phase.per_week]:
            yield day
        day += timedelta(days=(phase.every_days or 1) if phase.per_week is None else 1)


def _after(phase: Phase, day: date) -> date:
    """The first day on which the next phase may begin."""
    return day + timedelta(days=1 if phase.per_week is not None else phase.every_days or 1)
