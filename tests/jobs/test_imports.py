"""Long files: checked and written by the worker; twice, late and after a crash they end the same."""

from datetime import timedelta

import pytest

from app.imports import jobs
from app.imports.actions import confirming, drafts, pieces, working
from app.imports.facts import DraftState
from app.imports.store import drafts as store
from app.imports.store import runs
from app.web.wiring import wire
from tests.store.imports.support import state
from tests.support import make
from tests.web.imports.support import csv_of, visits


@pytest.fixture(autouse=True)
def short(monkeypatch):
    """Take files of more than twenty rows as long ones, in pieces of ten rows."""
    wire()
    monkeypatch.setattr(drafts, "AT_ONCE", 20)
    monkeypatch.setattr(pieces, "PIECE", 10)


def begun(caller, size=55, **over):
    """Begin a file that is long here."""
    return drafts.begin(caller, "long.csv", csv_of(visits(size, **over)), None)


def draft(caller, draft_id):
    """Read a draft anew."""
    caller.session.rollback()
    return drafts.found_draft(caller, draft_id)


def confirm(caller, draft_id):
    """Confirm as the page shows it now."""
    confirming.confirm(caller, draft_id, draft(caller, draft_id).version, frozenset())


def test_a_long_file_is_checked_then_written_by_the_worker(caller):
    draft_id = begun(caller)
    assert draft(caller, draft_id).state is DraftState.TO_CHECK
    assert [jobs.work_on_drafts(caller) for _ in range(2)] == [1, 0]
    checked = draft(caller, draft_id)
    assert checked.state is DraftState.CHECKED
    assert checked.summary["counts"] == {"created": 55, "updated": 0, "unchanged": 0, "refused": 0}
    confirm(caller, draft_id)
    assert draft(caller, draft_id).state is DraftState.TO_CONFIRM
    assert state(caller.session)["visits"] == []
    assert [jobs.work_on_drafts(caller) for _ in range(2)] == [1, 0]
    done = draft(caller, draft_id)
    assert done.state is DraftState.DONE
    assert done.summary["counts"]["created"] == 55
    assert len(state(caller.session)["visits"]) == 55
    assert len(runs.past_runs(caller.session, make.PRACTICE_ID, None, 9)) == 1


def test_how_far_it_is_can_be_read_meanwhile(caller, monkeypatch):
    draft_id = begun(caller)
    seen = []
    real = store.note_progress

    def noting(session, practice_id, one, done):
        real(session, practice_id, one, done)
        seen.append((store.draft_of(session, practice_id, one).state.value, done))

    monkeypatch.setattr(store, "note_progress", noting)
    jobs.work_on_drafts(caller)
    assert [one for one in seen if one[0] == "checking"] == [("checking", done) for done in (0, 10, 20, 30, 40, 50, 55)]
    confirm(caller, draft_id)
    jobs.work_on_drafts(caller)
    assert [one for one in seen if one[0] == "confirming"][-1] == ("confirming", 55)


def dying(monkeypatch, module, name, after):
    """Let a process die in the middle of its work: the function breaks after so many calls."""
    real, calls = getattr(module, name), []

    def breaking(*arguments, **named):
        calls.append(1)
        if len(calls) > after:
            raise SystemExit("the process is killed")
        return real(*arguments, **named)

    monkeypatch.setattr(module, name, breaking)


@pytest.mark.parametrize("after", [0, 2, 5])
def test_a_check_that_died_is_made_anew(caller, monkeypatch, after):
    draft_id = begun(caller)
    with monkeypatch.context() as crash:
        dying(crash, store, "note_progress", after)
        with pytest.raises(SystemExit):
            jobs.work_on_drafts(caller)
    assert draft(caller, draft_id).state is DraftState.CHECKING
    jobs.work_on_drafts(caller)
    assert draft(caller, draft_id).summary["counts"]["created"] == 55


@pytest.mark.parametrize("after", [0, 1, 4])
def test_writing_that_died_is_taken_up_and_ends_as_if_it_had_not(caller, monkeypatch, after):
    draft_id = begun(caller)
    jobs.work_on_drafts(caller)
    confirm(caller, draft_id)
    with monkeypatch.context() as crash:
        dying(crash, pieces, "write", after)
        with pytest.raises(SystemExit):
            jobs.work_on_drafts(caller)
    assert draft(caller, draft_id).state is DraftState.CONFIRMING
    assert len(state(caller.session)["visits"]) == 10 * after
    assert jobs.work_on_drafts(caller) == 1
    done = draft(caller, draft_id)
    assert done.state is DraftState.DONE
    assert done.summary["counts"]["created"] == 55
    assert done.summary["resumed"] is True
    assert len(state(caller.session)["visits"]) == 55
    assert len(runs.past_runs(caller.session, make.PRACTICE_ID, None, 9)) == 1


