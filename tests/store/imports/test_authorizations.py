"""An old authorization log comes in: keys, numbers that come later, units used, and what is kept of changes."""

from datetime import date

import pytest

from app.authorizations import store
from app.authorizations.facts import Counting, Item, Kind, Status
from app.authorizations.rules.changes import without_words
from app.authorizations.rules.history import divergences
from app.patients import store as patients
from tests.store.imports.support import LOG, PERSON, VISIT, bring, counts, reasons, state
from tests.support import make

NEW = {**LOG, **PERSON}


def logged(session, mrn="M1"):
    found = patients.by_mrn(session, make.PRACTICE_ID, mrn)
    return store.records_of(session, make.PRACTICE_ID, [found]).get(found, [])


def test_a_row_becomes_an_authorization(caller, tmp_path):
    row = {
        **NEW,
        "begins": "1/1/2026",
        "ends": "6/30/26",
        "provider_npi": make.NPI,
        "site": "Main",
        "diagnoses": "L40.0",
        "used": "96910:3",
        "used_on": "2026-02-01",
        "kind": "renewal",
        "note": "called twice\nasked for Kim",
    }
    (report,) = bring(caller, tmp_path, authorizations=[row])
    assert counts(report) == (1, 0, 0, 0)
    (found,) = logged(caller.session)
    assert found.items == (Item(("96910",), None, Counting.UNITS, 36, 3),)
    assert (found.begins, found.ends, found.used_on) == (date(2026, 1, 1), date(2026, 6, 30), date(2026, 2, 1))
    assert (found.status, found.raw_status, found.kind) == (Status.APPROVED, "approved", Kind.RENEWAL)
    assert found.note == "called twice\nasked for Kim"
    assert (report.created_sites, report.created_providers) == (["Main"], [make.NPI])
    assert counts(*bring(caller, tmp_path, authorizations=[row])) == (0, 0, 1, 0)


def test_a_number_that_comes_later_updates_the_row_that_had_none(caller, tmp_path):
    waiting = {**NEW, "status": "pending", "number": "TBD", "begins": "2026-03-01"}
    bring(caller, tmp_path, authorizations=[waiting])
    assert logged(caller.session)[0].number is None
    decided = {**LOG, "begins": "2026-03-01", "number": "A77"}
    assert counts(*bring(caller, tmp_path, authorizations=[decided])) == (0, 1, 0, 0)
    (found,) = logged(caller.session)
    assert (found.number, found.status) == ("A77", Status.APPROVED)
    assert counts(*bring(caller, tmp_path, authorizations=[decided])) == (0, 0, 1, 0)


def test_a_case_number_knows_the_row_before_and_after_its_number(caller, tmp_path):
    waiting = {**NEW, "status": "submitted", "number": "", "reference": "CASE-9"}
    bring(caller, tmp_path, authorizations=[waiting])
    bring(caller, tmp_path, authorizations=[{**LOG, "number": "A77", "reference": "case 9", "codes": "96910:12"}])
    (found,) = logged(caller.session)
    assert (found.number, found.items[0].count) == ("A77", 12)
    bring(caller, tmp_path, authorizations=[{**waiting, "status": "denied"}])
    (found,) = logged(caller.session)
    assert (found.number, found.status) == ("A77", Status.DENIED)


def test_two_rows_of_one_file_never_take_one_authorization(caller, tmp_path):
    rows = [{**NEW, "status": "submitted", "number": ""}, LOG]
    assert counts(*bring(caller, tmp_path, authorizations=rows)) == (2, 0, 0, 0)
    before = state(caller.session)
    assert counts(*bring(caller, tmp_path, authorizations=rows)) == (0, 0, 2, 0)
    assert state(caller.session) == before


@pytest.mark.parametrize("other", [{"payer": "Cigna"}, {"number": "A2"}])
def test_another_payer_or_number_is_another_authorization(caller, tmp_path, other):
    bring(caller, tmp_path, authorizations=[NEW])
    assert counts(*bring(caller, tmp_path, authorizations=[{**LOG, **other}])) == (1, 0, 0, 0)


