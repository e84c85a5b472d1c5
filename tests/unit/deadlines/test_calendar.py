"""Days and instants are exact: both changes of the clock, leap days, ends of years, holidays, business hours."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.deadlines.rules.calendar import (
    add_business_days,
    add_business_hours,
    day_after,
    due_after,
    end_of_day,
    federal_holidays,
    is_business_day,
    local_time,
    next_business_day,
    start_of_day,
    zone_of,
)
from app.values.spans import Duration

NEW_YORK = zone_of("America/New_York")
HONOLULU = zone_of("Pacific/Honolulu")
ZONES = st.sampled_from(
    [
        "America/New_York", "America/Chicago", "America/Denver", "America/Phoenix", "America/Los_Angeles",
        "America/Anchorage", "Pacific/Honolulu", "America/Puerto_Rico", "America/Detroit", "America/Adak",
        "America/Indiana/Knox", "America/Havana", "America/Santiago", "Australia/Lord_Howe", "UTC",
    ]
).map(zone_of)  # fmt: skip
DAYS = st.dates(date(2020, 1, 1), date(2035, 12, 31))
TIMES = st.times().map(lambda at: at.replace(microsecond=0))
INSTANTS = st.datetimes(datetime(2020, 1, 1), datetime(2035, 12, 31), timezones=st.just(UTC))


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def test_a_zone_that_does_not_exist_is_refused() -> None:
    assert str(zone_of("America/Chicago")) == "America/Chicago"
    for name in ("America/Chicagoo", "../etc/passwd", "", "America"):
        with pytest.raises(ValueError, match="no time zone"):
            zone_of(name)


@pytest.mark.parametrize(
    ("day", "at", "zone", "instant"),
    [
        (date(2026, 12, 1), time(9), NEW_YORK, "2026-12-01 14:00"),
        (date(2026, 7, 1), time(9), NEW_YORK, "2026-07-01 13:00"),
        (date(2026, 7, 1), time(9), zone_of("America/Phoenix"), "2026-07-01 16:00"),
        (date(2027, 3, 14), time(1, 59, 59), NEW_YORK, "2027-03-14 06:59:59"),
        (date(2027, 3, 14), time(2), NEW_YORK, "2027-03-14 07:00"),  # never shown: clocks go from 2 to 3
        (date(2027, 3, 14), time(2, 30), NEW_YORK, "2027-03-14 07:00"),
        (date(2027, 3, 14), time(3), NEW_YORK, "2027-03-14 07:00"),
        (date(2026, 11, 1), time(1, 30), NEW_YORK, "2026-11-01 05:30"),  # shown twice: the first
        (date(2026, 11, 1), time(1, 30, fold=1), NEW_YORK, "2026-11-01 05:30"),
        (date(2026, 11, 1), time(2), NEW_YORK, "2026-11-01 07:00"),
        (date(2027, 3, 14), time(0), zone_of("America/Havana"), "2027-03-14 05:00"),  # a day that begins at 1:00
    ],
)
def test_a_time_of_a_day_is_one_instant(day: date, at: time, zone: ZoneInfo, instant: str) -> None:
    assert local_time(day, at, zone) == utc(instant)
    assert local_time(day, at, zone).tzinfo is UTC


@pytest.mark.parametrize(
    ("day", "hours"),
    [(date(2027, 3, 14), 23), (date(2026, 11, 1), 25), (date(2028, 2, 29), 24), (date(2026, 12, 31), 24)],
)
def test_a_day_has_the_hours_that_its_zone_gives_it(day: date, hours: int) -> None:
    assert end_of_day(day, NEW_YORK) - start_of_day(day, NEW_YORK) == timedelta(hours=hours)


def test_the_last_valid_day_in_honolulu_is_tomorrow_in_utc_and_still_valid() -> None:
    evening = local_time(date(2026, 12, 31), time(20), HONOLULU)

    assert evening.date() == date(2027, 1, 1)
    assert start_of_day(date(2026, 12, 31), HONOLULU) <= evening < end_of_day(date(2026, 12, 31), HONOLULU)


@given(DAYS, TIMES, TIMES, ZONES)
def test_a_later_time_of_a_day_is_never_an_earlier_instant(day: date, one: time, two: time, zone: ZoneInfo) -> None:
    early, late = sorted((one, two))

    assert local_time(day, early, zone) <= local_time(day, late, zone)


@given(INSTANTS, ZONES)
def test_every_instant_lies_in_the_day_that_its_zone_shows_and_in_no_other(instant: datetime, zone: ZoneInfo) -> None:
    day = instant.astimezone(zone).date()

    assert start_of_day(day, zone) <= instant < end_of_day(day, zone)


@given(DAYS, TIMES, ZONES)
def test_an_instant_shows_its_time_unless_clocks_skip_it(day: date, at: time, zone: ZoneInfo) -> None:
    instant = local_time(day, at, zone)
    shown = instant.astimezone(zone)

    if shown.replace(tzinfo=None) != datetime.combine(day, at):
        assert (instant - timedelta(seconds=1)).astimezone(zone).replace(tzinfo=None) < datetime.combine(day, at)
        assert datetime.combine(day, at) < shown.replace(tzinfo=None)
    assert shown.fold == 0


@pytest.mark.parametrize(
    "day",
    [
        date(2026, 1, 1), date(2026, 1, 19), date(2026, 2, 16), date(2026, 5, 25), date(2026, 6, 19), date(2026, 7, 3),
        date(2026, 9, 7), date(2026, 10, 12), date(2026, 11, 11), date(2026, 11, 26), date(2026, 12, 25),
        date(2027, 12, 31), date(2027, 6, 18), date(2027, 7, 5), date(2021, 12, 31),
    ],
)  # fmt: skip
def test_federal_holidays_and_their_observed_days_are_no_business_days(day: date) -> None:
    assert day.weekday() < 5
    assert not is_business_day(day)


@pytest.mark.parametrize("day", [date(2026, 11, 27), date(2026, 12, 24), date(2028, 2, 29), date(2021, 6, 21)])
def test_other_weekdays_are_business_days(day: date) -> None:
    assert is_business_day(day)


def test_a_holiday_of_a_saturday_is_seen_from_the_year_before() -> None:
    assert date(2027, 12, 31) in federal_holidays(2027)  # 2028-01-01 is a Saturday
    assert next_business_day(date(2027, 12, 30)) == date(2028, 1, 3)


@pytest.mark.parametrize(
    ("day", "count", "found"),
    [
        (date(2026, 11, 25), 1, date(2026, 11, 27)),  # over Thanksgiving
        (date(2026, 11, 27), 2, date(2026, 12, 1)),
        (date(2026, 11, 28), 2, date(2026, 12, 1)),  # received on a Saturday
        (date(2026, 12, 31), 2, date(2027, 1, 5)),
        (date(2028, 2, 28), 2, date(2028, 3, 1)),
        (date(2026, 11, 30), -1, date(2026, 11, 27)),
        (date(2026, 11, 27), -1, date(2026, 11, 25)),
        (date(2026, 11, 28), 0, date(2026, 11, 28)),
    ],
)
def test_business_days_are_counted_over_weekends_holidays_and_years(day: date, count: int, found: date) -> None:
    assert add_business_days(day, count) == found


@given(DAYS, st.integers(1, 30))
def test_business_days_forward_and_back_meet(day: date, count: int) -> None:
    found = add_business_days(day, count)
    between = (date.fromordinal(number) for number in range(day.toordinal() + 1, found.toordinal() + 1))

    assert is_business_day(found)
    assert sum(map(is_business_day, between)) == count
    assert add_business_days(add_business_days(found, -count), count) == found


@pytest.mark.parametrize(
    ("begins", "hours", "ends"),
    [
        ("2026-12-01 15:00", 4, "2026-12-01 19:00"),  # 10:00 to 14:00
        ("2026-12-01 20:00", 4, "2026-12-02 15:00"),  # 15:00; two hours are left for the morning
        ("2026-12-01 18:00", 4, "2026-12-01 22:00"),  # ends as business does
        ("2026-12-01 22:00", 4, "2026-12-02 17:00"),  # 17:00: nothing of that day counts
        ("2026-12-01 04:00", 4, "2026-12-01 17:00"),  # night
        ("2026-11-25 21:00", 4, "2026-11-27 16:00"),  # over Thanksgiving
        ("2026-11-28 15:00", 4, "2026-11-30 17:00"),  # a Saturday
        ("2027-03-12 21:00", 4, "2027-03-15 15:00"),  # over the change to summer time
        ("2026-10-30 20:00", 4, "2026-11-02 16:00"),  # and back
        ("2026-11-28 15:00", 0, "2026-11-30 13:00"),
        ("2026-12-01 15:00", 20, "2026-12-03 17:00"),
    ],
)
def test_business_hours(begins: str, hours: int, ends: str) -> None:
    assert add_business_hours(utc(begins), hours, NEW_YORK) == utc(ends)


@given(INSTANTS, st.integers(1, 30), ZONES)
def test_hours_one_after_the_other_are_the_hours_together(begins: datetime, hours: int, zone: ZoneInfo) -> None:
    step = begins
    for _ in range(hours):
        step = add_business_hours(step, 1, zone)

    assert step == add_business_hours(begins, hours, zone) > begins


@pytest.mark.parametrize(
    ("received", "on", "length", "found"),
    [
        ("2026-12-01 18:15", date(2026, 12, 1), Duration(72, "hour"), (None, utc("2026-12-04 18:15"))),
        ("2027-03-13 18:00", date(2027, 3, 13), Duration(24, "hour"), (None, utc("2027-03-14 18:00"))),  # 14:00 there
        (None, date(2026, 12, 1), Duration(72, "hour"), (date(2026, 12, 4), None)),
        (None, date(2027, 3, 13), Duration(24, "hour"), (date(2027, 3, 15), None)),  # 23:59 and 24 hours: 0:59
        (None, date(2026, 10, 31), Duration(24, "hour"), (date(2026, 11, 1), None)),
        ("2026-12-01 18:15", date(2026, 12, 1), Duration(7, "calendar_day"), (date(2026, 12, 8), None)),
        (None, date(2026, 12, 28), Duration(7, "calendar_day"), (date(2027, 1, 4), None)),
        (None, date(2028, 2, 22), Duration(7, "day"), (date(2028, 2, 29), None)),
        (None, date(2026, 11, 24), Duration(2, "business_day"), (date(2026, 11, 27), None)),
        (None, date(2028, 2, 29), Duration(1, "year"), (date(2029, 2, 28), None)),
        (None, date(2026, 8, 31), Duration(6, "month"), (date(2027, 2, 28), None)),
        (None, date(2026, 12, 1), Duration(2, "week"), (date(2026, 12, 15), None)),
        (None, date(2026, 12, 1), Duration(None, "no_expiry"), (None, None)),
    ],
)
def test_when_a_length_is_over(
    received: str | None, on: date, length: Duration, found: tuple[date | None, datetime | None]
) -> None:
    assert due_after(utc(received) if received else None, on, length, NEW_YORK) == found


@given(INSTANTS, st.integers(1, 100), ZONES)
def test_a_day_without_a_time_never_ends_hours_early(received: datetime, hours: int, zone: ZoneInfo) -> None:
    on = received.astimezone(zone).date()
    _, exact = due_after(received, on, Duration(hours, "hour"), zone)
    day, _ = due_after(None, on, Duration(hours, "hour"), zone)

    assert exact is not None and day is not None
    assert exact < end_of_day(day, zone)


def test_hours_and_no_end_have_no_last_day() -> None:
    for length in (Duration(72, "hour"), Duration(None, "no_expiry")):
        with pytest.raises(ValueError, match="no last day"):
            day_after(date(2026, 12, 1), length)
