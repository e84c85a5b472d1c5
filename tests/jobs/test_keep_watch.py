"""What is watched is what the facts give: after edits, as days pass, twice, after a crash halfway, two at once."""

from datetime import timedelta

import pytest
from sqlalchemy import select, update

from app.alerts.actions import watching
from app.alerts.jobs import sweeping as jobs
from app.alerts.models.alerts import WatchDirtyRow, WatchRow
from app.alerts.store.marks import MARKS
from app.platform.changes import Changed, announce, announced
from app.web.wiring import wire
from tests.support.book import SmallBook


@pytest.fixture
def book(caller):
    wire()
    return SmallBook(caller, seed=3, patients_on_file=30)


def test_over_the_whole_book_the_watch_is_what_the_facts_give(caller, book):
    assert jobs.keep_watch(caller) == 30
    proof = watching.prove(caller)
    assert (proof.patients, proof.differences, proof.marked) == (30, 0, 0)
    assert proof.deadlines > 10


def test_a_second_run_finds_nothing(caller, book):
    jobs.keep_watch(caller)
    assert jobs.keep_watch(caller) == 0


def test_after_every_kind_of_edit_the_watch_is_true_again(caller, book):
    jobs.keep_watch(caller)
    edits = set()
    while len(edits) < 8:
        edits.add(book.edit())
        jobs.keep_watch(caller)
        assert watching.prove(caller).differences == 0


@pytest.mark.parametrize("days", [1, 20, 100])
def test_late_or_in_time_days_that_passed_are_made_good(caller, book, days):
    jobs.keep_watch(caller)
    caller.clock.instant += timedelta(days=days)
    jobs.keep_watch(caller)
    assert watching.prove(caller).differences == 0
    assert jobs.keep_watch(caller) == 0


def test_a_clock_that_jumped_by_a_year_overtakes_nobody(caller, book):
    jobs.keep_watch(caller)
    jobs.sweep(caller)
    caller.clock.instant += timedelta(days=365)
    assert jobs.keep_watch(caller) == 0
    caller.clock.instant -= timedelta(days=365)
    assert watching.prove(caller).differences == 0


def test_a_changed_and_a_missing_row_are_found_by_the_proof_and_made_good_by_a_rebuild(caller, book):
    jobs.keep_watch(caller)
    rows = caller.session.scalars(select(WatchRow).order_by(WatchRow.id).limit(2)).all()
    caller.session.execute(update(WatchRow).where(WatchRow.id == rows[0].id).values(patient_id=None))
    caller.session.execute(update(WatchRow).where(WatchRow.id == rows[1].id).values(content=rows[0].content))
    caller.session.commit()
    proof = watching.prove(caller)
    assert (proof.missing, proof.different) == (1, 1)
    watching.rebuild(caller)
    assert watching.prove(caller).differences == 0


def test_after_a_crash_halfway_the_next_run_ends_what_was_begun(caller, book, monkeypatch):
    monkeypatch.setattr(watching, "PIECE", 7)
    pieces = []

    def breaking(who, patients):
        pieces.append(len(patients))
        if len(pieces) == 3:
            raise RuntimeError("the process dies here")
        return watching.deadlines_of_patients(who, patients)

    with pytest.raises(RuntimeError):
        watching.keep_watch(caller, breaking)
    assert MARKS.count(caller.session, caller.practice_id) == 16
    caller.session.rollback()
    assert jobs.keep_watch(caller) == 16
    assert watching.prove(caller).differences == 0


def test_a_patient_who_is_marked_again_while_being_looked_at_stays_marked(caller, book):
    jobs.keep_watch(caller)
    with announced(caller) as session:
        announce(session, Changed(frozenset(book.people[:2])))
    seen = []

    def gather(who, patients):
        if not seen:
            MARKS.mark(who.session, who.practice_id, book.people[:1])
        seen.append(tuple(patients))
        return watching.deadlines_of_patients(who, patients)

    assert watching.keep_watch(caller, gather) == 3
    assert seen == [tuple(sorted(book.people[:2])), (book.people[0],)]


def test_a_changed_rule_marks_the_patients_of_its_payer_and_a_changed_practice_everybody(caller, book):
    jobs.keep_watch(caller)
    theirs = {one.patient_id for one in book.cover.values() if one.payer == "aetna"}
    theirs |= {one.patient_id for one in book.approvals.values() if one.payer == "aetna"}
    with announced(caller) as session:
        announce(session, Changed(payers=frozenset({"aetna"})))
    assert set(caller.session.scalars(select(WatchDirtyRow.patient_id))) == theirs
    assert 0 < len(theirs) < 30
    with announced(caller) as session:
        announce(session, Changed(practice=True))
    assert MARKS.count(caller.session, caller.practice_id) == 30
