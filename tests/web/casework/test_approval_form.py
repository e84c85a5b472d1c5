"""Logging an approval that the payer has given already."""

from datetime import date

import pytest

from app.authorizations import store
from app.authorizations.facts import Counting, Item, Status
from app.platform.db import db
from app.practice.facts.staff import Role
from tests.support import make
from tests.support.desk import TODAY, Booking
from tests.web.casework.support import errors_of, fields_of, fill, patient_id, words_of

GOOD = {"number": "PA-2001", "begins": "3/1/2026", "ends": "8/31/2026", "codes": "96910:36; 96912:10"}


def new_at(number: int = 1) -> str:
    """Where an approval of a patient is logged."""
    return f"/patients/{patient_id(number)}/approvals/new"


def approvals_of(number: int = 1):
    """What is on file of a patient's approvals."""
    return store.records_of(db.session(), make.PRACTICE_ID, [patient_id(number)]).get(patient_id(number), [])


def test_a_logged_approval_turns_the_badge_at_once_and_says_what_it_covers(desk, sign_in):
    (visit,) = desk.book(Booking(8, "Bauer", "Otto", "none"))
    desk.judge()
    browser = sign_in(Role.COORDINATOR)
    assert "Blocked" in words_of(browser.get(f"/visits/{visit}"))
    answer = fill(browser, f"{new_at()}?visit={visit}", new_at(), **GOOD | {"codes": "96910; 96912", "units": "36"})
    assert answer.status_code == 303
    page = browser.get(answer.location)
    assert "Saved. It covers the one booked visit." in words_of(page)
    assert "Approval logged. 1 visit changed: 1 is now cleared." in words_of(page)
    (row,) = approvals_of()
    assert (row.number, row.status, row.begins, row.ends) == (
        "PA-2001",
        Status.APPROVED,
        date(2026, 3, 1),
        date(2026, 8, 31),
    )
    assert row.items == (Item(("96910", "96912"), None, Counting.UNITS, 36),)
    assert (row.payer, row.member_id) == ("local:acme-health", "W00000001")


def test_the_form_is_filled_from_the_coverage_of_the_day_and_the_visit(desk, sign_in):
    (visit,) = desk.book(Booking(8, "Bauer", "Otto", "two"))
    browser = sign_in(Role.COORDINATOR)
    shown = fields_of(browser.get(f"{new_at()}?visit={visit}"), new_at())
    assert shown["coverage"] == str(make.an_id(50_001))
    assert shown["codes"] == ""  # its approval holds the visit already
    (other,) = desk.book(Booking(9, "Castillo", "Ana", "ended"))
    assert fields_of(browser.get(f"{new_at(2)}?visit={other}"), new_at(2))["codes"] == "96910"


def test_what_it_does_not_cover_is_said_at_once(desk, sign_in):
    desk.book(Booking(8, "Bauer", "Otto", "renewal"))
    browser = sign_in(Role.COORDINATOR)
    answer = fill(browser, new_at(), **GOOD | {"begins": "3/1", "ends": "3/5", "codes": "96912:4"})
    text = words_of(browser.get(answer.location))
    assert "Saved. It covers 0 of 2 booked visits. 1 visit covered by other approvals." in text
    assert "Not covered Sun 03/22/2026 96910: Closest is PA-1041: approval ends 10 days before visit." in text


def test_a_form_sent_twice_logs_the_approval_once(desk, sign_in):
    desk.book(Booking(8, "Bauer", "Otto", "none"))
    browser = sign_in(Role.COORDINATOR)
    typed = fields_of(browser.get(new_at()), new_at()) | GOOD
    first, second = (browser.post(new_at(), data=typed) for _ in range(2))
    assert (first.status_code, second.status_code) == (303, 303)
    assert first.location == second.location
    assert len(approvals_of()) == 1


def test_a_known_number_is_said_and_leads_to_the_one_on_file(desk, sign_in):
    desk.book(Booking(8, "Bauer", "Otto", "none"))
    browser = sign_in(Role.COORDINATOR)
    fill(browser, new_at(), **GOOD)
    answer = fill(browser, new_at(), **GOOD | {"number": "pa 2001", "codes": "96920:4"})
    assert answer.status_code == 422
    assert errors_of(answer) == ["pa 2001 of this payer is on file for this patient already. Edit that one"]
    (row,) = approvals_of()
    assert f"/patients/{patient_id()}/approvals/{row.id}" in answer.text
    assert 'value="96920:4"' in answer.text


