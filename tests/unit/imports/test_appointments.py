"""A practice's table read as a document: the appointments of a schedule."""

from datetime import date

import pytest

from app.imports.facts import FileRefusedError, Table
from app.imports.intake.appointments import appointments_of, refusal
from app.standards.errors import Fault, ReadingError

TODAY = date(2026, 3, 2)
HEADER = (
    "Appt ID",
    "Appt Time",
    "Location",
    "NPI",
    "MRN",
    "Last Name",
    "First Name",
    "DOB",
    "CPT",
    "Type",
    "Dx",
    "Status",
)
HEADER = tuple("visit_type" if name == "Type" else name for name in HEADER)
ROW = (
    "V1",
    "3/9/2026 2:30 PM",
    "Main",
    "1234567893",
    "M7",
    "Stone",
    "Ana",
    "2/14/80",
    "96910",
    "",
    "L40.0",
    "Scheduled",
)


def table(*rows, header=HEADER):
    return Table(header, tuple(enumerate(rows, start=2)))


def changed(**values):
    return tuple(values.get(name.replace(" ", "_"), cell) for name, cell in zip(HEADER, ROW, strict=True))


def test_a_schedule_is_a_list_of_appointments():
    (document,) = appointments_of(table(ROW, changed(CPT="96912", Dx="L40.0;L20.9")), TODAY)
    assert document == {
        "kind": "csv.schedule",
        "transaction": None,
        "interchange": None,
        "appointments": [
            {
                "event": None,
                "action": None,
                "appointment_id": "V1",
                "filler_id": None,
                "starts_at": "2026-03-09T14:30:00",
                "minutes": None,
                "status": "Scheduled",
                "locations": ["Main"],
                "patient": {"mrn": "M7", "last_name": "Stone", "first_name": "Ana", "birth_date": "1980-02-14"},
                "provider": {"npi": "1234567893", "name": None},
                "location": "Main",
                "services": [
                    {"code": "96910", "diagnoses": ["L40.0"]},
                    {"code": "96912", "diagnoses": ["L40.0", "L20.9"]},
                ],
                "reason": None,
            }
        ],
    }


@pytest.mark.parametrize(("status", "action"), [("Cancelled", "cancel"), ("No Show", "no_show"), ("Completed", None)])
def test_a_status_says_what_was_done(status, action):
    (document,) = appointments_of(table(changed(Status=status)), TODAY)
    assert (document["appointments"][0]["action"], document["appointments"][0]["status"]) == (action, status)


def test_a_visit_type_stands_where_no_code_is():
    (document,) = appointments_of(table(changed(CPT="", visit_type="NBUVB")), TODAY)
    (appointment,) = document["appointments"]
    assert (appointment["services"], appointment["reason"]) == ([{"code": "NBUVB", "diagnoses": ["L40.0"]}], "NBUVB")


def test_a_row_that_cannot_be_read_is_told_after_the_others():
    found = appointments_of(table(ROW, changed(Appt_ID="V2", NPI="12")), TODAY)
    assert [one["appointment_id"] for one in next(found)["appointments"]] == ["V1"]
    with pytest.raises(ReadingError) as refused:
        next(found)
    error = refused.value
    assert (error.fault, error.place, error.where, error.kind) == (Fault.BAD_VALUE, "line", 3, "csv.schedule")
    assert "Stone" not in error.sentence


def test_other_tables_are_named_by_their_kind():
    (document,) = appointments_of(table(("M7", "Blue", "X1"), header=("MRN", "Insurance", "Member #")), TODAY)
    assert document["kind"] == "csv.coverage"
    assert document["content"] == {"columns": ["member_id", "patient_mrn", "payer"], "rows": 1}


def test_a_table_of_no_known_kind_is_refused():
    with pytest.raises(ReadingError) as refused:
        list(appointments_of(table(("a", "b"), header=("x", "y")), TODAY))
    assert refused.value.fault is Fault.UNKNOWN_KIND
    assert refusal(FileRefusedError("wrong_encoding", "Line 3 is not UTF-8.")).fault is Fault.NOT_TEXT
