"""Questions stay equal to what the stored verdicts ask: after every edit, as days pass, and for the whole book."""

from collections import Counter
from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import select

from app.clearance.actions.book import rejudge_all
from app.clearance.actions.judging import judge_patients
from app.clearance.actions.keeping import rejudge_stale
from app.clearance.actions.world import world_of
from app.clearance.models import QuestionRow, VisitQuestionRow
from app.clearance.rules.packing import packed_questions
from app.clearance.rules.questions import keys_of_visit
from app.clearance.store import questions, verdicts
from app.schedule.facts import VisitStatus
from app.web.wiring import wire
from tests.support.book import SmallBook

EDITS = 200


def derived(caller, people):
    """Ask afresh: question by key with its visits and their days."""
    session, practice_id = caller.session, caller.practice_id
    world = world_of(session, practice_id, caller.clock)
    found = {}
    for judged in judge_patients(session, practice_id, world, people):
        for visit_id, one in judged.items():
            visit = one.lines[0].visit
            if visit.status is not VisitStatus.BOOKED or visit.day < one.as_of:
                continue
            for key in keys_of_visit(one.lines):
                found.setdefault(key, set()).add((visit.day, visit_id))
    return found


def kept(caller):
    """Read what is kept, in the same form; counts and first days must fit the rows."""
    session, practice_id = caller.session, caller.practice_id
    rows = session.execute(
        select(
            QuestionRow.key, QuestionRow.visits, QuestionRow.first_day, VisitQuestionRow.day, VisitQuestionRow.visit_id
        )
        .join(
            VisitQuestionRow,
            (VisitQuestionRow.practice_id == QuestionRow.practice_id)
            & (VisitQuestionRow.question_id == QuestionRow.id),
            isouter=True,
        )
        .where(QuestionRow.practice_id == practice_id)
    )
    found, said = {}, {}
    for key, visits, first_day, day, visit_id in rows:
        found.setdefault(key, set()).add((day, visit_id))
        said[key] = (visits, first_day)
    for key, held in found.items():
        assert said[key] == (len(held), min(day for day, _visit in held)), key
    return found


@pytest.fixture
def book(caller):
    wire()
    return SmallBook(caller, seed=11)


@pytest.mark.parametrize("seed", [3, 5])
def test_after_every_edit_and_move_of_the_clock_the_questions_are_what_is_not_known(caller, seed):
    wire()
    book = SmallBook(caller, seed)
    seen = Counter()
    for number in range(EDITS):
        done = "clock" if number % 10 == 9 else book.edit()
        if done == "clock":
            caller.clock.instant += timedelta(days=book.random.randint(1, 12))
            book.today = caller.clock.instant.date()
            rejudge_stale(caller)
            questions.drop_past(caller.session, caller.practice_id, book.today)
            caller.session.commit()
            assert not questions.past(caller.session, caller.practice_id, book.today)
        assert kept(caller) == derived(caller, book.people), f"edit {number}: {done}"
        seen.update(questions.counts(caller.session, caller.practice_id))
    assert {"need", "class"} <= set(seen)


@pytest.mark.parametrize("processes", [1, 2])
def test_the_whole_book_gives_the_same_questions(caller, book, processes):
    for _ in range(20):
        book.edit()
    before = kept(caller)
    assert before
    assert rejudge_all(caller, processes).changed == 0
    assert kept(caller) == before
    session, practice_id = caller.session, caller.practice_id
    lost = [visit_id for found in verdicts.stored_of(session, practice_id, book.people).values() for visit_id in found]
    verdicts.replace(
        session,
        practice_id,
        [
            verdicts.Difference(visit_id, None, stored, questions.Asking.ended(visit_id, stored))
            for found in verdicts.stored_of(session, practice_id, book.people).values()
            for visit_id, stored in found.items()
        ],
        caller.clock.now(),
    )
    session.commit()
    assert kept(caller) == {}
    assert rejudge_all(caller, processes).changed == len(lost)
    assert kept(caller) == before


def test_a_change_of_many_patients_keeps_the_questions_too(caller, book, monkeypatch):
    monkeypatch.setattr("app.clearance.actions.keeping.AT_ONCE", 3)
    for _ in range(10):
        book.edit()
        assert kept(caller) == derived(caller, book.people)


def test_what_an_edit_judged_in_the_meantime_keeps_its_questions(caller, book):
    session, practice_id = caller.session, caller.practice_id
    before = kept(caller)
    (one, *_) = [
        one
        for one in verdicts.listed(session, practice_id, (date(2000, 1, 1), date(2100, 1, 1)), None, (), None, 100)
        if one.badge == "not_checked"
    ]
    row = verdicts.row_maker(session, practice_id)(one)
    stored = verdicts.stored_of(session, practice_id, [one.patient_id])[one.patient_id][one.id]
    older = replace(stored, content=b"")
    nothing = questions.Asking(one.id, one.day, packed_questions(one.content), ())
    for compared_with in (older, None):
        difference = verdicts.Difference(one.id, row, compared_with, nothing)
        verdicts.replace(session, practice_id, [difference], caller.clock.now())
    session.commit()
    assert kept(caller) == before


def test_the_biggest_come_first_and_pages_hold_each_once(caller, book):
    session, practice_id = caller.session, caller.practice_id
    for _ in range(15):
        book.edit()
    found, after = [], None
    while page := questions.listed(session, practice_id, None, after, 2):
        found += page
        after = (page[-1].visits, page[-1].id)
    assert [one.visits for one in found] == sorted((one.visits for one in found), reverse=True)
    assert {one.key.text for one in found} == set(kept(caller))
    assert len(found) == sum(questions.counts(session, practice_id).values())
    for one in found:
        visits = session.scalars(questions.visits_asking(session, practice_id, one.id)).all()
        assert len(visits) == one.visits
        assert set(questions.badges_held(session, practice_id, one.id)) == set(visits)
        assert questions.question(session, practice_id, one.id) == one
