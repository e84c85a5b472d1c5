"""Rows of the three tables -> what they say, or one refusal."""

from datetime import date, datetime

import pytest

from app.authorizations.facts import Kind, Status
from app.imports.facts import Code, RowRefusedError
from app.imports.intake import authorizations, coverage, schedule
from app.imports.intake.cells import Cells
from app.schedule.facts import BillTo, Supply, VisitStatus
from app.values.insurance import Benefit, Channel, Line, PlanKind, Rank

TODAY = date(2026, 3, 2)
VISIT = {
    "visit_id": "A1",
    "starts_at": "2026-03-09 14:30",
    "site": "Main",
    "provider_npi": "1003000126",
    "patient_mrn": "M1",
    "patient_last": "Smith",
    "patient_first": "Ann",
    "birth_date": "1/2/60",
    "code": "96910",
}
COVERAGE = {"patient_mrn": "M1", "payer": "Aetna", "member_id": "W1"}
LOG = {"patient_mrn": "M1", "payer": "Aetna", "status": "approved", "codes": "96910:36", "number": "A1"}


def a_visit(**values):
    return schedule.read_row(2, Cells({**VISIT, **values}, TODAY))


def a_coverage(**values):
    return coverage.read_row(2, Cells({**COVERAGE, **values}, TODAY))


def an_entry(**values):
    return authorizations.read_row(2, Cells({**LOG, **values}, TODAY), {"Dupixent": "drug:dupixent"}.get)


def refused(read, **values):
    with pytest.raises(RowRefusedError) as error:
        read(**values)
    return error.value.column, error.value.code


def test_a_schedule_row_says_patient_visit_and_service():
    row = a_visit(
        modifiers="25;lt", diagnoses="L400; L40.50", documented="Bleeding;change size", units="2", supply="patient"
    )
    assert (row.reference, row.starts, row.code) == ("A1", datetime(2026, 3, 9, 14, 30), "96910")
    assert row.person.birth_date == date(1960, 1, 2)
    assert row.line["modifiers"] == ("25", "LT")
    assert row.line["diagnoses"] == ("L40.0", "L40.50")
    assert row.line["documented"] == {"bleeding", "change_size"}
    assert row.line["supply"] is Supply.PATIENT
    assert "place" not in row.line


@pytest.mark.parametrize("column", list(VISIT))
def test_each_required_column_of_a_schedule_must_be_filled(column):
    assert refused(a_visit, **{column: " "}) == (column, Code.MISSING)


@pytest.mark.parametrize(
    ("column", "text", "code"),
    [
        ("starts_at", "13/04/2026 10:00", Code.BAD_DATE),
        ("provider_npi", "1234567890", Code.BAD_NPI),
        ("code", "1700", Code.BAD_CODE),
        ("units", "0", Code.BAD_NUMBER),
        ("modifiers", "253", Code.BAD_CODE),
        ("diagnoses", "L40.0;psoriasis", Code.BAD_CODE),
        ("place_of_service", "office", Code.BAD_CODE),
        ("ndc", "123", Code.BAD_CODE),
        ("channel", "mail", Code.BAD_CHOICE),
        ("bill_to", "someone", Code.BAD_CHOICE),
        ("supply", "gift", Code.BAD_CHOICE),
        ("status", "maybe", Code.BAD_CHOICE),
        ("billing_provider_npi", "1", Code.BAD_NPI),
        ("provider_group_npi", "1", Code.BAD_NPI),
        ("birth_date", "2030-01-01", Code.BAD_DATE),
    ],
)
def test_a_cell_that_does_not_fit_refuses_the_row(column, text, code):
    assert refused(a_visit, **{column: text}) == (column, code)


@pytest.mark.parametrize(
    ("word", "status"),
    [
        ("Scheduled", VisitStatus.BOOKED),
        ("confirmed", VisitStatus.BOOKED),
        ("Cancelled", VisitStatus.CANCELED),
        ("No Show", VisitStatus.NO_SHOW),
        ("no-show", VisitStatus.NO_SHOW),
        ("Completed", VisitStatus.DONE),
        ("", None),
    ],
)
def test_visit_statuses_read_alike(word, status):
    assert a_visit(status=word).status == status


@pytest.mark.parametrize(("word", "consent"), [("yes", True), ("Y", True), ("no", False), ("maybe", False), ("", None)])
def test_consent_is_yes_only_when_it_says_yes(word, consent):
    assert a_visit(text_consent=word).person.text_consent is consent


def test_a_visit_type_stands_in_for_a_code():
    row = a_visit(code="", visit_type="Full skin exam", bill_to="self-pay")
    assert (row.code, row.visit_type, row.line["bill_to"]) == (None, "Full skin exam", BillTo.SELF_PAY)


