"""Until when may a payer be asked, or told, of a service that was performed? The window starts at the service."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from app.deadlines.rules.calendar import add_business_days, due_after, is_business_day
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


def _day_of(instant: datetime | None, zone: ZoneInfo) -> date:
    assert instant is not None, "a length has a day or an instant"
    return instant.astimezone(zone).date()
