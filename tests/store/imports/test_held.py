"""A refused row holds its visit: what is planned in it is not known, so that the visit is never shown as cleared."""

from datetime import timedelta

import pytest

from app.clearance.actions.answering import check_visit
from app.clearance.facts.reasons import Badge, Reason
from app.clearance.views.shapes import visit_shape
from app.policies.actions.recording import record_practice_rule
from app.policies.facts.answers import Need, PracticeRule
from app.schedule import actions, store
from app.schedule.facts import TypeLine, VisitType
from app.values.spans import DateSpan
from app.web.wiring import wire
from tests.store.imports.support import COVERAGE, VISIT, bring, counts, reasons, state
from tests.support import make

BROKEN = {**VISIT, "code": "1110"}
TODAY = make.NOW.date()
CHECKED = {
    **COVERAGE,
    "payer": "Local Plan",
    "begins": "2026-01-01",
    "checked_on": "2026-03-02",
    "result": "active",
    "line": "commercial",
}


@pytest.fixture(autouse=True)
def wired():
    wire()


def visit(session, reference="A1"):
    return store.visit_by_reference(session, make.PRACTICE_ID, reference)


def held(session, reference="A1"):
    """The rows for which lines of a visit stand."""
    return [line.refused_row for line in visit(session, reference).lines if line.refused_row is not None]


def badge(caller):
    """What a visit shows."""
    return visit_shape(check_visit(caller, "A1"))["badge"]


def nothing_needs_approval(caller):
    """Make 96910 of the plan a service that clears by itself."""
    span = DateSpan(TODAY, TODAY + timedelta(days=100))
    rule = PracticeRule(
        "", "local:local-plan", frozenset({"96910"}), Need.NOT_REQUIRED, span, "Portal", TODAY, corrects=True
    )
    record_practice_rule(caller, rule)


def test_a_visit_with_a_refused_row_is_not_checked_though_its_other_rows_are_good(caller, tmp_path):
    row = {**VISIT, "diagnoses": "L40.0"}
    bring(caller, tmp_path, [row], [CHECKED])
    nothing_needs_approval(caller)
    assert badge(caller) == Badge.CLEARED
    (report,) = bring(caller, tmp_path, [row, {**BROKEN, "diagnoses": "L40.0"}])
    answer = check_visit(caller, "A1")
    assert (counts(report), badge(caller)) == ((0, 0, 1, 1), Badge.NOT_CHECKED)
    assert Reason.RULE_ROW_REFUSED in answer.lines[1].reasons
    shape = visit_shape(answer)
    assert [line["code"] for line in shape["lines"]] == ["96910", None]
    assert "Row 3 of the schedule file was refused: the service planned in it is not known." in str(shape)
    bring(caller, tmp_path, [row, {**row, "code": "96910"}])
    assert badge(caller) == Badge.CLEARED


def test_the_line_of_a_refused_row_stays_the_same_and_goes_with_a_whole_file(caller, tmp_path):
    bring(caller, tmp_path, [VISIT, BROKEN])
    first = visit(caller.session)
    (report,) = bring(caller, tmp_path, [VISIT, BROKEN])
    assert (counts(report), visit(caller.session)) == ((0, 0, 1, 1), first)
    (report,) = bring(caller, tmp_path, [BROKEN, VISIT])
    moved = visit(caller.session)
    assert (counts(report), held(caller.session)) == ((0, 0, 1, 1), [2])
    assert [line.id for line in moved.lines] == [line.id for line in first.lines]
    (report,) = bring(caller, tmp_path, [VISIT, {**VISIT, "code": "11102"}])
    assert (counts(report), report.warnings) == ((1, 0, 1, 0), [])
    assert [line.code for line in visit(caller.session).lines] == ["96910", "11102"]


def test_several_refused_rows_of_a_visit_are_one_line_that_names_the_first(caller, tmp_path):
    bring(caller, tmp_path, [VISIT, {**BROKEN, "units": "x"}, BROKEN])
    assert held(caller.session) == [3]


