"""A small run of the calendar drill, and of the bad designs that it must catch."""

from datetime import timedelta
from random import Random

import pytest

from app.alerts.actions.sweeping import sweep
from app.alerts.rules.breaking import Limits
from tests.drills import calendar


def test_every_reminder_comes_once_on_its_day_and_a_leap_of_the_clock_sends_nothing() -> None:
    found = calendar.run(seed=7, cases=300, whole=False)

    assert found["passed"], found
    assert found["reminders"] > 300
    assert (found["wrong"], found["early_ended"], found["jump"]["after"]) == (0, 0, 0)


@pytest.mark.parametrize(
    ("plant", "shows"), [("utc-days", ("early_ended", "other_day")), ("cron-window", ("lost", "doubled"))]
)
def test_a_bad_design_is_caught(plant: str, shows: tuple[str, ...], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(calendar.years, "walk", lambda *_: {"texts": 1, "wrong": 0, "quiet": 0, "early_ended": 0})
    monkeypatch.setattr(calendar.years, "jump", lambda *_: {"held": True, "after": 0, "waiting": 1})

    found = calendar.run(seed=7, cases=300, plant=plant)

    assert not found["passed"]
    assert all(found[name] > 0 for name in shows), found
    assert found["examples"]


def test_a_sweep_that_believes_any_clock_is_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    believing = Limits(gap=timedelta(days=4000))
    monkeypatch.setattr(calendar.years, "sweep", lambda caller: sweep(caller, believing))

    found = calendar.years.jump(Random(7), calendar.ZONES[:2], 5)

    assert found["after"] > 0
    assert not found["held"]
