"""A schedule comes in: visits, lines, patients, and the coverage that it names."""

from datetime import date

import pytest

from app.coverage.store import coverages as coverage
from app.patients import store as patients
from app.practice.facts.practice import Site
from app.practice.store import practice
from app.schedule import actions, store
from app.schedule.facts import BillTo, TypeLine, VisitStatus, VisitType
from tests.store.imports.support import COVERAGE, LOG, VISIT, bring, counts, reasons, state
from tests.support import make


def visit(session, reference="A1"):
    return store.visit_by_reference(session, make.PRACTICE_ID, reference)


def patient(session, mrn="M1"):
    found = patients.by_mrn(session, make.PRACTICE_ID, mrn)
    return patients.details(session, make.PRACTICE_ID, [found])[found]


def coverages(session, mrn="M1"):
    found = patients.by_mrn(session, make.PRACTICE_ID, mrn)
    return coverage.records_of(session, make.PRACTICE_ID, [found]).get(found, [])


def test_a_visit_is_made_with_its_lines_in_the_files_order(caller, tmp_path):
    rows = [VISIT, {**VISIT, "code": "11102", "units": "2", "modifiers": "59;LT", "diagnoses": "L40.0"}]
    (report,) = bring(caller, tmp_path, rows)
    assert counts(report) == (2, 0, 0, 0)
    found = visit(caller.session)
    assert [line.code for line in found.lines] == ["96910", "11102"]
    assert (found.lines[1].units, found.lines[1].modifiers, found.lines[1].diagnoses) == (2, ("59", "LT"), ("L40.0",))
    assert (found.lines[0].units, found.lines[0].place, found.lines[0].bill_to) == (1, "11", BillTo.INSURANCE)
    assert found.starts_at.isoformat() == "2026-03-09T18:30:00+00:00"
    assert (found.day, found.status) == (date(2026, 3, 9), VisitStatus.BOOKED)
    assert report.created_sites == ["Main"]
    assert report.created_providers == [make.NPI]
    assert [site.unreviewed for site in practice.sites(caller.session, make.PRACTICE_ID)] == [True]


def test_a_file_imported_twice_changes_nothing(caller, tmp_path):
    rows = [VISIT, VISIT, {**VISIT, "visit_id": "A2", "code": "", "visit_type": "Mohs", "payer": "Aetna", "phone": "5"}]
    bring(caller, tmp_path, rows)
    before = state(caller.session)
    (report,) = bring(caller, tmp_path, rows)
    assert counts(report) == (0, 0, 3, 0)
    assert state(caller.session) == before


def test_equal_rows_of_a_visit_are_as_many_lines(caller, tmp_path):
    bring(caller, tmp_path, [VISIT, VISIT])
    assert [line.code for line in visit(caller.session).lines] == ["96910", "96910"]
    (report,) = bring(caller, tmp_path, [VISIT, VISIT, VISIT])
    assert counts(report) == (1, 0, 2, 0)


def test_an_empty_cell_changes_nothing_and_a_changed_one_updates(caller, tmp_path):
    bring(
        caller,
        tmp_path,
        [{**VISIT, "units": "3", "diagnoses": "L40.0", "status": "done", "phone": "555", "modifiers": "25"}],
    )
    (report,) = bring(caller, tmp_path, [VISIT])
    assert counts(report) == (0, 0, 1, 0)
    (report,) = bring(caller, tmp_path, [{**VISIT, "units": "4"}])
    assert counts(report) == (0, 1, 0, 0)
    found = visit(caller.session)
    line = found.lines[0]
    assert (line.units, line.diagnoses, line.modifiers, found.status) == (4, ("L40.0",), ("25",), VisitStatus.DONE)
    assert patient(caller.session).phone == "555"
    assert found.version == 2


def test_the_same_visit_with_a_new_start_is_a_moved_visit(caller, tmp_path):
    bring(caller, tmp_path, [VISIT])
    before = visit(caller.session)
    (report,) = bring(caller, tmp_path, [{**VISIT, "starts_at": "3/12/2026 9:00 AM"}])
    after = visit(caller.session)
    assert counts(report) == (0, 1, 0, 0)
    assert report.vanished == []
    assert (after.id, after.day) == (before.id, date(2026, 3, 12))
    assert [line.id for line in after.lines] == [line.id for line in before.lines]


def test_a_booked_visit_that_the_file_should_hold_has_vanished_and_stays(caller, tmp_path):
    days = {"A1": "03-09", "A2": "03-10", "A3": "03-11", "A4": "03-20"}
    rows = [{**VISIT, "visit_id": name, "starts_at": f"2026-{day} 08:00"} for name, day in days.items()]
    other = {**VISIT, "visit_id": "B1", "site": "North", "starts_at": "2026-03-10 08:00"}
    done = {**VISIT, "visit_id": "D1", "status": "done", "starts_at": "2026-03-10 08:00"}
    bring(caller, tmp_path, [*rows, other, done])
    (report,) = bring(caller, tmp_path, [rows[0], rows[2]])
    assert report.vanished == ["A2"]
    assert visit(caller.session, "A2").status is VisitStatus.BOOKED


