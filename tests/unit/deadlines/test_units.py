"""Units run low: five left, or more booked than left."""

from datetime import date

import pytest

from app.deadlines.facts import Clears, Count, Reason
from app.deadlines.rules.steps import now_step
from app.deadlines.rules.units import units_low
from tests.unit.deadlines.support import approval, at, names, stands

END, NOW = date(2026, 12, 11), at(date(2026, 11, 1))
SHORT = date(2026, 11, 20)


def _low(*counts: Count, **facts: object) -> list[str]:
    found = units_low(approval(END, counts=counts, **facts), NOW)
    return [] if found is None else names(found)


@pytest.mark.parametrize(
    ("total", "used", "booked", "told"),
    [
        (36, 30, 6, []),
        (36, 31, 5, ["5-left-of-36"]),
        (36, 31, 0, ["5-left-of-36"]),
        (36, 35, 1, ["5-left-of-36"]),
        (36, 36, 0, []),
        (36, 36, 1, ["5-left-of-36", "short-2026-11-20-of-36"]),
        (36, 20, 16, []),
        (36, 20, 17, ["short-2026-11-20-of-36"]),
        (5, 0, 1, []),
        (5, 4, 1, []),
        (5, 4, 2, ["short-2026-11-20-of-5"]),
        (6, 1, 1, ["5-left-of-6"]),
        (12, 14, 1, ["5-left-of-12", "short-2026-11-20-of-12"]),
    ],
)
def test_five_left_or_more_booked_than_left(total: int, used: int, booked: int, told: list[str]) -> None:
    first = SHORT if booked > total - used else None
    assert _low(Count(total, used, booked, first_short=first)) == told


def test_what_stands_is_that_too_many_are_booked_and_it_is_told_at_once() -> None:
    found = units_low(approval(END, counts=(Count(36, 36, 1, first_short=SHORT),)), NOW)
    assert stands(found, NOW) == "short-2026-11-20-of-36"
    assert found is not None and now_step(found, NOW) is not None
    assert (found.reason, found.clears, found.due_on) == (Reason.UNITS_LOW, Clears.UNITS_ADDED, SHORT)
    assert found.counts == {"units_left": 0, "units_total": 36, "units_booked": 1}


def test_of_several_items_the_worst_is_told() -> None:
    few, short, enough = Count(36, 31, 5), Count(12, 10, 4, first_short=SHORT), Count(40, 1, 2)
    found = units_low(approval(END, counts=(enough, few, short)), NOW)
    assert found is not None
    assert found.counts["units_total"] == 12


def test_added_units_make_other_steps() -> None:
    assert not set(_low(Count(36, 31, 5))) & set(_low(Count(48, 43, 5)))


def test_a_continued_approval_is_low_only_when_a_visit_is_short() -> None:
    assert _low(Count(36, 31, 5), continued=True) == []
    assert _low(Count(36, 31, 6, first_short=SHORT), continued=True) == ["5-left-of-36", "short-2026-11-20-of-36"]


def test_units_of_an_ended_approval_are_no_longer_told_once_its_last_day_is_over() -> None:
    low = approval(END, counts=(Count(36, 31, 5),))
    assert units_low(low, at(END, 23)) is not None
    assert units_low(low, at(date(2026, 12, 12), 0)) is None
