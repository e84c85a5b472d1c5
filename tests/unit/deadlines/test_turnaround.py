"""The payer's own turnaround, and visits that are thought of."""

from datetime import date, timedelta

import pytest

from app.deadlines.rules.cadence import MOST, Phase, days_of
from app.deadlines.rules.turnaround import LeadTime, Source, Turnaround, lead_time, turnaround
from app.values.spans import Duration

SENT = date(2026, 1, 5)
MONDAY = date(2026, 3, 2)


def decided(*days):
    """Requests that were decided after so many days."""
    return [(SENT, SENT + timedelta(days=number)) for number in days]


@pytest.mark.parametrize(
    ("days", "expected"),
    [
        (range(1, 11), 9),  # nine of ten within nine days
        ([3] * 9 + [40], 3),
        ([3] * 8 + [40, 50], 40),
        (range(1, 21), 18),
        (range(1, 12), 10),
        ([0] * 10, 0),
    ],
)
def test_nine_of_ten_were_decided_within_it(days, expected):
    found = turnaround(decided(*days))
    assert found == Turnaround(expected, len(list(days)))


def test_below_ten_decisions_nothing_is_said_of_a_payer():
    assert turnaround(decided(*range(9))) is None
    unknown = [(None, SENT), (SENT, None), (SENT, SENT - timedelta(days=1))]
    assert turnaround([*decided(*range(9)), *unknown]) is None


def test_the_lead_is_the_payers_own_turnaround_else_the_rules_else_30_days():
    weeks = Duration(6, "week")
    assert lead_time(Turnaround(12, 14), weeks) == LeadTime(Duration(12, "calendar_day"), Source.HISTORY, 14)
    assert lead_time(None, weeks) == LeadTime(weeks, Source.RULE)
    assert lead_time(None, None) == LeadTime(Duration(30, "day"), Source.DEFAULT)


def days(*phases, first=MONDAY, last=date(2026, 12, 31)):
    """The days of a cadence."""
    return list(days_of(phases, first, last))


def test_three_visits_a_week_are_on_monday_wednesday_and_friday():
    found = [day for day, _units in days(Phase(visits=6, per_week=3))]
    assert [day.strftime("%a") for day in found] == ["Mon", "Wed", "Fri"] * 2
    assert found[-1] == MONDAY + timedelta(days=11)


def test_three_a_week_that_begin_on_a_thursday_begin_on_the_friday():
    assert days(Phase(visits=2, per_week=3), first=MONDAY + timedelta(days=3))[0][0] == MONDAY + timedelta(days=4)


def test_loading_goes_before_maintenance():
    found = days(
        Phase(visits=1, every_days=14, units=2), Phase(every_days=14, units=1), last=MONDAY + timedelta(days=42)
    )
    assert found == [
        (MONDAY, 2),
        (MONDAY + timedelta(days=14), 1),
        (MONDAY + timedelta(days=28), 1),
        (MONDAY + timedelta(days=42), 1),
    ]


def test_no_visit_lies_after_the_last_day_and_no_cadence_is_endless():
    assert days(Phase(every_days=7), last=MONDAY + timedelta(days=6)) == [(MONDAY, 1)]
    assert len(days(Phase(every_days=1), last=date(2029, 1, 1))) == MOST
