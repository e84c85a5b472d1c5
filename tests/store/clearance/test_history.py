"""What a visit showed is kept: without gap or overlap, whatever changes, for single visits and the whole book."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from app.clearance.actions.accepting import accept_risk, withdraw_risk
from app.clearance.actions.answering import check_visit
from app.clearance.actions.book import rejudge_all
from app.clearance.actions.judging import judge_patients, to_store
from app.clearance.actions.keeping import rejudge_stale
from app.clearance.actions.opening import open_visit
from app.clearance.actions.recounting import visit_history
from app.clearance.actions.world import world_of
from app.clearance.facts.history import Cause
from app.clearance.facts.reasons import Badge
from app.clearance.rules.accepting import digest_of, may_accept
from app.clearance.store import history, risks
from app.clearance.store import verdicts as store
from app.clearance.views.sentences import shown_words
from app.clearance.views.shapes import visit_shape
from app.practice.actions import staff as practice
from app.practice.facts.staff import Role
from app.practice.store import staff as practice_store
from app.web.wiring import wire
from tests.support.book import SmallBook

_ALL = (date(2000, 1, 1), date(2100, 1, 1))


@pytest.fixture
def book(caller):
    wire()
    return SmallBook(caller, seed=7)


@pytest.fixture
def manager(caller):
    """A person who may accept risks."""
    wire()
    practice.add_staff(caller, "mara@example.test", "Mara Example", frozenset({Role.MANAGER}))
    (mara,) = practice_store.staff_of(caller.session, caller.practice_id)
    return replace(caller, user_id=mara.id)


def shown(caller):
    """What every visit shows now: badge, content and since when."""
    found = store.listed(caller.session, caller.practice_id, _ALL, None, (), None, 10_000)
    return {one.id: (one.badge, one.content, one.shown_since) for one in found}


def afresh(caller, people):
    """What every visit ought to show: badge and content, judged anew with the risks that stand."""
    session, practice_id = caller.session, caller.practice_id
    world = world_of(session, practice_id, caller.clock)
    standing = risks.standing(session, practice_id)
    judged = judge_patients(session, practice_id, world, people)
    return {
        one.id: (one.badge, one.content) for found in judged for one in to_store(found, world.book.version, standing)
    }


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
    elif number % 6 == 4:
        caller.clock.instant += timedelta(minutes=1)
        let_through(caller, book)
    else:
        caller.clock.instant += timedelta(minutes=1)
        book.edit()


def let_through(caller, book):
    """Accept or withdraw the risk of a visit by chance."""
    visit_id = book.random.choice(sorted(shown(caller)))
    lines = open_visit(caller, visit_id).answer.lines
    if withdraw_risk(caller, visit_id):
        return
    if may_accept(lines):
        accept_risk(caller, visit_id, "Agreed by the director.", digest_of(lines))


class Witness:
    """Looks at the table of verdicts after every edit and remembers what each visit showed, and since when."""

    def __init__(self, caller):
        self.caller = caller
        self.seen = {}
        self.look()

    def look(self):
        """Note what has changed since the last look; None: nothing is shown any more."""
        now = shown(self.caller)
        for visit_id in set(self.seen) | set(now):
            told = self.seen.setdefault(visit_id, [])
            if not told or told[-1][1] != now.get(visit_id):
                told.append((self.caller.clock.now(), now.get(visit_id)))
        return now

    def stretches(self, visit_id):
        """What the history of a visit ought to be: since, until, badge and content; each ends where the next begins."""
        told = self.seen[visit_id]
        ends = [at for at, _one in told[1:]] + [None]
        return [(at, until, one[0], one[1]) for (at, one), until in zip(told, ends, strict=True) if one is not None]


def kept_of(caller, visit_id, now):
    """What is on file of a visit: its past answers, then the one that it shows."""
    kept = [(one.shown_since, one.shown_until, one.badge, one.content) for one in past_of(caller, visit_id)]
    if now is not None:
        badge, content, since = now
        kept.append((since, None, badge, content))
    return kept


@pytest.mark.parametrize("seed", [2, 6])
def test_after_random_edits_the_stretches_of_every_visit_meet_and_tell_what_was_shown(manager, seed):
    book = SmallBook(manager, seed)
    witness = Witness(manager)
    accepted = 0
    for number in range(80):
        edit(manager, book, number)
        now = witness.look()
        assert {visit_id: one[:2] for visit_id, one in now.items()} == afresh(manager, book.people), number
        accepted += sum(badge is Badge.ACCEPTED_RISK for badge, _content, _since in now.values())
    replaced = 0
    for visit_id in witness.seen:
        assert kept_of(manager, visit_id, now.get(visit_id)) == witness.stretches(visit_id)
        replaced += len(past_of(manager, visit_id))
    assert replaced > 30 and accepted > 10
    for visit_id, (badge, _content, _since) in now.items():
        assert shown_words(open_visit(manager, visit_id).answer)[0] is badge


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


def test_a_day_is_answered_with_every_stretch_that_touches_it_and_no_other(manager):
    caller, book = manager, SmallBook(manager, seed=7)
    for number in range(40):
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
        assert visit_shape(on.now) == visit_shape(check_visit(caller, whole.visit.reference, day))
    before = visit_history(caller, visit_id, min(days) - timedelta(days=1)).shown_on
    assert before is not None and before.stretches == ()
