"""Stored verdicts stay equal to the answer: after every edit, as days pass, and for the whole book."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from app.clearance.actions.book import rejudge_all
from app.clearance.actions.judging import judge_patients, to_store
from app.clearance.actions.keeping import rejudge_stale
from app.clearance.actions.world import world_of
from app.clearance.facts.reasons import Badge
from app.clearance.facts.stored import VisitVerdict
from app.clearance.store import verdicts as store
from app.web.wiring import wire
from tests.support.book import SmallBook

EDITS = 400
_FIRST, _LAST = date(2000, 1, 1), date(2100, 1, 1)


@pytest.fixture
def book(caller):
    wire()
    return SmallBook(caller, seed=7)


def answers(caller, people):
    """Judge everybody afresh: by visit what ought to be stored."""
    world = world_of(caller.session, caller.practice_id, caller.clock)
    judged = judge_patients(caller.session, caller.practice_id, world, people)
    return {
        one.id: (one.content, one.badge, one.starts_at)
        for found in judged
        for one in to_store(found, world.book.version)
    }


def stored(caller, people):
    """Read what is stored, by visit."""
    session, practice_id = caller.session, caller.practice_id
    found = store.stored_of(session, practice_id, people)
    badges = {}
    for one in store.listed(session, practice_id, (_FIRST, _LAST), None, (), None, 10_000):
        badges[one.id] = one.badge
    return {
        visit_id: (entry.content, badges[visit_id], entry.starts_at)
        for visits in found.values()
        for visit_id, entry in visits.items()
    }


@pytest.mark.parametrize("seed", [3, 5, 7, 11, 13])
def test_after_every_edit_and_move_of_the_clock_what_is_stored_is_the_answer(caller, seed):
    wire()
    book = SmallBook(caller, seed)
    for number in range(EDITS):
        if number % 10 == 9:
            caller.clock.instant += timedelta(days=book.random.randint(1, 12))
            book.today = caller.clock.instant.date()
            rejudge_stale(caller)
            assert rejudge_stale(caller) == 0
            done = "clock"
        else:
            done = book.edit()
        assert stored(caller, book.people) == answers(caller, book.people), f"edit {number}: {done}"


def test_judging_the_whole_book_changes_nothing_that_was_kept_true(caller, book):
    for _ in range(20):
        book.edit()
    before = stored(caller, book.people)
    done = rejudge_all(caller)
    assert (done.changed, stored(caller, book.people)) == (0, before)
    assert done.lines == sum(len(one.lines) for one in book.visits.values() if one.status.value == "booked")


@pytest.mark.parametrize("processes", [1, 2])
def test_a_lost_book_of_verdicts_is_judged_again_whole(caller, book, processes):
    before = stored(caller, book.people)
    store.drop(caller.session, caller.practice_id, list(before))
    caller.session.commit()
    assert rejudge_all(caller, processes).changed == len(before)
    assert stored(caller, book.people) == before
    assert rejudge_all(caller, processes).changed == 0


def test_a_long_run_never_overwrites_what_an_edit_judged_in_the_meantime(caller, book):
    session, practice_id = caller.session, caller.practice_id
    (one, *_) = store.listed(session, practice_id, (_FIRST, _LAST), None, (), None, 1)
    older = VisitVerdict(
        **{name: getattr(one, name) for name in one.__slots__ if name not in ("badge", "content", "shown_since")},
        badge=Badge.CLEARED,
        content=b"",
    )
    row, now = store.row_maker(session, practice_id)(older), caller.clock.now()
    stood = store.stored_of(session, practice_id, [one.patient_id])[one.patient_id][one.id]
    for other in (replace(stood, content=b"other"), replace(stood, shown_since=now - timedelta(days=1))):
        assert store.replace(session, practice_id, [store.Difference(one.id, row, other)], now) == ()
    assert store.replace(session, practice_id, [store.Difference(one.id, row, None)], now) == ()
    session.commit()
    (still, *_) = store.listed(session, practice_id, (_FIRST, _LAST), None, (), None, 1)
    assert (still.badge, still.content) == (one.badge, one.content)


def test_a_change_of_many_patients_is_marked_at_once_and_judged_right_after(caller, book, monkeypatch):
    monkeypatch.setattr("app.clearance.actions.keeping.AT_ONCE", 3)
    for _ in range(10):
        book.edit()
        assert stored(caller, book.people) == answers(caller, book.people)


def test_visits_of_many_patients_past_their_last_day_are_found_by_their_site(caller, book):
    session, practice_id = caller.session, caller.practice_id
    store.mark_stale(session, practice_id, book.people, _FIRST)
    session.commit()
    sites = {visit.site_id: caller.clock.now().date() for visit in book.visits.values()}
    found = store.stale_patients(session, practice_id, sites, 100)
    assert set(found) == {one.patient_id for one in book.visits.values()}
    assert store.stale_patients(session, practice_id, {}, 100) == ()
    rejudge_stale(caller)
    assert store.stale_patients(session, practice_id, sites, 100) == ()
