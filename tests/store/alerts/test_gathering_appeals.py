"""A denial of which nobody recorded a window of appeal has the one that the law surely gives it."""

from datetime import timedelta

import pytest

from app.deadlines import actions
from app.deadlines.facts import AppealLevel, BasisKind, Reason
from app.platform.ids import new_id
from tests.store.alerts.clocks import Clocks, visit
from tests.store.alerts.test_gathering import _authorization
from tests.support.desk import TODAY

DENIED_ON = TODAY - timedelta(days=20)
DENIED = {"status": "denied", "number": "", "reference": "R1", "used": "", "used_on": "", "begins": "", "ends": "",
          "requested_on": str(DENIED_ON - timedelta(days=5)), "decided_on": str(DENIED_ON)}  # fmt: skip


@pytest.fixture
def clocks(caller, tmp_path):
    """An empty practice whose payer asks approval for light therapy."""
    return Clocks(caller, tmp_path)


def test_a_denial_of_a_commercial_plan_can_be_appealed_for_180_days_by_its_law(clocks):
    clocks.bring([visit(1, TODAY + timedelta(days=9))], [DENIED])
    found = clocks.one(Reason.APPEAL)
    assert found.due_on == DENIED_ON + timedelta(days=180)
    assert found.basis.kind is BasisKind.FEDERAL and "180 days from the notice" in found.basis.words
    assert [step.name.rsplit("-", 1)[1] for step in found.steps] == ["30d", "7d", "2d"]


@pytest.mark.parametrize(
    ("line", "days"), [("medicare_advantage", 65), ("self_funded", 180), ("", None), ("tricare", None)]
)
def test_the_window_is_that_of_the_line_and_none_where_none_is_surely_known(clocks, line, days):
    clocks.bring([], [DENIED], [{"line": line}])
    found = [one.due_on for one in clocks.all() if one.reason is Reason.APPEAL]
    assert found == ([] if days is None else [DENIED_ON + timedelta(days=days)])


@pytest.mark.parametrize(
    "other",
    [
        {"status": "pending", "requested_on": str(TODAY - timedelta(days=3)), "decided_on": ""},
        {"status": "approved", "number": "A9", "requested_on": str(DENIED_ON), "decided_on": str(TODAY),
         "begins": str(TODAY), "ends": "2026-12-31"},
        {"status": "in appeal", "requested_on": str(TODAY - timedelta(days=3)), "decided_on": ""},
    ],
    ids=["asked anew", "approved since", "in appeal"],
)  # fmt: skip
def test_whoever_went_another_way_since_is_told_of_no_window(clocks, other):
    clocks.bring([], [DENIED, DENIED | {"reference": "R2"} | other])
    assert Reason.APPEAL.value not in clocks.reasons()


@pytest.mark.parametrize(
    "other", [{"codes": "J2357:36"}, {"payer": "Other Health"}], ids=["another service", "another payer"]
)
def test_another_request_takes_nothing_away(clocks, other):
    asked = {"status": "pending", "reference": "R2", "requested_on": str(TODAY), "decided_on": ""}
    clocks.bring([], [DENIED, DENIED | asked | other])
    assert Reason.APPEAL.value in clocks.reasons()


def test_the_letters_own_day_goes_before_the_laws(clocks):
    clocks.bring([], [DENIED])
    case = _authorization(clocks).id
    level = AppealLevel(new_id(), 1, DENIED_ON, DENIED_ON + timedelta(days=60))
    actions.open_level(clocks.caller, case, level)
    found = clocks.one(Reason.APPEAL)
    assert (found.due_on, found.basis.kind) == (level.window_ends, BasisKind.PAYER)


@pytest.mark.parametrize(("days", "open_"), [(180, True), (181, False), (400, False)])
def test_the_window_is_open_through_its_last_day(clocks, days, open_):
    clocks.bring([], [DENIED | {"decided_on": str(TODAY - timedelta(days=days)), "requested_on": "2025-01-02"}])
    assert (Reason.APPEAL.value in clocks.reasons()) is open_


def test_a_denial_without_a_day_has_no_window(clocks):
    clocks.bring([], [DENIED | {"decided_on": ""}])
    assert Reason.APPEAL.value not in clocks.reasons()
