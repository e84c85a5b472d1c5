"""Until when may a payer be asked, or told, of a service that was performed? The window starts at the service."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from app.deadlines.facts import AT_ONCE, About, Basis, BasisKind, Clears, Deadline, Reason, Step
from app.deadlines.rules.calendar import (
    add_business_days,
    due_after,
    end_of_day,
    is_business_day,
    local_time,
    start_of_day,
    zone_of,
)
from app.deadlines.rules.making import MORNING, deadline
from app.values.fact import fact
from app.values.spans import Duration

USUAL = Duration(1, "business_day")
"""Counted where the payer's window is not known: the shortest that is usual, so that nothing is asked too late."""


@fact
class Window:
    """When a payer's window closes: with the end of a day (`due_on`), and for hours at an instant (`due_at`, UTC).

    `act_on` is the last business day on which somebody can act within it, never before the service. `stated`: the
    payer's rule says its length; else `length` is what is usual, and the window is not known.
    """

    length: Duration
    stated: bool
    due_on: date
    due_at: datetime | None
    act_on: date


def window_of(served_at: datetime, day: date, stated: Duration | None, zone: ZoneInfo) -> Window:
    """Find when a payer's window for a service closes.

    Takes     the instant and the day of the service; what the payer's rule states, in hours, business or calendar
              days, weeks or months; the zone of the site. The day of the service is not counted; weekends and federal
              holidays are no business days.
    Returns   `act_on` lies before a weekend or a holiday on which the window closes, since offices are shut.
    """
    length = stated if stated is not None and stated.value is not None else USUAL
    due_on, due_at = due_after(served_at, day, length, zone)
    last = due_on if due_on is not None else _day_of(due_at, zone)
    act_on = last if is_business_day(last) else max(day, add_business_days(last, -1))
    return Window(length, length is stated, last, due_at, act_on)


LATE_FOR = timedelta(days=30)
"""How long a request that was not sent in time is still told."""


def retro_due(about: About, served_on: date, stated: tuple[Duration, Basis] | None, now: datetime) -> Deadline | None:
    """Until when the payer takes the request for a service that was performed and is not asked for yet.

    Takes     whose it is and in which zone; the day of the service; what the payer's rule states, with its basis, None:
              nothing; the time (UTC).
    Returns   a deadline told at once, on the morning of the last business day on which somebody can act, and when the
              window has closed; None 30 days after that. Only the day of the service is known: hours run from its
              beginning, the earliest.
    """
    zone = zone_of(about.zone)
    window = window_of(start_of_day(served_on, zone), served_on, stated[0] if stated is not None else None, zone)
    closes = window.due_at or end_of_day(window.due_on, zone)
    if now >= closes + LATE_FOR:
        return None
    name = window.due_on.isoformat()
    last = max(local_time(window.act_on, MORNING, zone), start_of_day(served_on, zone))
    steps = [Step(f"{name}-ask", AT_ONCE), Step(f"{name}-last", last), Step(f"{name}-over", closes)]
    return deadline(
        about,
        Reason.RETRO_DUE,
        Clears.ASKED,
        stated[1] if stated is not None and window.stated else Basis(BasisKind.PRACTICE),
        steps,
        due_on=window.due_on,
        again_at=closes + LATE_FOR,
    )


def _day_of(instant: datetime | None, zone: ZoneInfo) -> date:
    assert instant is not None, "a length has a day or an instant"
    return instant.astimezone(zone).date()
