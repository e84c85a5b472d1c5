"""Decisions about the work on visits: who changed hands, what can be undone, who may answer; and how age is said."""

from datetime import timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st
from werkzeug.datastructures import MultiDict

from app.practice.facts.staff import Permission, Role, Staff
from app.worklists.facts import Ask, Step, StepKind, VisitWork
from app.worklists.forms.work import read_answer, read_ask, read_back, read_visits, read_work
from app.worklists.rules import can_undo, may_answer, may_own, taken_since, to_change
from app.worklists.views.schedule import stale_words
from tests.support import make

ONE, TWO, LEE, KIM = (make.an_id(number) for number in range(4))


def test_a_visit_is_taken_when_its_version_is_another_and_its_owner_not_the_wanted_one():
    works = {ONE: VisitWork(LEE, 2)}
    assert taken_since({ONE: 2, TWO: 0}, works, KIM) == ()
    assert taken_since({ONE: 1, TWO: 0}, works, KIM) == (ONE,)
    assert taken_since({ONE: 1}, works, LEE) == ()
    assert taken_since({ONE: 0}, {}, KIM) == ()
    assert taken_since({TWO: 3}, {}, KIM) == (TWO,)


@given(st.dictionaries(st.uuids(), st.integers(0, 3)), st.none() | st.uuids())
def test_what_nobody_owns_changes_for_a_person_and_not_for_nobody(seen, owner):
    assert to_change({}, seen, owner) == (() if owner is None else tuple(seen))
    assert to_change({one: VisitWork(owner, 1) for one in seen}, seen, owner) == ()


def test_only_who_signs_in_and_works_on_visits_owns_them():
    def person(*roles, active=True):
        return Staff(LEE, make.PRACTICE_ID, "lee@example.test", "Lee", frozenset(roles), active)

    assert may_own(person(Role.SCHEDULER)) and may_own(person(Role.ADMINISTRATOR, Role.MANAGER))
    assert (
        not may_own(person(Role.ADMINISTRATOR))
        and not may_own(person(Role.BILLER))
        and not may_own(person(Role.PROVIDER))
    )
    assert not may_own(person(Role.COORDINATOR, active=False))


@pytest.mark.parametrize(
    ("age", "undone", "can"),
    [(timedelta(0), False, True), (timedelta(hours=23, minutes=59), False, True), (timedelta(hours=24), False, False),
     (timedelta(0), True, False)],
)  # fmt: skip
def test_a_step_is_taken_back_once_within_a_day(age, undone, can):
    step = Step(ONE, StepKind.ASSIGNED, make.NOW - age, LEE, {}, make.NOW if undone else None)
    assert can_undo(step, make.NOW) is can
    assert can_undo(None, make.NOW) is False


def test_who_was_asked_answers_and_every_coordinator_does():
    of_lee, of_all = (Ask(ONE, TWO, ONE, KIM, whom, make.NOW) for whom in (LEE, None))
    assert may_answer(of_lee, LEE, ()) and not may_answer(of_lee, KIM, ())
    assert not may_answer(of_all, None, ()) and may_answer(of_all, KIM, [Permission.EDIT_CASES])


@pytest.mark.parametrize(
    ("hours", "stopped", "words"),
    [
        (23, None, None),
        (24, None, "The schedule is 24 hours old. Import the newest file before you rely on it."),
        (26, 11, "The schedule is 26 hours old. The last import stopped at row 12."),
        (2, 11, "The last import stopped at row 12."),
        (None, None, "No schedule has been imported yet."),
        (None, 0, "No schedule has been imported yet. The last import stopped at row 1."),
    ],
)
def test_an_old_schedule_and_a_stopped_import_are_said(hours, stopped, words):
    imported = None if hours is None else make.NOW - timedelta(hours=hours)
    assert stale_words(imported, stopped, make.NOW) == words


def test_forms_take_what_is_whole_and_leave_the_rest():
    typed = MultiDict(
        [("tick", f"{ONE}.3"), ("tick", "x.1"), ("tick", f"{TWO}.-1"), ("do", "assign"), ("owner", "nobody")]
    )
    form = read_work(typed)
    assert (form.seen, form.owner, form.errors) == ({ONE: 3}, None, {})
    assert read_work(MultiDict({"tick": f"{ONE}.0", "do": "eat"})).errors == {
        "ticks": "Choose what to do with the ticked visits."
    }
    assert read_visits([str(ONE), "x", str(ONE), str(TWO)]) == (ONE, TWO)
    assert len(read_visits([str(UUID(int=number)) for number in range(80)])) == 50
    assert read_back("day=2026-03-02&badge=green").badge is None
    assert read_answer(MultiDict({"answer": "x" * 501})).errors["answer"].startswith("Answer must be 500")
    assert read_ask(MultiDict({"note": " a ", "to": "all"})).of_owner is False


@given(
    st.dictionaries(st.sampled_from(("tick", "do", "owner", "back", "note", "answer", "step")), st.text(max_size=40))
)
def test_no_form_breaks_the_reader(fields):
    typed = MultiDict(fields)
    assert read_work(typed).errors or read_work(typed).seen
    assert read_ask(typed).errors == {}
    assert read_answer(typed).errors or read_answer(typed).answer