def test_rows_that_contradict_each_other_are_all_refused(caller, tmp_path):
    (report,) = bring(caller, tmp_path, authorizations=[NEW, NEW, {**NEW, "patient_mrn": "M2"}])
    assert (counts(report), reasons(report)) == ((2, 0, 0, 1), [(3, "number", "duplicate")])
    (report,) = bring(caller, tmp_path, authorizations=[LOG, {**LOG, "status": "denied"}])
    assert reasons(report) == [(2, "number", "conflict"), (3, "number", "conflict")]


def test_used_without_a_day_counts_to_the_day_of_the_import_and_stays(caller, tmp_path):
    bring(caller, tmp_path, authorizations=[{**NEW, "used": "96910:3"}])
    assert logged(caller.session)[0].used_on == date(2026, 3, 2)
    caller.clock.instant = caller.clock.instant.replace(day=20)
    assert counts(*bring(caller, tmp_path, authorizations=[{**LOG, "used": "96910:3"}])) == (0, 0, 1, 0)
    assert counts(*bring(caller, tmp_path, authorizations=[LOG])) == (0, 0, 1, 0)
    bring(caller, tmp_path, authorizations=[{**LOG, "used": "96910:5"}])
    (found,) = logged(caller.session)
    assert (found.items[0].used, found.used_on) == (5, date(2026, 3, 20))


def test_unknown_patients_and_answers_that_are_none_are_refused(caller, tmp_path):
    rows = [LOG, {**NEW, "status": "on file"}, {**NEW, "status": ""}]
    (report,) = bring(caller, tmp_path, authorizations=rows)
    assert reasons(report) == [
        (2, "patient_mrn", "unknown_patient"),
        (3, "status", "bad_choice"),
        (4, "status", "missing"),
    ]


def test_what_a_row_changed_is_kept_whole_and_shown_without_words(caller, tmp_path):
    bring(caller, tmp_path, authorizations=[{**NEW, "note": "first"}])
    bring(caller, tmp_path, authorizations=[{**LOG, "status": "denied", "note": "second", "codes": "96910:12"}])
    (found,) = logged(caller.session)
    first, second = store.events_of(caller.session, make.PRACTICE_ID, found.id)
    assert first.changes["status"] == [None, "approved"]
    assert second.changes == {
        "status": ["approved", "denied"],
        "raw_status": ["approved", "denied"],
        "items": ["96910:u36", "96910:u12"],
        "note": ["first", "second"],
    }
    assert without_words(second.changes)["note"] == [None, None]
    assert divergences((first, second), found) == ()


def test_an_approval_without_number_is_a_warning(caller, tmp_path):
    (report,) = bring(caller, tmp_path, authorizations=[{**NEW, "number": "00000"}])
    assert [warning[:6] for warning in report.warnings] == ["Row 2:"]
    assert logged(caller.session)[0].number is None


def test_an_end_and_no_end_exclude_each_other(caller, tmp_path):
    bring(caller, tmp_path, authorizations=[{**NEW, "ends": "2026-06-30"}])
    bring(caller, tmp_path, authorizations=[{**LOG, "no_end": "yes"}])
    assert [(one.ends, one.no_end) for one in logged(caller.session)] == [(None, True)]
    bring(caller, tmp_path, authorizations=[{**LOG, "ends": "2026-09-30"}])
    assert [(one.ends, one.no_end) for one in logged(caller.session)] == [(date(2026, 9, 30), False)]


def test_bulk_readers_give_facts(caller, tmp_path):
    bring(caller, tmp_path, [VISIT], authorizations=[{**LOG, "member_id": "W1", "place_of_service": "11"}])
    found = patients.by_mrn(caller.session, make.PRACTICE_ID, "M1")
    (fact,) = store.of_patients(caller.session, make.PRACTICE_ID, [found])[found]
    assert (fact.number, fact.places, fact.items[0].count) == ("A1", ("11",), 36)
    assert fact.member is not None
    assert dict(store.in_patient_order(caller.session, make.PRACTICE_ID)) == {found: (fact,)}
    assert dict(store.in_patient_order(caller.session, make.PRACTICE_ID, after=found)) == {}
