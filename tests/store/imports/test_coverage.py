"""Coverages come in: keys, updates, the word that there is none, and rows that contradict each other."""

from datetime import date

import pytest

from app.coverage.facts import CheckResult, NetworkAnswer
from app.coverage.store import coverages as store
from app.patients import store as patients
from app.values.insurance import Benefit, Line, Rank
from tests.store.imports.support import COVERAGE, PERSON, VISIT, bring, counts, reasons, state
from tests.support import make


def coverages(session, mrn="M1"):
    found = patients.by_mrn(session, make.PRACTICE_ID, mrn)
    return store.records_of(session, make.PRACTICE_ID, [found]).get(found, [])


def no_coverage_on(session, mrn="M1"):
    found = patients.by_mrn(session, make.PRACTICE_ID, mrn)
    return patients.details(session, make.PRACTICE_ID, [found])[found].no_coverage_on


def test_a_row_with_names_makes_the_patient_and_one_without_is_refused(caller, tmp_path):
    rows = [{**COVERAGE, **PERSON}, {**COVERAGE, "patient_mrn": "M2"}, {**COVERAGE, "rank": "secondary"}]
    (report,) = bring(caller, tmp_path, coverage=rows)
    assert counts(report) == (2, 0, 0, 1)
    assert reasons(report) == [(3, "patient_mrn", "unknown_patient")]
    (found, second) = sorted(coverages(caller.session), key=lambda one: one.rank)
    assert (found.rank, found.benefit, found.payer, found.verified) == (Rank.PRIMARY, Benefit.BOTH, "aetna", True)
    assert second.rank is Rank.SECONDARY


def test_imported_twice_changes_nothing_and_an_empty_cell_changes_nothing(caller, tmp_path):
    full = {
        **COVERAGE,
        **PERSON,
        "begins": "1/1/2026",
        "line": "medicare_ffs",
        "checked_on": "3/1/26",
        "result": "active",
        "network": "in",
        "group_number": "G1",
    }
    bring(caller, tmp_path, coverage=[full])
    before = state(caller.session)
    assert counts(*bring(caller, tmp_path, coverage=[full])) == (0, 0, 1, 0)
    assert counts(*bring(caller, tmp_path, coverage=[COVERAGE])) == (0, 0, 1, 0)
    assert counts(*bring(caller, tmp_path, coverage=[{**COVERAGE, "begins": "2026-01-01", "state": ""}])) == (
        0,
        0,
        1,
        0,
    )
    assert state(caller.session) == before
    assert counts(*bring(caller, tmp_path, coverage=[{**full, "result": "inactive"}])) == (0, 1, 0, 0)
    (found,) = coverages(caller.session)
    assert (found.result, found.line, found.checked_on) == (CheckResult.INACTIVE, Line.MEDICARE, date(2026, 3, 1))


@pytest.mark.parametrize(
    ("row", "why"),
    [
        ({"checked_on": "2026-02-20", "result": "active"}, "its check of 2026-02-20 is older"),
        ({"result": "active"}, "its result has no day"),
        ({"checked_on": "2026-03-02"}, "its check of 2026-03-02 has no result"),
    ],
)
def test_an_answer_of_old_that_is_written_out_again_does_not_take_the_place_of_a_newer_one(caller, tmp_path, row, why):
    said = {"checked_on": "2026-03-01", "result": "inactive", "source": "271", "network": "out", "reference": "T1"}
    bring(caller, tmp_path, coverage=[{**COVERAGE, **PERSON, **said}])
    again = {**COVERAGE, "plan": "Gold", "network": "in", "source": "portal", "reference": "R9", **row}
    (report,) = bring(caller, tmp_path, coverage=[again])
    assert counts(report) == (0, 1, 0, 0)  # the plan's name
    assert f"Row 2: {why}; the check of 2026-03-01 on file stays." in report.warnings
    (found,) = coverages(caller.session)
    assert (found.plan, found.result, found.checked_on) == ("Gold", CheckResult.INACTIVE, date(2026, 3, 1))
    assert (found.network, found.source, found.reference) == (NetworkAnswer.OUT, "271", "T1")


