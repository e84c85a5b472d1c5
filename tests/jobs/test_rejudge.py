"""The job that judges what is past its last day: twice, late and after a crash halfway it ends the same."""

from datetime import timedelta

import pytest

from app.clearance import jobs
from app.clearance.actions import keeping
from app.clearance.actions.judging import judge_patients, to_store
from app.clearance.actions.world import world_of
from app.clearance.store import verdicts as store
from app.web.wiring import wire
from tests.support.book import SmallBook


@pytest.fixture
def book(caller):
    wire()
    return SmallBook(caller, seed=2, patients_on_file=30)


def ought(caller, people):
    """What ought to be stored now, by visit."""
    world = world_of(caller.session, caller.practice_id, caller.clock)
    judged = judge_patients(caller.session, caller.practice_id, world, people)
    return {one.id: one.content for found in judged for one in to_store(found, world.book.version)}


def kept(caller, people):
    """What is stored, by visit."""
    found = store.stored_of(caller.session, caller.practice_id, people)
    return {visit_id: entry.content for visits in found.values() for visit_id, entry in visits.items()}


@pytest.mark.parametrize("days", [1, 45, 400])
def test_late_or_in_time_it_ends_with_the_answer_and_a_second_run_finds_nothing(caller, book, days):
    caller.clock.instant += timedelta(days=days)
    assert kept(caller, book.people) != ought(caller, book.people) or days == 1
    jobs.rejudge_past_last_day(caller)
    assert kept(caller, book.people) == ought(caller, book.people)
    assert jobs.rejudge_past_last_day(caller) == 0


def test_after_a_crash_halfway_the_next_run_ends_what_was_begun(caller, book, monkeypatch):
    monkeypatch.setattr(keeping, "PIECE", 5)
    caller.clock.instant += timedelta(days=45)
    real, runs = keeping.rejudge, []

    def breaking(*arguments):
        runs.append(1)
        if len(runs) == 2:
            raise RuntimeError("the process dies here")
        return real(*arguments)

    monkeypatch.setattr(keeping, "rejudge", breaking)
    with pytest.raises(RuntimeError):
        jobs.rejudge_past_last_day(caller)
    assert kept(caller, book.people) != ought(caller, book.people)
    jobs.rejudge_past_last_day(caller)
    assert kept(caller, book.people) == ought(caller, book.people)