def test_a_short_file_whose_request_died_is_ended_by_the_worker(caller, monkeypatch):
    draft_id = begun(caller, 15)
    with monkeypatch.context() as crash:
        dying(crash, pieces, "write", 1)
        with pytest.raises(SystemExit):
            confirm(caller, draft_id)
    jobs.work_on_drafts(caller)
    assert draft(caller, draft_id).state is DraftState.DONE
    assert len(state(caller.session)["visits"]) == 15


def test_a_file_that_breaks_is_marked_stops_no_other_and_can_be_tried_again(caller, monkeypatch, capsys):
    broken, whole = begun(caller, patient_last="Zubrowka"), begun(caller, 30)
    real = working.check

    def breaking(caller, one, *rest):
        if one.id == broken:
            raise RuntimeError("Zubrowka")
        return real(caller, one, *rest)

    with monkeypatch.context() as fault:
        fault.setattr(working, "check", breaking)
        jobs.work_on_drafts(caller)
    failed = draft(caller, broken)
    assert failed.state is DraftState.FAILED
    logged = capsys.readouterr()
    assert failed.summary["incident"] in logged.err + logged.out
    assert draft(caller, whole).state is DraftState.CHECKED
    assert jobs.work_on_drafts(caller) == 0
    drafts.check_again(caller, broken, failed.version)
    jobs.work_on_drafts(caller)
    assert draft(caller, broken).state is DraftState.CHECKED


def test_writing_that_breaks_is_listed_so_that_it_can_be_undone_and_ends_when_tried_again(caller, monkeypatch):
    draft_id = begun(caller)
    jobs.work_on_drafts(caller)
    confirm(caller, draft_id)
    real, calls = pieces.write, []

    def breaking(*arguments, **named):
        calls.append(1)
        if len(calls) == 3:
            raise RuntimeError("the disk is full")
        return real(*arguments, **named)

    with monkeypatch.context() as fault:
        fault.setattr(pieces, "write", breaking)
        jobs.work_on_drafts(caller)
    failed = draft(caller, draft_id)
    assert (failed.state, failed.summary["written"]) == (DraftState.FAILED, True)
    (listed,) = runs.past_runs(caller.session, make.PRACTICE_ID, None, 9)
    assert (listed.id, listed.rows) == (failed.run_id, 20)
    drafts.check_again(caller, draft_id, failed.version)
    jobs.work_on_drafts(caller)
    confirm(caller, draft_id)
    jobs.work_on_drafts(caller)
    (listed,) = runs.past_runs(caller.session, make.PRACTICE_ID, None, 9)
    assert (listed.id, listed.rows) == (failed.run_id, 55)
    assert len(state(caller.session)["visits"]) == 55


def test_a_broken_file_names_nobody_in_the_log(caller, monkeypatch, capsys):
    begun(caller, patient_last="Zubrowka")

    def breaking(*_arguments):
        raise RuntimeError("Zubrowka of row 7")

    monkeypatch.setattr(working, "check", breaking)
    jobs.work_on_drafts(caller)
    logged = capsys.readouterr()
    assert "RuntimeError" in logged.err + logged.out
    assert "Zubrowka" not in logged.err + logged.out


def test_writing_waits_while_another_import_works(caller):
    draft_id = begun(caller)
    jobs.work_on_drafts(caller)
    confirm(caller, draft_id)
    with confirming.alone(caller) as mine:
        assert mine
        assert jobs.work_on_drafts(caller) == 0
        assert draft(caller, draft_id).state is DraftState.TO_CONFIRM
    assert jobs.work_on_drafts(caller) == 1


def test_a_day_old_draft_is_forgotten_but_never_one_that_is_being_written(caller):
    old, written = begun(caller), begun(caller, 30)
    jobs.work_on_drafts(caller)
    confirm(caller, written)
    caller.clock.instant += timedelta(hours=24)
    assert [jobs.forget_old_drafts(caller) for _ in range(2)] == [1, 0]
    with pytest.raises(drafts.DraftGoneError):
        drafts.found_draft(caller, old)
    assert jobs.work_on_drafts(caller) == 1
    assert store.draft_of(caller.session, make.PRACTICE_ID, written).state is DraftState.DONE
    assert jobs.forget_old_drafts(caller) == 1


def test_an_edit_while_it_is_checked_wins_over_the_check(caller, monkeypatch):
    draft_id = begun(caller, starts_at="soon")
    real = working.check

    def slow(caller, one, edits, step):
        found = real(caller, one, edits, step)
        drafts.correct_rows(caller, draft_id, one.version, {(2, 1): "2026-03-09 14:30"})
        return found

    with monkeypatch.context() as meanwhile:
        meanwhile.setattr(working, "check", slow)
        jobs.work_on_drafts(caller)
    assert draft(caller, draft_id).state is DraftState.TO_CHECK
    jobs.work_on_drafts(caller)
    assert draft(caller, draft_id).summary["counts"]["refused"] == 54
