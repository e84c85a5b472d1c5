"""A visit on another day: the latest and the next day covered, and what else turns."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings

from app.clearance.facts.reasons import Badge
from app.clearance.rules.judge import COUNTED
from app.clearance.rules.moving import Carried, carried_by, days_of, moved_to, try_day, with_moved
from app.policies.facts.answers import Limit
from app.schedule.facts import VisitStatus
from app.values.spans import DateSpan
from tests.support.any_file import CASES
from tests.support.judging import (
    DAY,
    TODAY,
    a_count,
    a_coverage,
    a_file,
    a_requirement,
    a_visit,
    an_approval,
    around,
    judge,
    needs,
)

ZONE = ZoneInfo("America/New_York")


def weekly(count):
    """Visits a week apart, from `DAY` on."""
    return [a_visit(day=DAY + timedelta(days=7 * number), number=number + 1) for number in range(count)]


def found(file, visit=None, world=None):
    """The days of a visit, the first where none is named."""
    return days_of(file, visit or file.visits[0], ZONE, world or around())


def test_the_latest_day_is_the_last_of_the_approval_and_the_next_is_the_day_after():
    days = found(a_file(authorizations=(an_approval(ends=date(2026, 4, 10)),)))
    assert (days.latest.day, days.next.day, days.open) == (date(2026, 4, 10), DAY + timedelta(days=1), False)
    assert not days.latest.once_checked


def test_a_day_stands_but_for_a_coverage_that_nobody_checked_yet():
    days = found(a_file(coverages=(a_coverage(checked_on=None, result=None),)))
    assert (days.latest.once_checked, days.next.once_checked) == (True, True)


def test_another_approval_carries_it_further_than_the_end_of_the_first():
    first, second = an_approval(1, ends=DAY), an_approval(2, begins=date(2026, 4, 1), ends=date(2026, 5, 29))
    days = found(a_file(authorizations=(first, second)))
    assert (days.latest.day, days.next.day) == (date(2026, 5, 29), date(2026, 4, 1))


def test_the_next_day_is_a_day_on_which_people_work():
    friday = a_visit(day=date(2026, 3, 20))
    assert found(a_file(friday)).next.day == date(2026, 3, 23)


def test_a_visit_for_which_nothing_is_on_file_has_no_day():
    days = found(a_file(authorizations=()))
    assert (days.latest, days.next) == (None, None)


def test_without_any_end_no_latest_day_is_known():
    days = found(a_file(authorizations=(an_approval(ends=None, no_end=True),)))
    assert days.open
    assert days.latest.day == days.horizon == date(2027, 3, 16)


def test_units_that_visits_in_between_take_bring_the_latest_day_forward():
    visits = weekly(3)
    file = a_file(*visits, authorizations=(an_approval(items=(a_count(count=2),)),))
    assert found(file, visits[0]).latest.day == visits[2].day, "it comes before the third on that day, so it is held"
    third = found(file, visits[2])
    assert (third.latest.day, third.next) == (visits[1].day - timedelta(days=1), None), "on that day it comes after it"


def test_a_firm_limit_leaves_days_out():
    firm = around(rules=needs({"96910": a_requirement(limits=(Limit("", "visits", 1, "week", firm=True),))}))
    near = [a_visit(day=DAY, number=1), a_visit(day=DAY + timedelta(days=1), number=2)]
    assert found(a_file(*near), near[1], firm).next.day == DAY + timedelta(days=7)


def test_trying_a_day_tells_which_other_visit_loses_its_unit():
    visits = weekly(3)
    late = a_visit(day=DAY + timedelta(days=30), number=9)
    file = a_file(*visits, late, authorizations=(an_approval(items=(a_count(count=3),)),))
    tried = try_day(file, late.id, DAY - timedelta(days=1), ZONE, around())
    assert tried.carried is not Carried.NO
    (turn,) = tried.turned
    assert (turn.visit.id, turn.after, turn.breaks) == (visits[2].id, Badge.BLOCKED, True)


def test_trying_a_day_past_the_end_says_that_it_is_not_carried():
    file = a_file(authorizations=(an_approval(ends=DAY),))
    assert try_day(file, file.visits[0].id, DAY + timedelta(days=1), ZONE, around()).carried is Carried.NO


def test_a_coverage_that_ended_carries_nothing_though_the_approval_runs():
    file = a_file(coverages=(a_coverage(span=DateSpan(date(2026, 1, 1), DAY)),))
    assert found(file).latest.day == DAY


@pytest.mark.parametrize("day", [date(2026, 3, 7), date(2026, 3, 8), date(2026, 11, 1)])
def test_a_moved_visit_keeps_its_time_of_day_over_a_change_of_clocks(day):
    at_nine = a_visit(starts_at=datetime(2026, 3, 6, 14, tzinfo=UTC), day=date(2026, 3, 6))
    moved = moved_to(at_nine, day, ZONE)
    assert moved.starts_at.astimezone(ZONE).hour == 9
    assert (moved.day, moved.starts_at.tzinfo) == (day, UTC)


@settings(max_examples=60, deadline=None)
@given(CASES)
def test_the_days_equal_those_found_by_judging_every_day(case):
    file = replace(case.file, visits=tuple(one for one in case.file.visits if one.status in COUNTED))
    booked = [one for one in file.visits if one.status is VisitStatus.BOOKED]
    if not booked:
        return
    world, visit = around(as_of=TODAY, **case.rules), booked[0]
    days = days_of(file, visit, ZONE, world, is_open=lambda _day: True)
    good = []
    for number in range((days.horizon - TODAY).days + 1):
        day = TODAY + timedelta(days=number)
        lines = judge(with_moved(file, visit.id, day, ZONE), world).lines
        if carried_by(one for one in lines if one.visit.id == visit.id) is not Carried.NO:
            good.append(day)
    assert (days.latest.day if days.latest else None) == max(good, default=None)
    assert (days.next.day if days.next else None) == min((one for one in good if one > visit.day), default=None)
