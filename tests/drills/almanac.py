"""Days, clocks and holidays worked out a second time, by hand: the oracle of the calendar drill.

It shares nothing with the program, nor with Python's own dates and zones: days are counted from 1970-01-01 as whole
numbers, instants as seconds, and the zones of the United States follow the rule of 2007 (second Sunday of March, first
Sunday of November, at 2:00 by the clock that ends).
"""

from functools import cache

HOUR, DAY = 3600, 86400
MONDAY, SATURDAY = 0, 5
OFFSETS = {
    "America/New_York": (-5, True),
    "America/Chicago": (-6, True),
    "America/Denver": (-7, True),
    "America/Phoenix": (-7, False),
    "America/Los_Angeles": (-8, True),
    "America/Anchorage": (-9, True),
    "Pacific/Honolulu": (-10, False),
    "America/Puerto_Rico": (-4, False),
}
"""Hours from UTC in winter, and whether clocks go forward in summer."""


def day_number(year: int, month: int, day: int) -> int:
    """Days from 1970-01-01 to a day of the Gregorian calendar."""
    years = year - (month <= 2)
    century, of_century = divmod(years, 100)
    days = (153 * (month - 3 if month > 2 else month + 9) + 2) // 5 + day - 1
    return century // 4 * 146097 + century % 4 * 36524 + of_century // 4 * 1461 + of_century % 4 * 365 + days - 719468


def year_of(number: int) -> int:
    """The year in which a day lies."""
    year = 1970 + number // 366
    while day_number(year + 1, 1, 1) <= number:
        year += 1
    return year


def weekday(number: int) -> int:
    """0 is Monday: 1970-01-01 was a Thursday."""
    return (number + 3) % 7


def nth(year: int, month: int, which: int, count: int) -> int:
    """The count-th day of a month that falls on a weekday; -1: the last."""
    if count < 0:
        last = (day_number(year, month + 1, 1) if month < 12 else day_number(year + 1, 1, 1)) - 1
        return last - (weekday(last) - which) % 7
    first = day_number(year, month, 1)
    return first + (which - weekday(first)) % 7 + 7 * (count - 1)


@cache
def _summer(year: int, winter: int) -> tuple[int, int]:
    """The seconds at which summer time begins and ends."""
    begins = nth(year, 3, 6, 2) * DAY + (2 - winter) * HOUR
    ends = nth(year, 11, 6, 1) * DAY + (2 - winter - 1) * HOUR
    return begins, ends


def offset(zone: str, instant: int) -> int:
    """Seconds that clocks of a zone are ahead of UTC at an instant."""
    winter, changes = OFFSETS[zone]
    begins, ends = _summer(year_of(instant // DAY), winter)
    return (winter + (1 if changes and begins <= instant < ends else 0)) * HOUR


def shown(zone: str, instant: int) -> tuple[int, int]:
    """What clocks of a zone show at an instant: the day's number and the seconds since midnight."""
    return divmod(instant + offset(zone, instant), DAY)


def instant_of(zone: str, number: int, seconds: int) -> int:
    """The first instant at which clocks of a zone show a time of a day, or have passed it where they skip it."""
    winter, changes = OFFSETS[zone]
    plain = number * DAY + seconds - winter * HOUR
    if not changes:
        return plain
    begins, ends = _summer(year_of(number), winter)
    if begins <= plain < begins + HOUR:
        return begins  # the hour that is skipped
    return plain - HOUR if begins <= plain - HOUR < ends else plain


@cache
def holidays(year: int) -> frozenset[int]:
    """The federal holidays of a year as they are observed, and New Year's Day of the next where it is on 12-31."""
    fixed = [(year, 1, 1), (year, 6, 19), (year, 7, 4), (year, 11, 11), (year, 12, 25), (year + 1, 1, 1)]
    moving = [
        nth(year, 1, MONDAY, 3), nth(year, 2, MONDAY, 3), nth(year, 5, MONDAY, -1), nth(year, 9, MONDAY, 1),
        nth(year, 10, MONDAY, 2), nth(year, 11, 3, 4),
    ]  # fmt: skip
    observed = [_observed(day_number(*day)) for day in fixed]
    return frozenset(day for day in (*moving, *observed) if year_of(day) == year)


def _observed(number: int) -> int:
    return number + {5: -1, 6: 1}.get(weekday(number), 0)


def is_business_day(number: int) -> bool:
    """Monday to Friday, and no holiday is observed."""
    return weekday(number) < SATURDAY and number not in holidays(year_of(number))


def business_days_after(number: int, count: int) -> int:
    """The count-th business day after a day."""
    while count:
        number += 1
        count -= is_business_day(number)
    return number


def business_hours_after(zone: str, instant: int, hours: int) -> int:
    """When hours of business (8 to 17, 9 a day) have passed since a whole minute: counted minute by minute."""
    left = hours * 60
    while left:
        number, seconds = shown(zone, instant)
        if is_business_day(number) and 8 * HOUR <= seconds < 17 * HOUR:
            left -= 1
            instant += 60
        else:
            instant += 900 - instant % 900  # nothing begins between two quarters of an hour
    return instant


def is_quiet(zone: str, instant: int, begins: int, ends: int, weekends: bool) -> bool:
    """Say whether an instant lies in a person's quiet time: hours of seconds since midnight, and weekends."""
    number, _ = shown(zone, instant)
    if weekends and weekday(number) >= SATURDAY:
        return True
    nights = ((day, day + (ends <= begins)) for day in (number - 1, number))
    return begins != ends and any(
        instant_of(zone, first, begins) <= instant < instant_of(zone, last, ends) for first, last in nights
    )


def add_months(year: int, month: int, day: int, months: int) -> int:
    """A day some months on; the last day of a shorter month."""
    years, index = divmod(month - 1 + months, 12)
    begins = day_number(year + years, index + 1, 1)
    after = day_number(year + years, index + 2, 1) if index < 11 else day_number(year + years + 1, 1, 1)
    return min(begins + day - 1, after - 1)


def iso(number: int) -> str:
    """A day as 2028-02-29."""
    year, month = year_of(number), 12
    while day_number(year, month, 1) > number:
        month -= 1
    return f"{year:04}-{month:02}-{number - day_number(year, month, 1) + 1:02}"
