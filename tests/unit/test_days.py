"""Days as people type them into forms."""

from datetime import date

import pytest

from app.values.days import read_typed_day

TODAY = date(2026, 12, 1)


@pytest.mark.parametrize(
    ("typed", "day"),
    [
        ("12/5", date(2026, 12, 5)),
        ("12/05/2026", date(2026, 12, 5)),
        ("2026-12-05", date(2026, 12, 5)),
        ("1/4", date(2027, 1, 4)),
        ("11/3", date(2026, 11, 3)),
        ("7/4", date(2027, 7, 4)),
        ("2/29", date(2028, 2, 29)),
        ("t", TODAY),
        ("T+30", date(2026, 12, 31)),
        ("t - 1", date(2026, 11, 30)),
        ("m+6", date(2027, 6, 1)),
        ("m-1", date(2026, 11, 1)),
        ("13/1", None),
        ("tomorrow", None),
        ("t+", None),
        ("m+9999", date(2860, 3, 1)),
        ("", None),
    ],
)
def test_a_typed_day_is_read_as_people_mean_it(typed, day):
    assert read_typed_day(typed, TODAY) == day


def test_months_from_the_last_day_of_a_month_end_on_the_last_day_of_a_shorter_one():
    assert read_typed_day("m+1", date(2026, 1, 31)) == date(2026, 2, 28)
    assert read_typed_day("m+2", date(2026, 1, 31)) == date(2026, 3, 31)
    assert read_typed_day("m+25", date(2026, 1, 30)) == date(2028, 2, 29)


def test_a_day_without_a_year_is_the_next_one_unless_it_was_lately():
    assert read_typed_day("12/31", date(2026, 3, 2)) == date(2026, 12, 31)
    assert read_typed_day("12/31", date(2026, 3, 1)) == date(2025, 12, 31)
    assert read_typed_day("12/28", date(2026, 1, 5)) == date(2025, 12, 28)
    assert read_typed_day("1/1", date(2025, 12, 31)) == date(2026, 1, 1)
