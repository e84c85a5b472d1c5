"""What a visit showed is kept: without gap or overlap, whatever changes, for single visits and the whole book."""

from datetime import date, timedelta

import pytest

from app.clearance.actions.book import rejudge_all
from app.clearance.actions.keeping import rejudge_stale
from app.clearance.actions.recounting import visit_history
from app.clearance.facts.history import Cause
from app.clearance.store import history
from app.clearance.store import verdicts as store
from app.web.wiring import wire
from tests.support.book import SmallBook

_ALL = (date(2000, 1, 1), date(2100, 1, 1))


@pytest.fixture
def book(caller):
    wire()
    return SmallBook(caller, seed=7)


def shown(caller):
    """What every visit shows now: badge, content and since when."""
    found = store.listed(caller.session, caller.practice_id, _ALL, None, (), None, 10_000)
    return {one.id: (one.badge, one.content, one.shown_since) for one in found}


def past_of(caller, visit_id):
    """What a visit showed before, the first first."""
    return history.of_visit(caller.session, caller.practice_id, visit_id, 10_000)[::-1]


def edit(caller, book, number):
    """Change one thing, a while after the last; now and then days go by, or the whole book is judged anew."""
    if number % 10 == 9:
        caller.clock.instant += timedelta(days=book.random.randint(1, 12))
        book.today = caller.clock.instant.date()
        rejudge_stale(caller)
    elif number % 25 == 12:
        caller.clock.instant += timedelta(minutes=1)
        rejudge_all(caller, processes=1)
    else:
        caller.clock.instant += timedelta(minutes=1)
        book.edit()


@pytest.mark.parametrize("seed", [2, 4, 6])
def test_after_random_edits_the_stretches_of_every_visit_meet_and_tell_what_was_shown(caller, seed):
    wire()
    book = SmallBook(caller, seed)
    told: dict = {}
    for visit_id, one in shown(caller).items():
        told.setdefault(visit_id, []).append((caller.clock.now(), one))
    for number in range(100):
        edit(caller, book, number)
        now = shown(caller)
        for visit_id in set(told) | set(now):
            seen = told.setdefault(visit_id, [])
            if not seen or seen[-1][1] != now.get(visit_id):
                seen.append((caller.clock.now(), now.get(visit_id)))
    replaced = 0
    for visit_id, seen in told.items():
        past = past_of(caller, visit_id)
        expected = [(at, one) for at, one in seen if one is not None]
        ends = [seen[place + 1][0] if place + 1 < len(seen) else None for place, (_at, one) in enumerate(seen) if one]
        stretches = [(one.shown_since, one.shown_until, one.badge, one.content) for one in past]
        if seen[-1][1] is not None:
            badge, content, since = seen[-1][1]
            stretches.append((since, None, badge, content))
        assert stretches == [(at, until, one[0], one[1]) for (at, one), until in zip(expected, ends, strict=True)], (
            visit_id
        )
        replaced += len(past)
        gone = [one for one in past if one.by.cause is Cause.GONE]
        assert all(
            one.shown_until == at for one, at in zip(gone, [at for at, one in seen if one is None], strict=False)
        )
    assert replaced > 30


@pytest.mark.parametrize("processes", [1, 2])
def test_the_whole_book_keeps_what_it_replaces_and_an_equal_run_writes_nothing(caller, book, processes):
    before = shown(caller)
    caller.clock.instant += timedelta(days=200)
    at = caller.clock.now()
    assert rejudge_all(caller, processes).changed > 0
    after = shown(caller)
    kept = {visit_id: past_of(caller, visit_id) for visit_id in before}
    for visit_id, (badge, content, since) in before.items():
        if after[visit_id] == before[visit_id]:
            assert kept[visit_id] == ()
            continue
        (one,) = kept[visit_id]
        assert (one.badge, one.content, one.shown_since, one.shown_until) == (badge, content, since, at)
        assert one.by.cause is Cause.BOOK and after[visit_id][2] == at
    caller.clock.instant += timedelta(minutes=1)
    assert rejudge_all(caller, processes).changed == 0
    assert {visit_id: past_of(caller, visit_id) for visit_id in before} == kept


def test_a_first_answer_writes_no_history(caller, book):
    assert all(past_of(caller, visit_id) == () for visit_id in shown(caller))


def test_the_same_answer_with_another_last_day_is_still_shown_since_it_first_was(caller, book):
    session, practice_id = caller.session, caller.practice_id
    (one, *_) = store.listed(session, practice_id, _ALL, None, (), None, 1)
    store.mark_stale(session, practice_id, [one.patient_id], _ALL[0])
    session.commit()
    caller.clock.instant += timedelta(minutes=5)
    rejudge_stale(caller)
    now = history.shown_now(session, practice_id, one.id)
    assert now is not None
    assert (now.content, now.shown_since, now.as_of) == (one.content, one.shown_since, one.as_of)
    assert now.changes_on == one.changes_on
    assert past_of(caller, one.id) == ()


def test_a_day_is_answered_with_every_stretch_that_touches_it_and_no_other(caller, book):
    for number in range(60):
        edit(caller, book, number)
    visit_id = max(shown(caller), key=lambda one: len(past_of(caller, one)))
    past = past_of(caller, visit_id)
    assert len(past) >= 2
    whole = visit_history(caller, visit_id)
    assert [one.until for one in whole.stretches[1:]] == [one.shown_until for one in reversed(past)]
    days = {one.shown_since.astimezone(whole.zone).date() for one in past} | {whole.today}
    for day in days:
        on = visit_history(caller, visit_id, day).shown_on
        touching = [
            one
            for one in reversed(whole.stretches)
            if one.since.astimezone(whole.zone).date() <= day
            and (one.until is None or one.until.astimezone(whole.zone).date() >= day)
        ]
        assert on is not None and on.stretches == tuple(touching)
        assert on.now.basis.as_of == day
    before = visit_history(caller, visit_id, min(days) - timedelta(days=1)).shown_on
    assert before is not None and before.stretches == ()
