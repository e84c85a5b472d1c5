"""One request, its receipt and a length of time: when it is over by the program's calendar, and by the almanac."""

from datetime import UTC, date, datetime, timedelta
from random import Random
from typing import NamedTuple

from app.deadlines.rules.calendar import add_business_hours, due_after, end_of_day, is_business_day, zone_of
from app.values.spans import Duration
from tests.drills import almanac
from tests.drills.almanac import DAY, HOUR
from tests.drills.reminders import TURNS, ZONES

LENGTHS = (
    Duration(24, "hour"), Duration(48, "hour"), Duration(72, "hour"), Duration(2, "business_day"),
    Duration(4, "business_day"), Duration(5, "calendar_day"), Duration(7, "calendar_day"), Duration(14, "calendar_day"),
    Duration(15, "calendar_day"), Duration(45, "calendar_day"), Duration(65, "calendar_day"), Duration(180, "day"),
    Duration(4, "month"), Duration(1, "year"),
)  # fmt: skip


class Receipt(NamedTuple):
    """A request that was received at an instant, of which the time may not be known."""

    zone: str
    at: int
    timed: bool
    length: Duration


def draw(dice: Random) -> Receipt:
    """Draw one receipt, mostly around days on which calendars go wrong."""
    day = dice.choice(TURNS) + dice.choice((0, -1, 1, -2, 2, -3, -7, -15, dice.randrange(-60, 60)))
    return Receipt(dice.choice(ZONES), day * DAY + dice.randrange(DAY), dice.random() < 0.6, dice.choice(LENGTHS))


def is_wrong(one: Receipt) -> bool:
    """Say whether the program ends the length elsewhere than the almanac, or counts business time otherwise."""
    zone, received = zone_of(one.zone), datetime.fromtimestamp(one.at, UTC)
    number, _ = almanac.shown(one.zone, one.at)
    due_on, due_at = due_after(received if one.timed else None, _day(number), one.length, zone)
    last = int(due_at.timestamp()) if due_at is not None else _number(due_on)
    over = int(end_of_day(due_on, zone).timestamp()) if due_on is not None else None
    found = (due_at is not None, last, over)
    minute = one.at - one.at % 60
    hours = int(add_business_hours(datetime.fromtimestamp(minute, UTC), 4, zone).timestamp())
    return (
        found != _expected(one, number)
        or hours != almanac.business_hours_after(one.zone, minute, 4)
        or is_business_day(_day(number)) != almanac.is_business_day(number)
    )


def _expected(one: Receipt, number: int) -> tuple[bool, int, int | None]:
    value, unit = one.length.value or 0, one.length.unit
    if unit == "hour":
        if one.timed:
            return True, one.at + value * HOUR, None
        day = almanac.shown(one.zone, almanac.instant_of(one.zone, number + 1, 0) - 1 + value * HOUR)[0]
    elif unit == "business_day":
        day = almanac.business_days_after(number, value)
    elif unit in ("month", "year"):
        year, month, of_month = (int(part) for part in almanac.iso(number).split("-"))
        day = almanac.add_months(year, month, of_month, value * (12 if unit == "year" else 1))
    else:
        day = number + value
    return False, day, almanac.instant_of(one.zone, day + 1, 0)


def _day(number: int) -> date:
    return date(1970, 1, 1) + timedelta(days=number)


def _number(day: date | None) -> int:
    return (day - date(1970, 1, 1)).days if day is not None else -1