def test_a_refused_row_is_not_a_vanished_visit(caller, tmp_path):
    rows = [{**VISIT, "visit_id": f"A{day}", "starts_at": f"2026-03-0{day} 09:00"} for day in (3, 4, 5)]
    bring(caller, tmp_path, rows)
    (report,) = bring(caller, tmp_path, [rows[0], {**rows[1], "code": "1"}, rows[2]])
    assert report.vanished == []
    assert reasons(report) == [(3, "code", "bad_code")]


def test_a_line_that_the_file_no_longer_has_is_gone_and_said(caller, tmp_path):
    bring(caller, tmp_path, [VISIT, {**VISIT, "code": "11102"}])
    (report,) = bring(caller, tmp_path, [VISIT])
    assert [line.code for line in visit(caller.session).lines] == ["96910"]
    assert report.warnings == ["Visit A1: the line 11102 is no longer in the file and was removed from the visit."]


def test_no_line_is_gone_when_a_row_of_the_visit_was_refused(caller, tmp_path):
    bring(caller, tmp_path, [VISIT, {**VISIT, "code": "11102"}])
    (report,) = bring(caller, tmp_path, [VISIT, {**VISIT, "code": "1110"}])
    assert reasons(report) == [(3, "code", "bad_code")]
    assert report.warnings == ["Visit A1 is not checked: row 3 of it was refused. Correct the row and import it again."]
    assert [line.code for line in visit(caller.session).lines] == ["96910", "11102", None]


@pytest.mark.parametrize(
    ("change", "column"),
    [
        ({"patient_mrn": "M2"}, "patient_mrn"),
        ({"starts_at": "2026-03-10 14:30"}, "starts_at"),
        ({"site": "North"}, "site"),
        ({"birth_date": "1961-01-02"}, "birth_date"),
        ({"patient_last": "Jones"}, "patient_last"),
    ],
)
def test_rows_that_contradict_an_earlier_one_are_refused(caller, tmp_path, change, column):
    (report,) = bring(caller, tmp_path, [VISIT, {**VISIT, "code": "11102", **change}])
    assert counts(report) == (1, 0, 0, 1)
    assert reasons(report) == [(3, column, "conflict")]


def test_a_site_is_one_by_its_name_and_by_its_code(caller, tmp_path):
    practice.add_site(caller.session, make.PRACTICE_ID, Site(make.an_id(7), "Main St.", "MN", make.ZONE, "NY"))
    caller.session.commit()
    rows = [{**VISIT, "site": "main st"}, {**VISIT, "site": "MN", "code": "11102"}]
    (report,) = bring(caller, tmp_path, rows)
    assert (counts(report), report.created_sites) == ((2, 0, 0, 0), [])


def test_an_appointment_id_of_another_patient_is_refused(caller, tmp_path):
    bring(caller, tmp_path, [VISIT])
    (report,) = bring(caller, tmp_path, [{**VISIT, "patient_mrn": "M2", "patient_last": "Jones"}])
    assert reasons(report) == [(2, "visit_id", "conflict")]
    assert patients.by_mrn(caller.session, make.PRACTICE_ID, "M2") is None


def test_a_record_number_of_someone_else_is_refused_and_a_new_name_is_taken(caller, tmp_path):
    bring(caller, tmp_path, [VISIT])
    stranger = {**VISIT, "visit_id": "A2", "patient_last": "Jones", "birth_date": "1990-01-01"}
    (report,) = bring(caller, tmp_path, [stranger])
    assert reasons(report) == [(2, "patient_mrn", "conflict")]
    (report,) = bring(caller, tmp_path, [{**VISIT, "patient_last": "Jones"}])
    assert counts(report) == (0, 1, 0, 0)
    assert patient(caller.session).last_name == "Jones"


def test_an_impossible_local_time_is_refused(caller, tmp_path):
    (report,) = bring(caller, tmp_path, [{**VISIT, "starts_at": "2026-03-08 02:30"}])
    assert reasons(report) == [(2, "starts_at", "bad_date")]


def test_a_schedule_names_an_unverified_coverage_and_never_overwrites_a_verified_one(caller, tmp_path):
    named = {**VISIT, "payer": "Aetna", "member_id": "W1", "plan": "Gold"}
    bring(caller, tmp_path, [named])
    (found,) = coverages(caller.session)
    assert (found.payer, found.member_id, found.plan, found.verified) == ("aetna", "W1", "Gold", False)
    bring(caller, tmp_path, coverage=[{**COVERAGE, "member_id": "W9", "begins": "2026-01-01"}])
    (found,) = coverages(caller.session)
    assert (found.member_id, found.verified) == ("W9", True)
    bring(caller, tmp_path, [named])
    assert coverages(caller.session) == [found]
    line = visit(caller.session).lines[0]
    assert line.named_payer == "aetna"
    assert line.named_member is not None


