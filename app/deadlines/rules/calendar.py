"""Exact days and instants: zones, daylight saving, calendar and business days, federal holidays.

A day belongs to a zone and has 23, 24 or 25 hours; an instant is UTC. Lengths in hours run from the instant, through
changes of the clock; lengths in days end with the whole last day. Business days are Monday to Friday less the federal
holidays, also on the day on which a holiday of a weekend is observed (5 U.S.C. 6103).
"""

from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import holidays

from app.values.spans import Duration, add_months

OPENS, CLOSES = time(8), time(17)
"""Business hours: 9 a day."""
_MONTHS = {"month": 1, "year": 12}
_DAYS = {"day": 1, "calendar_day": 1, "week": 7}


def zone_of(name: str) -> ZoneInfo:
    """The zone of an IANA name such as America/Chicago. Raises ValueError when there is none of that name."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise ValueError("no time zone has that name") from error


def local_time(day: date, at: time, zone: ZoneInfo) -> datetime:
    """The instant (UTC) at which clocks of a zone show a time of a day.

    Takes     a day; a time of day without zone; the zone.
    Returns   the instant. A time that is shown twice (clocks go back): the first. A time that is never shown (clocks
              go forward): the first instant after the gap. So a later time of a day is never an earlier instant.
    """
    shown = datetime.combine(day, at.replace(fold=0), tzinfo=zone)
    before, after = shown.utcoffset(), shown.replace(fold=1).utcoffset()
    if before is not None and after is not None and before < after:
        return _end_of_gap(shown.replace(fold=1).astimezone(UTC), shown.astimezone(UTC), zone)
    return shown.astimezone(UTC)


def _end_of_gap(early: datetime, late: datetime, zone: ZoneInfo) -> datetime:
    """The first instant after clocks went forward: it lies after `early` and not after `late`, on a whole second."""
    old = early.astimezone(zone).utcoffset()
    low, high = int(early.timestamp()), int(late.timestamp())
    while high - low > 1:
        middle = (low + high) // 2
        if datetime.fromtimestamp(middle, zone).utcoffset() == old:
            low = middle
        else:
            high = middle
    return datetime.fromtimestamp(high, UTC)


def start_of_day(day: date, zone: ZoneInfo) -> datetime:
    """The first instant (UTC) of a day in a zone."""
    return local_time(day, time(), zone)


def end_of_day(day: date, zone: ZoneInfo) -> datetime:
    """The first instant (UTC) after a day in a zone: what lasts to the end of the day lasts until just before it."""
    return start_of_day(day + timedelta(days=1), zone)


@lru_cache(maxsize=400)
def federal_holidays(year: int) -> frozenset[date]:
    """The days of a year that are federal holidays or on which one is observed (12-31 for a Saturday's New Year)."""
    return frozenset(holidays.country_holidays("US", years=year, observed=True))


def is_business_day(day: date) -> bool:
    """Monday to Friday, and no federal holiday."""
    return day.weekday() < 5 and day not in federal_holidays(day.year)


def next_business_day(day: date) -> date:
    """The first business day after a day."""
    return add_business_days(day, 1)


def add_business_days(day: date, count: int) -> date:
    """Count business days from a day, which itself is not counted; below 0: back. 0 is the day itself."""
    step = timedelta(days=1 if count > 0 else -1)
    left = abs(count)
    while left:
        day += step
        left -= is_business_day(day)
    return day


def add_business_hours(instant: datetime, hours: int, zone: ZoneInfo) -> datetime:
    """Let business hours pass: Monday to Friday from 8 to 17 of a zone, less federal holidays.

    Takes     an instant with a zone; whole hours, 0 or more; the zone whose hours count.
    Returns   the instant (UTC) at which they have passed. 0 hours outside business hours: the next opening.
    """
    left = timedelta(hours=hours)
    day = instant.astimezone(zone).date()
    while True:
        if is_business_day(day):
            begins = max(local_time(day, OPENS, zone), instant.astimezone(UTC))
            room = local_time(day, CLOSES, zone) - begins
            if room > timedelta() and left <= room:
                return begins + left
            left -= max(room, timedelta())
        day += timedelta(days=1)


def due_after(
    received_at: datetime | None, received_on: date, length: Duration, zone: ZoneInfo
) -> tuple[date | None, datetime | None]:
    """When a length that began with a receipt is over.

    Takes     the instant of receipt, None when only its day is known; the day in the zone; the length; the zone.
    Returns   (day, None): due with the end of that day; (None, instant UTC): due at that instant, for hours from a
              known instant; (None, None) for `no_expiry`. Hours from a day without a time give the day by whose end
              they have passed whenever in that day they began: nobody is called late who may not be.
    """
    if length.value is None:
        return None, None
    if length.unit == "hour":
        if received_at is not None:
            return None, received_at.astimezone(UTC) + timedelta(hours=length.value)
        latest = end_of_day(received_on, zone) - timedelta(microseconds=1) + timedelta(hours=length.value)
        return latest.astimezone(zone).date(), None
    return day_after(received_on, length), None


def day_after(day: date, length: Duration) -> date:
    """The last day of a length in whole days that began on a day, which is not counted itself.

    Takes     a day; a length in days, business days, weeks, months or years (a shorter month ends it on its last day).
    Raises    ValueError for hours and `no_expiry`, which have no last day of their own.
    """
    if length.value is None or length.unit == "hour":
        raise ValueError("a length in hours or without end has no last day")
    if length.unit == "business_day":
        return add_business_days(day, length.value)
    if length.unit in _MONTHS:
        return add_months(day, length.value * _MONTHS[length.unit])
    return day + timedelta(days=length.value * _DAYS[length.unit])
