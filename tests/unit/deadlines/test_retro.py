"""The window after a service: business and calendar days, hours, weekends and holidays."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from app.deadlines.facts import About, Basis, BasisKind, Clears, Reason
from app.deadlines.rules.retro import LATE_FOR, USUAL, retro_due, window_of
from app.deadlines.rules.steps import now_step
from app.deadlines.views import deadline_words
from app.values.spans import Duration
from tests.support import make

ZONE = ZoneInfo("America/New_York")
FRIDAY, MONDAY, TUESDAY = date(2026, 3, 6), date(2026, 3, 9), date(2026, 3, 10)


def at(day, hour=10):
    """An instant by the site's clock."""
    return datetime(day.year, day.month, day.day, hour, tzinfo=ZONE).astimezone(UTC)


@pytest.mark.parametrize(
    ("served", "length", "due_on", "act_on"),
    [
        (FRIDAY, Duration(1, "business_day"), MONDAY, MONDAY),
        (FRIDAY, Duration(2, "business_day"), TUESDAY, TUESDAY),
        (FRIDAY, Duration(2, "calendar_day"), date(2026, 3, 8), FRIDAY),  # a Sunday: offices are shut
        (FRIDAY, Duration(3, "calendar_day"), MONDAY, MONDAY),
        (date(2026, 7, 2), Duration(1, "business_day"), date(2026, 7, 6), date(2026, 7, 6)),  # the 3rd is a holiday
        (MONDAY, Duration(1, "month"), date(2026, 4, 9), date(2026, 4, 9)),
        (date(2026, 3, 7), Duration(1, "calendar_day"), date(2026, 3, 8), date(2026, 3, 7)),  # never before the service
    ],
)
def test_the_window_starts_at_the_service_which_is_not_counted(served, length, due_on, act_on):
    found = window_of(at(served), served, length, ZONE)
    assert (found.due_on, found.due_at, found.act_on, found.stated) == (due_on, None, act_on, True)


@pytest.mark.parametrize(("hours", "day"), [(24, date(2026, 3, 7)), (48, date(2026, 3, 8)), (72, MONDAY)])
def test_hours_run_through_a_weekend_to_the_instant(hours, day):
    found = window_of(at(FRIDAY), FRIDAY, Duration(hours, "hour"), ZONE)
    assert (found.due_at - at(FRIDAY)).total_seconds() == hours * 3600
    assert (found.due_on, found.act_on) == (day, MONDAY if day == MONDAY else FRIDAY)


def test_where_the_rule_says_nothing_the_shortest_usual_window_is_counted_and_said_to_be_unknown():
    found = window_of(at(FRIDAY), FRIDAY, None, ZONE)
    assert (found.length, found.stated, found.due_on) == (USUAL, False, MONDAY)
    assert not window_of(at(FRIDAY), FRIDAY, Duration(None, "no_expiry"), ZONE).stated


ABOUT = About(make.an_id(1), "America/New_York")
STATED = Duration(2, "business_day"), Basis(BasisKind.PAYER, "acme/mohs#1")


def test_what_was_performed_is_told_at_once_on_the_last_day_and_when_it_is_over():
    found = retro_due(ABOUT, FRIDAY, STATED, at(FRIDAY, 15))
    assert (found.reason, found.clears, found.due_on, found.basis.rule) == (
        Reason.RETRO_DUE,
        Clears.ASKED,
        TUESDAY,
        "acme/mohs#1",
    )
    assert [step.name for step in found.steps] == ["2026-03-10-ask", "2026-03-10-last", "2026-03-10-over"]
    assert now_step(found, at(FRIDAY, 15)).name == "2026-03-10-ask"
    assert now_step(found, at(TUESDAY, 9)).name == "2026-03-10-last"
    assert now_step(found, at(date(2026, 3, 11), 0)).name == "2026-03-10-over"


def test_a_window_that_is_not_known_says_so_and_a_late_request_is_told_for_a_month():
    found = retro_due(ABOUT, FRIDAY, None, at(FRIDAY))
    assert (found.due_on, found.basis.kind) == (MONDAY, BasisKind.PRACTICE)
    assert "The payer's own window is not known: that is the usual one." in deadline_words(found, at(FRIDAY)).sentence
    over = found.steps[-1].tell_at
    assert "Ask all the same, and say why it is late." in deadline_words(found, over).sentence
    assert retro_due(ABOUT, FRIDAY, None, over + LATE_FOR) is None