def test_self_pay_words_mean_no_coverage_unless_one_is_on_file(caller, tmp_path):
    bring(caller, tmp_path, [{**VISIT, "payer": "Self-Pay"}])
    assert patient(caller.session).no_coverage_on == date(2026, 3, 2)
    assert coverages(caller.session) == []
    bring(caller, tmp_path, coverage=[COVERAGE])
    assert patient(caller.session).no_coverage_on is None
    bring(caller, tmp_path, [{**VISIT, "payer": "cash"}])
    assert patient(caller.session).no_coverage_on is None
    assert visit(caller.session).lines[0].named_payer == "self_pay"


def test_the_group_of_one_row_says_nothing_of_another_row(caller, tmp_path):
    billed = {**VISIT, "visit_id": "A2", "provider_group_npi": make.GROUP_NPI}
    logged = {**LOG, "provider_npi": make.NPI, "provider_group_npi": make.GROUP_NPI}
    bring(caller, tmp_path, [billed, VISIT], None, [logged])
    assert [visit(caller.session, each).lines[0].provider_group for each in ("A1", "A2")] == [None, make.GROUP_NPI]
    assert [one.group_npi for one in practice.providers(caller.session, make.PRACTICE_ID)] == [None]


def test_an_unknown_payer_is_made_and_counted(caller, tmp_path):
    rows = [{**VISIT, "payer": "Some Local Plan"}, {**VISIT, "code": "11102", "payer": "some local plan"}]
    (report,) = bring(caller, tmp_path, rows)
    assert report.created_payers == ["Some Local Plan"]
    assert sum(report.unmapped_payers.values()) == 2
    (report,) = bring(caller, tmp_path, rows)
    assert report.created_payers == []


def test_unmapped_types_are_counted_and_mapped_once(caller, tmp_path):
    row = {**VISIT, "code": "", "visit_type": "Mohs", "diagnoses": "C44.311", "units": "2"}
    (report,) = bring(caller, tmp_path, [row])
    assert report.unmapped_types == {"Mohs": 1}
    assert [(line.code, line.visit_type) for line in visit(caller.session).lines] == [(None, "Mohs")]
    meaning = VisitType("mohs", (TypeLine("17311", units=1), TypeLine("17312", units=3)))
    assert actions.map_type(caller, meaning) == 1
    lines = visit(caller.session).lines
    assert [(line.code, line.units, line.diagnoses) for line in lines] == [
        ("17311", 1, ("C44.311",)),
        ("17312", 3, ("C44.311",)),
    ]
    (report,) = bring(caller, tmp_path, [row])
    assert counts(report) == (0, 0, 1, 0)
    assert report.unmapped_types == {}
    assert actions.map_type(caller, meaning) == 0


def test_a_changed_meaning_updates_booked_visits_and_keeps_what_the_row_said(caller, tmp_path):
    row = {**VISIT, "code": "", "visit_type": "NBUVB", "units": "2"}
    bring(caller, tmp_path, [row, {**VISIT, "code": "99213"}])
    actions.map_type(caller, VisitType("NBUVB", (TypeLine("96910"), TypeLine("99213"))))
    actions.map_type(caller, VisitType("NBUVB", (TypeLine("96912"),)))
    assert [(line.code, line.units) for line in visit(caller.session).lines] == [("96912", 2), ("99213", 1)]
    actions.map_type(caller, VisitType("NBUVB", (TypeLine(bill_to=BillTo.SELF_PAY),)))
    line = visit(caller.session).lines[0]
    assert (line.code, line.bill_to) == (None, BillTo.SELF_PAY)


def test_a_type_whose_code_becomes_known_leaves_no_line_behind(caller, tmp_path):
    bring(caller, tmp_path, [{**VISIT, "code": "", "visit_type": "NBUVB"}])
    (report,) = bring(caller, tmp_path, [{**VISIT, "visit_type": "NBUVB"}])
    assert counts(report) == (1, 0, 0, 0)
    assert [line.code for line in visit(caller.session).lines] == ["96910"]


def test_a_well_formed_code_of_no_list_is_a_warning(caller, tmp_path):
    (report,) = bring(caller, tmp_path, [{**VISIT, "code": "99999", "diagnoses": "L40.99"}])
    assert counts(report) == (1, 0, 0, 0)
    assert [warning.split(" ")[:2] for warning in report.warnings] == [["Code", "99999"], ["Diagnosis", "L40.99"]]


@pytest.mark.parametrize("code", ["88305", "12001", "J3490"])
def test_a_code_that_is_only_offered_or_listed_is_no_warning(caller, tmp_path, code):
    (report,) = bring(caller, tmp_path, [{**VISIT, "code": code}])
    assert (counts(report), report.warnings) == ((1, 0, 0, 0), [])


def test_when_a_schedule_came_in_is_noted(caller, tmp_path):
    assert store.last_schedule_import(caller.session, make.PRACTICE_ID) is None
    bring(caller, tmp_path, [VISIT])
    assert store.last_schedule_import(caller.session, make.PRACTICE_ID) == make.NOW


def test_another_practice_sees_nothing_of_it(caller, tmp_path):
    bring(caller, tmp_path, [VISIT])
    other = make.OTHER_PRACTICE_ID
    assert store.visit_by_reference(caller.session, other, "A1") is None
    assert patients.by_mrn(caller.session, other, "M1") is None
    assert list(store.in_patient_order(caller.session, other)) == []
