"""A visit marked self-pay beside the files that come after: an empty cell keeps it, another word changes it."""

import pytest

from app.schedule import actions as schedule_actions
from app.schedule import store as schedule
from app.schedule.facts import BillTo, TypeLine, VisitType
from app.worklists.actions import work
from tests.store.imports.support import VISIT, bring, state
from tests.support import make

TYPED = {**VISIT, "code": "", "visit_type": "Light therapy"}
MEANS = VisitType("Light therapy", (TypeLine("96910"), TypeLine("99213")))


def lines(caller):
    """Read who pays for each line of the visit."""
    caller.session.rollback()
    return [line.bill_to for line in schedule.visit_by_reference(caller.session, make.PRACTICE_ID, "A1").lines]


def marked(caller):
    """Mark the visit self-pay. Returns the step that takes it back."""
    visit = schedule.visit_by_reference(caller.session, make.PRACTICE_ID, "A1")
    return work.mark_self_pay(caller, [visit.id]).step_id


@pytest.mark.parametrize("row", [VISIT, TYPED], ids=["code", "type"])
def test_a_later_file_with_an_empty_cell_keeps_it_and_the_undo_is_exact(caller, tmp_path, row):
    schedule_actions.map_type(caller, MEANS)
    bring(caller, tmp_path, [row])
    before = state(caller.session)
    step = marked(caller)
    bring(caller, tmp_path, [row, {**row, "visit_id": "A2", "starts_at": "2026-03-10 9:00"}])
    bring(caller, tmp_path, [{**row, "bill_to": ""}])
    assert set(lines(caller)) == {BillTo.SELF_PAY}
    assert work.undo_self_pay(caller, step) == 1
    assert set(lines(caller)) == {BillTo.INSURANCE}
    after = state(caller.session)
    assert before["visits"][0] in after["visits"]


def test_another_meaning_of_the_visit_type_keeps_it(caller, tmp_path):
    schedule_actions.map_type(caller, MEANS)
    bring(caller, tmp_path, [TYPED])
    marked(caller)
    schedule_actions.map_type(caller, VisitType("Light therapy", (TypeLine("96912"),)))
    assert lines(caller) == [BillTo.SELF_PAY]


@pytest.mark.parametrize("row", [VISIT, TYPED], ids=["code", "type"])
def test_a_file_that_names_insurance_brings_it_back(caller, tmp_path, row):
    bring(caller, tmp_path, [row])
    step = marked(caller)
    bring(caller, tmp_path, [{**row, "bill_to": "insurance"}])
    assert lines(caller) == [BillTo.INSURANCE]
    work.undo_self_pay(caller, step)
    assert lines(caller) == [BillTo.INSURANCE]