def test_a_coverage_row_reads_lines_alike():
    values = a_coverage(line="commercial_pbm", plan_kind="HMO", rank="2", state="tx", checked_on="3/1/2026").values
    assert values["line"] is Line.COMMERCIAL
    assert values["benefit"] is Benefit.PHARMACY
    assert (values["plan_kind"], values["rank"], values["state"]) == (PlanKind.HMO, Rank.SECONDARY, "TX")
    assert a_coverage(line="medicare_ffs").values["line"] is Line.MEDICARE
    assert a_coverage(line="medicaid_mco").values["line"] is Line.MEDICAID_MANAGED
    assert a_coverage(line="FEHB").values["line"] is Line.FEDERAL_EMPLOYEES
    assert "benefit" not in a_coverage(line="medicare").values


@pytest.mark.parametrize(
    ("column", "text", "code"),
    [
        ("rank", "4", Code.BAD_CHOICE),
        ("line", "gold", Code.BAD_CHOICE),
        ("state", "Texas", Code.BAD_CHOICE),
        ("result", "ok", Code.BAD_CHOICE),
        ("network", "maybe", Code.BAD_CHOICE),
        ("begins", "soon", Code.BAD_DATE),
        ("payer", "", Code.MISSING),
        ("patient_mrn", "", Code.MISSING),
    ],
)
def test_a_coverage_cell_that_does_not_fit_refuses_the_row(column, text, code):
    assert refused(a_coverage, **{column: text}) == (column, code)


def test_a_coverage_does_not_end_before_it_begins():
    assert refused(a_coverage, begins="2026-02-01", ends="2026-01-31") == ("ends", Code.BAD_DATE)
    assert a_coverage(begins="2026-02-01", ends="2026-02-01").values["ends"] == date(2026, 2, 1)


@pytest.mark.parametrize(
    ("word", "status"),
    [
        ("Approved", Status.APPROVED),
        ("certified", Status.APPROVED),
        ("Affirmed", Status.APPROVED),
        ("active", Status.APPROVED),
        ("partly approved", Status.PARTLY_APPROVED),
        ("pending", Status.SUBMITTED),
        ("In review", Status.SUBMITTED),
        ("pended", Status.SUBMITTED),
        ("submitted", Status.SUBMITTED),
        ("more info asked", Status.MORE_INFO),
        ("denied", Status.DENIED),
        ("Non-Affirmed", Status.DENIED),
        ("not certified", Status.DENIED),
        ("adverse", Status.DENIED),
        ("in appeal", Status.IN_APPEAL),
        ("not required", Status.NOT_REQUIRED),
        ("No auth required", Status.NOT_REQUIRED),
        ("NAR", Status.NOT_REQUIRED),
        ("notified", Status.NOTIFIED),
        ("canceled", Status.WITHDRAWN),
        ("withdrawn", Status.WITHDRAWN),
        ("dismissed", Status.DISMISSED),
        ("voided", Status.VOIDED),
        ("draft", Status.DRAFT),
    ],
)
def test_authorization_statuses_read_alike(word, status):
    values = an_entry(status=word).values
    assert (values["status"], values["raw_status"]) == (status, word)


@pytest.mark.parametrize("word", ["N/A", "closed", "done", "complete", "on file", "ok", "yes"])
def test_a_status_that_is_no_answer_of_the_payer_is_refused(word):
    assert refused(an_entry, status=word) == ("status", Code.BAD_CHOICE)


def test_a_blank_status_is_refused():
    assert refused(an_entry, status="") == ("status", Code.MISSING)


def test_an_expired_authorization_needs_its_end():
    assert refused(an_entry, status="expired") == ("ends", Code.MISSING)
    assert an_entry(status="expired", ends="2026-01-31").values["status"] is Status.APPROVED


def test_a_drug_is_a_key_a_name_or_an_ndc():
    assert an_entry(codes="", drug="Dupixent").values["drug"] == "drug:dupixent"
    assert an_entry(codes="", drug="Newdrug").values["drug"] == "newdrug"
    values = an_entry(codes="", drug="0024-5914-01").values
    assert values["ndc"] == "00024591401"
    assert "drug" not in values


def test_an_authorization_names_codes_or_a_drug():
    assert refused(an_entry, codes="") == ("codes", Code.MISSING)


def test_further_cells_of_an_authorization():
    entry = an_entry(
        kind="network exception",
        urgent="expedited",
        channel="rx",
        place_of_service="11;22",
        used="96910:3",
        no_end="yes",
    )
    assert entry.values["kind"] is Kind.NETWORK_EXCEPTION
    assert entry.values["urgent"] is True
    assert entry.values["channel"] is Channel.PHARMACY
    assert entry.values["places"] == ("11", "22")
    assert entry.used == (("96910", 3),)
    assert refused(an_entry, used="17000:1") == ("used", Code.BAD_CODE)
    assert refused(an_entry, ends="2026-12-31", no_end="yes") == ("no_end", Code.CONFLICT)
    assert refused(an_entry, begins="2026-02-01", ends="2026-01-31") == ("ends", Code.BAD_DATE)


def test_a_refusal_does_not_repeat_what_names_a_patient():
    with pytest.raises(RowRefusedError) as error:
        a_coverage(member_id="1.2E+15")
    assert "1.2" not in error.value.found
    assert "1.2" not in str(error.value)