def test_a_row_that_contradicts_its_visit_holds_it_too(caller, tmp_path):
    (report,) = bring(caller, tmp_path, [VISIT, {**VISIT, "code": "11102", "starts_at": "2026-03-10 14:30"}])
    assert (reasons(report), held(caller.session)) == ([(3, "starts_at", "conflict")], [3])


def test_a_visit_of_which_every_row_is_refused_is_not_made(caller, tmp_path):
    (report,) = bring(caller, tmp_path, [BROKEN])
    assert (visit(caller.session), report.warnings) == (None, [])


@pytest.mark.parametrize("change", [{"code": "1110"}, {"starts_at": "soon"}, {"status": "moved away"}, {"site": ""}])
def test_a_visit_on_file_is_held_when_the_file_has_only_refused_rows_of_it(caller, tmp_path, change):
    bring(caller, tmp_path, [VISIT])
    (report,) = bring(caller, tmp_path, [{**VISIT, **change}])
    assert (counts(report)[:3], held(caller.session)) == ((0, 0, 0), [2])
    assert report.warnings == ["Visit A1 is not checked: row 2 of it was refused. Correct the row and import it again."]
    before = visit(caller.session)
    bring(caller, tmp_path, [{**VISIT, **change}])
    assert visit(caller.session) == before
    (report,) = bring(caller, tmp_path, [VISIT])
    assert (counts(report), held(caller.session)) == ((0, 0, 1, 0), [])


def test_a_row_that_names_a_visit_of_somebody_else_holds_that_visit(caller, tmp_path):
    bring(caller, tmp_path, [VISIT])
    (report,) = bring(caller, tmp_path, [{**VISIT, "patient_mrn": "M2", "patient_last": "Jones"}])
    assert (reasons(report), held(caller.session)) == ([(2, "visit_id", "conflict")], [2])


def test_a_number_that_a_workbook_wrote_with_a_decimal_names_the_same_visit(caller, tmp_path):
    bring(caller, tmp_path, [{**VISIT, "visit_id": "77"}])
    bring(caller, tmp_path, [{**BROKEN, "visit_id": "77.0"}])
    assert held(caller.session, "77") == [2]


def test_a_row_without_a_readable_visit_holds_nothing(caller, tmp_path):
    bring(caller, tmp_path, [VISIT])
    before = state(caller.session)
    (report,) = bring(caller, tmp_path, [{**VISIT, "visit_id": ""}])
    assert (counts(report), state(caller.session)) == ((0, 0, 0, 1), before)


def test_a_dry_run_says_the_same_and_holds_nothing(caller, tmp_path):
    bring(caller, tmp_path, [VISIT])
    rows = [{**VISIT, "visit_id": "A2"}, {**BROKEN, "visit_id": "A2"}, BROKEN, {**BROKEN, "visit_id": "A3"}]
    before = state(caller.session)
    (dry,) = bring(caller, tmp_path, rows, dry_run=True)
    assert state(caller.session) == before
    (real,) = bring(caller, tmp_path, rows)
    dry.dry_run = False
    assert dry == real
    assert [warning.split(" ")[1] for warning in real.warnings] == ["A1", "A2"]


def test_the_line_of_a_refused_row_is_no_visit_type(caller, tmp_path):
    typed = {**VISIT, "code": "", "visit_type": "Mohs"}
    (report,) = bring(caller, tmp_path, [typed, BROKEN])
    assert report.unmapped_types == {"Mohs": 1}
    assert actions.map_type(caller, VisitType("Mohs", (TypeLine("17311"), TypeLine("17312")))) == 1
    assert [line.code for line in visit(caller.session).lines] == ["17311", "17312", None]
    assert actions.map_type(caller, VisitType("without a name", (TypeLine("17311"),))) == 0
    (report,) = bring(caller, tmp_path, [typed, BROKEN])
    assert (counts(report), held(caller.session)) == ((0, 0, 1, 1), [3])