@pytest.mark.parametrize(
    "row",
    [
        {"checked_on": "2026-03-01", "result": "inactive"},
        {"checked_on": "2026-03-02", "result": "unknown"},
        {"result": "inactive"},
    ],
)
def test_a_newer_answer_or_a_less_good_one_without_a_day_counts(caller, tmp_path, row):
    said = {"checked_on": "2026-03-01", "result": "active"}
    bring(caller, tmp_path, coverage=[{**COVERAGE, **PERSON, **said}])
    (report,) = bring(caller, tmp_path, coverage=[{**COVERAGE, **row}])
    (found,) = coverages(caller.session)
    assert (counts(report), found.result) == ((0, 1, 0, 0), CheckResult(row["result"]))


def test_another_member_or_begin_is_another_coverage(caller, tmp_path):
    bring(caller, tmp_path, coverage=[{**COVERAGE, **PERSON, "begins": "2025-01-01"}])
    rows = [{**COVERAGE, "begins": "2026-01-01"}, {**COVERAGE, "member_id": "W9", "begins": "2025-01-01"}]
    assert counts(*bring(caller, tmp_path, coverage=rows)) == (2, 0, 0, 0)
    assert len(coverages(caller.session)) == 3


def test_member_ids_are_one_whatever_their_dashes_and_case(caller, tmp_path):
    bring(caller, tmp_path, coverage=[{**COVERAGE, **PERSON, "member_id": "w-123"}])
    assert counts(*bring(caller, tmp_path, coverage=[{**COVERAGE, "member_id": "W 123"}])) == (0, 1, 0, 0)
    assert len(coverages(caller.session)) == 1


def test_the_same_row_twice_is_a_duplicate_and_contradicting_rows_are_both_refused(caller, tmp_path):
    one = {**COVERAGE, **PERSON, "result": "active", "checked_on": "2026-03-01"}
    (report,) = bring(caller, tmp_path, coverage=[one, one])
    assert (counts(report), reasons(report)) == ((1, 0, 0, 1), [(3, "member_id", "duplicate")])
    (report,) = bring(caller, tmp_path, coverage=[one, {**one, "result": "inactive"}])
    assert reasons(report) == [(2, "member_id", "conflict"), (3, "member_id", "conflict")]
    assert [found.result for found in coverages(caller.session)] == [CheckResult.ACTIVE]


def test_a_member_id_must_be_there_but_for_self_pay(caller, tmp_path):
    rows = [{**COVERAGE, **PERSON, "member_id": "N/A"}, {**PERSON, "patient_mrn": "M2", "payer": "Uninsured"}]
    (report,) = bring(caller, tmp_path, coverage=rows)
    assert reasons(report) == [(2, "member_id", "missing")]
    assert no_coverage_on(caller.session, "M2") == date(2026, 3, 2)
    assert counts(*bring(caller, tmp_path, coverage=rows)) == (0, 0, 1, 1)


def test_no_coverage_is_not_taken_against_one_that_has_not_ended(caller, tmp_path):
    none = {"patient_mrn": "M1", "payer": "self pay", "member_id": ""}
    (report,) = bring(caller, tmp_path, coverage=[none, {**COVERAGE, **PERSON}])
    assert reasons(report) == [(2, "payer", "conflict")]
    bring(caller, tmp_path, coverage=[{**COVERAGE, "ends": "2026-03-01"}])
    assert counts(*bring(caller, tmp_path, coverage=[none])) == (1, 0, 0, 0)
    assert no_coverage_on(caller.session) == date(2026, 3, 2)
    bring(caller, tmp_path, coverage=[{**COVERAGE, "begins": "2026-03-02"}])
    assert no_coverage_on(caller.session) is None


