"""The list of cases is what the facts give: after edits, as days pass, twice, and over the whole book."""

from datetime import timedelta

import pytest

from app.casework import jobs
from app.casework.actions import placing
from app.casework.facts.casebook import Queue, Which
from app.casework.store import casebook as store
from app.casework.store.marks import MARKS
from app.platform.changes import Changed, announce, announced
from app.web.wiring import wire
from tests.support.book import SmallBook


@pytest.fixture
def book(caller):
    wire()
    return SmallBook(caller, seed=5, patients_on_file=24)


def test_over_the_whole_book_the_list_is_what_the_facts_give(caller, book):
    assert jobs.keep_cases(caller) == 24
    proof = placing.prove(caller)
    assert (proof.patients, proof.differences, proof.marked) == (24, 0, False)
    assert proof.rows > len(book.approvals)


def test_a_second_run_finds_nothing(caller, book):
    jobs.keep_cases(caller)
    assert jobs.keep_cases(caller) == 0


def test_after_every_kind_of_edit_the_list_is_true_at_once_or_when_the_marked_are_taken_up(caller, book):
    jobs.keep_cases(caller)
    edits = set()
    while len(edits) < 8:
        name = book.edit()
        edits.add(name)
        if name == "practice_rule":
            jobs.keep_cases(caller)
        assert placing.prove(caller).differences == 0, name


@pytest.mark.parametrize("days", [1, 20, 200])
def test_days_that_passed_are_made_good(caller, book, days):
    jobs.keep_cases(caller)
    caller.clock.instant += timedelta(days=days)
    jobs.keep_cases(caller)
    assert placing.prove(caller).differences == 0
    assert jobs.keep_cases(caller) == 0


def test_a_patient_who_was_marked_again_meanwhile_stays_marked(caller, book):
    session, practice_id = caller.session, caller.practice_id
    seen = MARKS.marked(session, practice_id, 50)
    with announced(caller) as writing:
        announce(writing, Changed(practice=True))
    with announced(caller) as writing:
        MARKS.unmark(writing, practice_id, seen)
    assert MARKS.count(session, practice_id) > 0


def test_every_case_stands_once_in_the_queue_of_all(caller, book):
    jobs.keep_cases(caller)
    rows = store.page(caller.session, caller.practice_id, Which(Queue.ALL), 500)
    assert {one.case_id for one in rows} == set(book.approvals)
    assert len(rows) == len(book.approvals)
    for one in rows:
        assert one.case_id in store.by_code(caller.session, caller.practice_id, one.code)
