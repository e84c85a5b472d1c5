"""An import is undone within a day: everything is as before, but what someone has changed since."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from app.authorizations import store as authorizations
from app.authorizations.rules.history import divergences
from app.clearance.actions.answering import check_visit
from app.clearance.store import verdicts
from app.coverage.store import coverages as coverage
from app.imports.actions import pieces as taking
from app.imports.actions import undoing
from app.imports.actions.undoing import NothingToUndoError, finish_undos, forget_pieces, see_undo, undo_import
from app.imports.store import pieces, rows, runs
from app.patients import store as patients
from app.platform.db import writing
from app.schedule import actions as types
from app.schedule import store as schedule
from app.schedule.facts import TypeLine, VisitType
from app.web.models import all_tables
from app.web.wiring import wire
from tests.store.imports.support import COVERAGE, LOG, VISIT, bring, counts
from tests.store.imports.test_whole import COVERAGES, LOGGED, SCHEDULE
from tests.support import make

ID = make.PRACTICE_ID
KEPT_ASIDE = {
    # what an undo is not to bring back: who did what, what was shown when, and the import's own books
    "audit_entry", "audit_head", "audit_subject", "alembic_version", "import_run", "import_piece", "import_undo",
    "import_draft", "authorization_event", "coverage_event", "visit_verdict_past", "patient_search_key",
}  # fmt: skip
DERIVED = {"visit_verdict": ("shown_since", "as_of"), "watch_dirty": ("mark",), "case_dirty": ("mark",)}


@pytest.fixture(autouse=True)
def wired():
    wire()


def dump(session):
    """Every row of every table byte by byte, but versions."""
    session.rollback()
    found = {}
    for table in all_tables().sorted_tables:
        if table.name not in KEPT_ASIDE:
            left_out = {"version", *DERIVED.get(table.name, ())}
            columns = [column for column in table.columns if column.name not in left_out]
            found[table.name] = sorted(map(repr, session.execute(select(*columns))))
    return found


def last_runs(session, number):
    """The runs of the last call, newest first."""
    return [run.id for run in runs.past_runs(session, ID, None, number)]


def undo_last(caller, number=1):
    return [undo_import(caller, run_id) for run_id in last_runs(caller.session, number)]


def test_undoing_a_first_import_leaves_the_practice_as_it_was(caller, tmp_path):
    before = dump(caller.session)
    bring(caller, tmp_path, SCHEDULE, COVERAGES, LOGGED)
    assert dump(caller.session) != before
    undos = undo_last(caller, 3)
    assert [undo.left for undo in undos if any(undo.left.values())] == []
    assert dump(caller.session) == before
    assert sum(undo.done.get("visit", [0])[0] for undo in undos) == 20


def test_undoing_an_import_that_changed_much_brings_every_byte_back(caller, tmp_path):
    bring(caller, tmp_path, SCHEDULE, COVERAGES, LOGGED)
    before = dump(caller.session)
    answer = check_visit(caller, "A0").lines
    moved = [
        {**row, "starts_at": "2026-04-01 08:00", "phone": "9", "units": "3", "patient_first": "Eve"} for row in SCHEDULE
    ]
    new = [{**row, "visit_id": f"N{row['visit_id']}", "patient_mrn": f"N{row['patient_mrn']}"} for row in SCHEDULE]
    covered = [{**row, "member_id": "X9", "plan": "Gold"} for row in COVERAGES]
    logged = [{**row, "codes": "96910:40", "note": "called"} for row in LOGGED]
    broken = {**VISIT, "visit_id": "A3", "patient_mrn": "M3", "patient_last": "Last3", "code": "1"}
    bring(caller, tmp_path, [*moved[:-3], *new, broken], covered, logged)
    assert dump(caller.session) != before
    undos = undo_last(caller, 3)
    assert [undo.left for undo in undos if any(undo.left.values())] == []
    assert dump(caller.session) == before
    assert [line.badge for line in check_visit(caller, "A0").lines] == [line.badge for line in answer]


def test_an_unverified_coverage_that_gave_way_comes_back(caller, tmp_path):
    bring(caller, tmp_path, [{**VISIT, "payer": "Local Plan", "member_id": "W1"}])
    before = dump(caller.session)
    bring(caller, tmp_path, coverage=[{**COVERAGE, "rank": "secondary"}, COVERAGE])
    undo_last(caller)
    assert dump(caller.session) == before


def test_a_word_that_there_is_no_coverage_goes_with_its_import(caller, tmp_path):
    bring(caller, tmp_path, [VISIT])
    before = dump(caller.session)
    bring(caller, tmp_path, [{**VISIT, "payer": "self pay"}])
    undo_last(caller)
    assert dump(caller.session) == before


def test_the_same_import_after_an_undo_is_new_again(caller, tmp_path):
    bring(caller, tmp_path, SCHEDULE)
    undo_last(caller)
    (report,) = bring(caller, tmp_path, SCHEDULE)
    assert counts(report) == (60, 0, 0, 0)


def test_what_was_edited_since_stays_and_is_named(caller, tmp_path):
    bring(caller, tmp_path, [{**VISIT, "code": "", "visit_type": "Mohs"}, {**VISIT, "visit_id": "A2"}])
    types.map_type(caller, VisitType("Mohs", (TypeLine("17311"),)))
    edited = schedule.visit_by_reference(caller.session, ID, "A1")
    (undo,) = undo_last(caller)
    assert schedule.visit_by_reference(caller.session, ID, "A1") == edited
    assert schedule.visit_by_reference(caller.session, ID, "A2") is None
    assert undo.left["visit"] == [edited.id.hex]
    assert undo.left["patient"] == [edited.patient_id.hex]
    assert (undo.done["visit"], undo.done["patient"]) == ([1, 0], [0, 0])


def test_a_later_import_keeps_only_its_own_records(caller, tmp_path):
    rows_ = [{**VISIT, "visit_id": name} for name in ("A1", "A2")]
    bring(caller, tmp_path, rows_)
    (first,) = last_runs(caller.session, 1)
    bring(caller, tmp_path, [rows_[0], {**rows_[1], "units": "2"}])
    undo = undo_import(caller, first)
    assert schedule.visit_by_reference(caller.session, ID, "A1") is None
    assert schedule.visit_by_reference(caller.session, ID, "A2").lines[0].units == 2
    assert len(undo.left["visit"]) == 1


def test_imports_undone_from_the_last_to_the_first_leave_nothing(caller, tmp_path):
    before = dump(caller.session)
    for units in ("1", "2", "3"):
        bring(caller, tmp_path, [{**VISIT, "units": units, "phone": units}], [{**COVERAGE, "plan": units}])
    undos = undo_last(caller, 6)
    assert [undo.left for undo in undos if any(undo.left.values())] == []
    assert dump(caller.session) == before


def test_a_patient_of_whom_something_else_is_on_file_stays(caller, tmp_path):
    bring(caller, tmp_path, [VISIT])
    (first,) = last_runs(caller.session, 1)
    bring(caller, tmp_path, coverage=[COVERAGE])
    undo = undo_import(caller, first)
    assert len(undo.left["patient"]) == 1
    found = patients.by_mrn(caller.session, ID, "M1")
    assert len(coverage.records_of(caller.session, ID, [found])[found]) == 1


def test_an_undone_change_of_an_authorization_is_among_its_events(caller, tmp_path):
    bring(caller, tmp_path, [VISIT], None, [LOG])
    bring(caller, tmp_path, authorizations=[{**LOG, "codes": "96910:40"}])
    undo_last(caller)
    patient = patients.by_mrn(caller.session, ID, "M1")
    (row,) = authorizations.records_of(caller.session, ID, [patient])[patient]
    events = authorizations.events_of(caller.session, ID, row.id)
    assert (events[-1].via, list(events[-1].changes)) == ("undo", ["items"])
    assert divergences(events, row) == ()


def test_no_verdict_and_no_question_is_left_of_a_visit_that_is_gone(caller, tmp_path):
    bring(caller, tmp_path, SCHEDULE, COVERAGES)
    undo_last(caller, 2)
    assert not any(verdicts.stored_of(caller.session, ID, list(patients.for_judging(caller.session, ID))).values())
    assert dump(caller.session)["question"] == []


def test_a_second_undo_does_nothing(caller, tmp_path):
    bring(caller, tmp_path, SCHEDULE)
    (first,) = undo_last(caller)
    before = dump(caller.session)
    (second,) = undo_last(caller)
    assert (second, dump(caller.session)) == (first, before)


def test_after_a_day_nothing_is_kept_and_nothing_undone(caller, tmp_path):
    bring(caller, tmp_path, [VISIT])
    (run_id,) = last_runs(caller.session, 1)
    caller.clock.instant += timedelta(hours=23, minutes=59)
    assert (forget_pieces(caller), see_undo(caller, run_id).possible) == (0, True)
    caller.clock.instant += timedelta(minutes=2)
    assert see_undo(caller, run_id).possible is False
    with pytest.raises(NothingToUndoError):
        undo_import(caller, run_id)
    assert (forget_pieces(caller) > 0, forget_pieces(caller)) == (True, 0)
    assert pieces.count_pieces(caller.session, ID, run_id) == 0
    assert schedule.visit_by_reference(caller.session, ID, "A1") is not None


def test_a_run_of_another_practice_is_not_there(caller, tmp_path):
    bring(caller, tmp_path, [VISIT])
    with pytest.raises(NothingToUndoError):
        see_undo(caller, make.an_id(99))


@pytest.mark.parametrize("breaks", ["_end_and_restore", "_remove_ended"])
def test_after_a_crash_halfway_the_job_undoes_the_rest(caller, tmp_path, monkeypatch, breaks):
    monkeypatch.setattr(taking, "PIECE", 9)
    before = dump(caller.session)
    bring(caller, tmp_path, SCHEDULE)
    whole, calls = getattr(undoing, breaks), []

    def broken(*arguments):
        calls.append(1)
        if len(calls) == 4:
            raise RuntimeError("pulled the plug")
        whole(*arguments)

    monkeypatch.setattr(undoing, breaks, broken)
    with pytest.raises(RuntimeError):
        undo_last(caller)
    monkeypatch.setattr(undoing, breaks, whole)
    caller.clock.instant += timedelta(hours=30)
    assert forget_pieces(caller) == 0
    assert (finish_undos(caller), finish_undos(caller)) == (1, 0)
    assert dump(caller.session) == before
    undo = pieces.undo_of(caller.session, ID, last_runs(caller.session, 1)[0])
    assert (undo.done["visit"], undo.ended_at is not None) == ([20, 0], True)


def test_a_long_undo_goes_on_by_itself(caller, tmp_path, monkeypatch):
    monkeypatch.setattr(taking, "PIECE", 9)
    monkeypatch.setattr(undoing, "AT_ONCE", 2)
    before = dump(caller.session)
    bring(caller, tmp_path, SCHEDULE)
    (undo,) = undo_last(caller)
    assert undo.ended_at is None
    assert finish_undos(caller) == 1
    assert dump(caller.session) == before


def test_what_hangs_on_a_visit_at_the_last_moment_keeps_it_as_it_was(caller, tmp_path, monkeypatch):
    bring(caller, tmp_path, [VISIT])
    before = schedule.visit_by_reference(caller.session, ID, "A1")
    removing = undoing._remove_ended

    def worked_on(*arguments):
        if arguments[3].made.get("visit"):
            with writing(caller.session) as session:
                table = all_tables().tables["visit_work"]
                values = {"practice_id": ID, "id": before.id, "at": make.NOW, "version": 1}
                session.execute(table.insert().values(**values))
        removing(*arguments)

    monkeypatch.setattr(undoing, "_remove_ended", worked_on)
    (undo,) = undo_last(caller)
    assert undo.left["visit"] == [before.id.hex]
    assert schedule.visit_by_reference(caller.session, ID, "A1") == before
    assert verdicts.stored_of(caller.session, ID, [before.patient_id])[before.patient_id].keys() == {before.id}


def test_every_foreign_key_to_what_an_import_makes_is_thought_of():
    handled = {(target, one.table, one.column) for target, them in rows.HANGING.items() for one in them}
    made = {"visit", "patient", "coverage", "authorization", "site", "provider", "payer", "schedule_import"}
    for table in all_tables().sorted_tables:
        for key in table.foreign_key_constraints:
            target = key.referred_table.name
            if target in made:
                (column,) = [name for name in key.column_keys if name != "practice_id"]
                assert (target, table.name, column) in handled, (
                    f"{table.name}.{column} hangs on {target}: say in imports/store/rows.py whether it goes with it"
                )
    columns = {(one.table, one.column) for them in rows.HANGING.values() for one in them}
    columns |= {user for _, _, users in rows.NAMED.values() for user in users}
    for table, column in columns:
        assert column in all_tables().tables[table].columns