FAULTS = [
    ({"number": ""}, "number", "Enter the number that the payer gave, or its reference under More"),
    ({"number": "TBD"}, "number", "Number must be the one that the payer gave; you entered TBD"),
    ({"begins": ""}, "begins", "Enter the date the approval starts"),
    ({"ends": ""}, "ends", "Enter the date the approval ends"),
    ({"ends": "2/30/2026"}, "ends", "End date must be a date, like 12/5, 12/05/2026 or t+30; you entered 2/30/2026"),
    (
        {"begins": "12/01/2026", "ends": "11/30/2026"},
        "ends",
        "End date must be the same as or after the start date, 12/01/2026",
    ),
    ({"codes": ""}, "codes", "Enter the codes that the approval names, like 96910:36; 96912:10"),
    (
        {"codes": "9691"},
        "codes",
        "'9691' is not a CPT or HCPCS code. Write codes like 96910, with their units like 96910:36; 96912:10, "
        "or a range like 96920-96922:12",
    ),
    ({"codes": "96910:3; 96910:4"}, "codes", "A code is named twice; name each once, with all its units"),
    ({"codes": "96910", "units": "3.5"}, "units", "Units must be a whole number, like 36"),
    ({"codes": "96910", "units": "many"}, "units", "Units must be a whole number, like 36"),
    ({"units": "5"}, "units", "Write the count once: behind each code, or in this field"),
    ({"provider": "100300012"}, "provider", "Provider number must have 10 digits; you entered 9"),
    (
        {"provider": "1003000127"},
        "provider",
        "Provider number does not add up: its last digit checks the others. Compare it with the letter",
    ),
    ({"ndc": "0002-3114"}, "ndc", "NDC must have 11 digits, or 10 digits with dashes; you entered 8"),
    (
        {"diagnoses": "L40.0, psoriasis"},
        "diagnoses",
        "Diagnosis must be an ICD-10-CM code, like L40.0; you entered psoriasis",
    ),
    ({"places": "office"}, "places", "Place of service must have two digits, like 11; you entered office"),
    ({"decided_on": "3/9/2026"}, "decided_on", "Decided on must be today or before; you entered 03/09/2026"),
    ({"coverage": "other", "payer": ""}, "payer", "Enter the payer that gave the approval"),
    ({"coverage": "other", "payer": "Self pay"}, "payer", "Enter the payer by its name, like Aetna"),
    ({"site": str(make.an_id(999))}, "site", "Place is no longer on file; choose it again"),
    ({"status": "yes"}, "status", "Status must be one of the list; choose it again"),
    ({"number": "1" + "2" * 120}, "number", "Number must have at most 100 characters; you entered 121"),
]


@pytest.mark.parametrize(
    ("typed", "name", "sentence"), FAULTS, ids=[f"{name}-{place}" for place, (_, name, _) in enumerate(FAULTS)]
)
def test_what_cannot_be_read_is_said_beside_its_field_and_all_entries_are_kept(desk, sign_in, typed, name, sentence):
    desk.book(Booking(8, "Bauer", "Otto", "none"))
    answer = fill(sign_in(Role.COORDINATOR), new_at(), **GOOD | typed)
    assert answer.status_code == 422
    assert errors_of(answer) == [sentence]
    assert "<title>Error: Log an approval" in answer.text
    assert f'id="{name}-error"' in answer.text
    sent = fields_of(answer, new_at())
    assert {key: sent[key] for key in GOOD | typed if key not in ("site", "status")} == {
        key: value for key, value in (GOOD | typed).items() if key not in ("site", "status")
    }
    assert approvals_of() == []


def test_spaces_and_punctuation_do_not_matter(desk, sign_in):
    desk.book(Booking(8, "Bauer", "Otto", "none"))
    typed = {
        "codes": " 96910 : 36;",
        "provider": "1003-000 126",
        "ndc": "0024-5914-01",
        "diagnoses": "l400; L20.9.",
        "places": "11 22",
    }
    fill(sign_in(Role.COORDINATOR), new_at(), **GOOD | typed)
    (row,) = approvals_of()
    assert row.items == (Item(("96910",), None, Counting.UNITS, 36),)
    assert (row.provider_npi, row.ndc) == ("1003000126", "00024591401")
    assert (row.diagnoses, row.places) == (("L40.0", "L20.9"), ("11", "22"))


QUESTIONS = [
    ({"ends": "3/1/2028"}, "The approval lasts from 03/01/2026 to 03/01/2028, over 24 months."),
    ({"begins": "1/1/2026", "ends": "2/27/2026"}, "The approval ended on 02/27/2026, 3 days ago."),
    ({"codes": "96910:401"}, "The approval is for 401 units."),
]


@pytest.mark.parametrize(("typed", "sentence"), QUESTIONS)
def test_what_is_unlikely_is_asked_once(desk, sign_in, typed, sentence):
    desk.book(Booking(8, "Bauer", "Otto", "none"))
    browser = sign_in(Role.COORDINATOR)
    answer = fill(browser, new_at(), **GOOD | typed)
    assert answer.status_code == 422
    assert "Is this right?" in answer.text
    assert sentence in words_of(answer)
    assert approvals_of() == []
    again = browser.post(new_at(), data=fields_of(answer, new_at()))
    assert again.status_code == 303
    assert len(approvals_of()) == 1


def test_what_is_just_likely_is_not_asked(desk, sign_in):
    desk.book(Booking(8, "Bauer", "Otto", "none"))
    answer = fill(sign_in(Role.COORDINATOR), new_at(), **GOOD | {"ends": "2/29/2028", "codes": "96910:400"})
    assert answer.status_code == 303


def test_days_are_read_as_people_type_them(desk, sign_in):
    desk.book(Booking(8, "Bauer", "Otto", "none"))
    fill(sign_in(Role.COORDINATOR), new_at(), **GOOD | {"begins": "t", "ends": "m+6"})
    (row,) = approvals_of()
    assert (row.begins, row.ends) == (TODAY, date(2026, 9, 2))


def test_another_payer_is_found_by_its_name(desk, sign_in):
    desk.book(Booking(8, "Bauer", "Otto", "none"))
    fill(sign_in(Role.COORDINATOR), new_at(), **GOOD | {"coverage": "other", "payer": "acme  HEALTH", "member": "X 77"})
    (row,) = approvals_of()
    assert (row.payer, row.member_id) == ("local:acme-health", "X 77")