def test_a_coverage_tables_word_that_there_is_none_outweighs_what_a_schedule_names(caller, tmp_path):
    none = {"patient_mrn": "M1", "payer": "cash", "member_id": ""}
    rows = {"schedule": [{**VISIT, "payer": "Cigna"}], "coverage": [none]}
    schedule, coverage = bring(caller, tmp_path, **rows)
    assert (counts(schedule), counts(coverage)) == ((1, 0, 0, 0), (1, 0, 0, 0))
    assert no_coverage_on(caller.session) == date(2026, 3, 2)
    assert coverages(caller.session) == []
    before = state(caller.session)
    schedule, coverage = bring(caller, tmp_path, **rows)
    assert (counts(schedule), counts(coverage)) == ((0, 0, 1, 0), (0, 0, 1, 0))
    assert state(caller.session) == before
    assert [warning[:6] for warning in schedule.warnings] == ["Row 2:"]


def test_a_schedules_word_that_there_is_none_gives_way_to_a_payer_that_it_names_later(caller, tmp_path):
    bring(caller, tmp_path, [{**VISIT, "payer": "self pay"}])
    assert no_coverage_on(caller.session) == date(2026, 3, 2)
    bring(caller, tmp_path, [{**VISIT, "payer": "Cigna"}])
    assert no_coverage_on(caller.session) is None
    assert [one.verified for one in coverages(caller.session)] == [False]


def test_none_as_a_further_coverage_says_nothing_of_the_first(caller, tmp_path):
    none = {**PERSON, "patient_mrn": "M1", "payer": "None", "member_id": "", "rank": "secondary"}
    assert counts(*bring(caller, tmp_path, coverage=[{**COVERAGE, **PERSON}, none])) == (1, 0, 1, 0)
    assert no_coverage_on(caller.session) is None


def test_what_a_schedule_named_gives_way_to_a_coverage_of_the_medical_benefit(caller, tmp_path):
    bring(caller, tmp_path, [{**VISIT, "payer": "Cigna", "member_id": "C1"}])
    bring(caller, tmp_path, coverage=[{**COVERAGE, "benefit": "pharmacy"}])
    assert sorted(one.verified for one in coverages(caller.session)) == [False, True]
    bring(caller, tmp_path, coverage=[{**COVERAGE, "member_id": "W7", "begins": "2026-01-01"}])
    assert [one.verified for one in coverages(caller.session)] == [True, True]


def test_a_coverage_by_the_schedules_own_key_is_verified_in_place(caller, tmp_path):
    bring(caller, tmp_path, [{**VISIT, "payer": "Aetna", "member_id": "W123"}])
    assert counts(*bring(caller, tmp_path, coverage=[COVERAGE])) == (0, 1, 0, 0)
    assert [(one.verified, one.source) for one in coverages(caller.session)] == [(True, None)]


def test_an_end_before_the_begin_on_file_is_refused(caller, tmp_path):
    bring(caller, tmp_path, coverage=[{**COVERAGE, **PERSON, "begins": "2026-02-01"}])
    (report,) = bring(caller, tmp_path, coverage=[{**COVERAGE, "ends": "2026-01-31"}])
    assert reasons(report) == [(2, "ends", "bad_date")]


def test_a_strangers_row_is_refused(caller, tmp_path):
    bring(caller, tmp_path, [VISIT])
    stranger = {**COVERAGE, "patient_last": "Jones", "patient_first": "Bo", "birth_date": "1990-01-01"}
    assert reasons(*bring(caller, tmp_path, coverage=[stranger])) == [(2, "patient_mrn", "conflict")]
    assert coverages(caller.session) == []


def test_bulk_readers_give_facts_without_opening_anything(caller, tmp_path):
    bring(caller, tmp_path, coverage=[{**COVERAGE, **PERSON, "begins": "2026-01-01", "plan_kind": "hmo"}])
    found = patients.by_mrn(caller.session, make.PRACTICE_ID, "M1")
    (fact,) = store.of_patients(caller.session, make.PRACTICE_ID, [found])[found]
    assert (fact.patient_id, fact.payer, fact.span.begins, fact.plan_kind) == (found, "aetna", date(2026, 1, 1), "hmo")
    assert dict(store.in_patient_order(caller.session, make.PRACTICE_ID)) == {found: (fact,)}
    assert store.patients_of_payers(caller.session, make.PRACTICE_ID, ["aetna"]) == {found}
