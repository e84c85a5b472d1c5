"""Deadlines of a practice as a whole: its next days, coverage that changed, the last import, old rules."""

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest

from app.alerts.actions.gathering import deadlines_of_practice
from app.clearance.store import verdicts
from app.deadlines.facts import Reason
from app.deadlines.rules.steps import now_step
from app.platform.clock import FixedClock
from app.schedule import store as schedule_store
from tests.store.alerts.clocks import Clocks, visit
from tests.support import make
from tests.support.desk import DAY, MAIN, NORTH, TODAY, Desk
from tests.support.queries import counted

FRIDAY = TODAY + timedelta(days=4)
MONDAY = TODAY + timedelta(days=7)


@pytest.fixture
def desk(caller):
    """A practice with visits of every badge today (Monday 2026-03-02)."""
    made = Desk(caller).furnish()
    made.book(*DAY)
    return made.judge()


@pytest.fixture
def clocks(caller, tmp_path):
    """An empty practice whose payer asks approval for light therapy."""
    return Clocks(caller, tmp_path)


def _of(caller, reason, days=0):
    moved = replace(caller, clock=FixedClock(make.NOW + timedelta(days=days)))
    return [one for one in deadlines_of_practice(moved) if one.reason is reason]


def _by_site(found):
    return {one.site_id: dict(one.counts) for one in found}


def test_every_site_and_day_tells_what_needs_work_apart_from_what_waits(desk):
    assert _by_site(_of(desk.caller, Reason.TOMORROW)) == {
        MAIN: {"blocked": 3, "waiting": 1, "at_risk": 1, "total": 9},
        NORTH: {"blocked": 2, "waiting": 0, "at_risk": 0, "total": 4},
    }


def test_it_names_the_start_of_the_first_visit_that_is_not_cleared(desk):
    (north,) = [one for one in _of(desk.caller, Reason.TOMORROW) if one.site_id == NORTH]
    assert north.due_at == datetime(2026, 3, 2, 13, 15, tzinfo=make.NOW.tzinfo)


def test_a_visit_whose_verdict_holds_no_longer_is_not_checked(desk):
    verdicts.mark_all_stale(desk.session, make.PRACTICE_ID, date.min)
    assert _by_site(_of(desk.caller, Reason.TOMORROW)) == {
        MAIN: {"blocked": 9, "waiting": 0, "at_risk": 0, "total": 9},
        NORTH: {"blocked": 4, "waiting": 0, "at_risk": 0, "total": 4},
    }


def test_a_visit_without_a_verdict_is_not_checked(caller):
    desk = Desk(caller).furnish()
    desk.book(*DAY[:2])
    assert _by_site(_of(caller, Reason.TOMORROW)) == {MAIN: {"blocked": 2, "waiting": 0, "at_risk": 0, "total": 2}}


def test_cleared_visits_are_no_deadline(clocks):
    clocks.bring([visit(1, TODAY + timedelta(days=1))], [{}])
    assert _of(clocks.caller, Reason.TOMORROW) == []


def test_mondays_visits_are_due_from_friday_on(clocks):
    clocks.bring([visit(1, MONDAY)])
    assert _of(clocks.caller, Reason.TOMORROW, days=3) == []
    (found,) = _of(clocks.caller, Reason.TOMORROW, days=4)
    friday_at_three = datetime(2026, 3, 6, 20, tzinfo=make.NOW.tzinfo)
    assert found.steps[0].tell_at == friday_at_three
    assert now_step(found, friday_at_three - timedelta(seconds=1)) is None


def test_stale_eligibility_counts_patients_once(clocks):
    visits = [visit(n, TODAY + timedelta(days=1), patient_mrn=f"M{n // 2}") for n in range(4)]
    fresh = {"patient_mrn": "M0", "member_id": "W1"}
    clocks.bring(visits, [], [fresh, {"patient_mrn": "M1", "member_id": "W2", "checked_on": "2026-02-01"}])
    (found,) = _of(clocks.caller, Reason.ELIGIBILITY_STALE)
    assert (found.counts["count"], found.due_on) == (1, TODAY + timedelta(days=1))


def test_inactive_coverage_of_patients_with_visits_is_told_by_the_first_visit(clocks):
    lost = {"result": "inactive"}
    visits = [
        visit(1, FRIDAY),
        visit(2, TODAY + timedelta(days=2), patient_mrn="M2"),
        visit(3, TODAY, patient_mrn="M3"),
    ]
    coverages = [
        {"patient_mrn": "M1"} | lost,
        {"patient_mrn": "M2", "member_id": "W2"} | lost,
        {"patient_mrn": "M3", "member_id": "W3"},
    ]
    clocks.bring(visits, [], coverages)
    (found,) = _of(clocks.caller, Reason.COVERAGE_CHANGED)
    assert (found.counts, found.due_on) == ({"count": 2}, TODAY + timedelta(days=2))
    assert [step.name for step in found.steps] == ["2026-03-02-changed"]
    assert _of(clocks.caller, Reason.COVERAGE_CHANGED, days=30) == []


def test_an_approval_of_another_payer_than_the_coverage_is_changed_coverage(clocks):
    clocks.bring([visit(1, TODAY)], [{"payer": "Old Health"}])
    assert len(_of(clocks.caller, Reason.COVERAGE_CHANGED)) == 1


def test_active_coverage_is_not_changed(clocks):
    clocks.bring([visit(1, TODAY)], [{}])
    assert _of(clocks.caller, Reason.COVERAGE_CHANGED) == []


def test_the_last_import_makes_the_next_one_due(clocks):
    assert _of(clocks.caller, Reason.IMPORT_STALE) == []
    clocks.bring([visit(1, TODAY)])
    (found,) = _of(clocks.caller, Reason.IMPORT_STALE)
    assert found.due_at == make.NOW + timedelta(hours=26)


def test_a_practice_without_sites_has_none_of_its_days(caller):
    assert _of(caller, Reason.TOMORROW) == []


def test_the_number_of_queries_is_fixed(desk, engine):
    with counted(engine) as few:
        deadlines_of_practice(desk.caller)
    desk.book(*DAY)
    desk.judge()
    with counted(engine) as more:
        deadlines_of_practice(desk.caller)
    assert schedule_store.booked_by_day(desk.session, make.PRACTICE_ID, TODAY, TODAY) == {
        (MAIN, TODAY): 18,
        (NORTH, TODAY): 8,
    }
    assert len(more) == len(few)
