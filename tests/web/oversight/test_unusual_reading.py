"""Unusual reading: what the job flags, once each, and the review by somebody responsible."""

import re
from dataclasses import replace
from datetime import timedelta
from html import unescape

import pytest
from sqlalchemy import text

from app.audit.actions import record
from app.authorizations.facts import Status
from app.oversight import store
from app.oversight.facts import Sign
from app.oversight.jobs import flag_unusual_reading
from app.patients import store as patient_store
from app.patients.facts import PatientDetails
from app.platform.caller import Caller
from app.platform.db import db, writing
from app.practice.actions import staff as actions
from app.practice.facts.staff import Role
from tests.support import make
from tests.support.desk import Booking, Desk
from tests.support.web import equipped, token_of

LIST = "/admin/audit/unusual"
YEAR = timedelta(days=365)


@pytest.fixture
def desk(web_app, web_clock):
    """A practice with nobody booked, and Ann Haddad, who reads."""
    with web_app.app_context():
        made = Desk(equipped(Caller(db.session(), make.PRACTICE_ID, web_clock, via="test"))).furnish()
        made.caller = replace(made.caller, source="203.0.113.4")
        actions.add_staff(made.caller, "ann@example.test", "Ann Haddad", frozenset({Role.SCHEDULER}))
        yield made


def ann(desk):
    """The id of the person who reads."""
    asked = text("SELECT id FROM staff WHERE email = 'ann@example.test'")
    found = desk.session.execute(asked).scalar_one()
    desk.session.rollback()
    from uuid import UUID  # noqa: PLC0415

    return found if isinstance(found, UUID) else UUID(bytes=found)


def stranger(desk, number, last="Nobody"):
    """Put a patient on file who has no visit."""
    patient = PatientDetails(make.an_id(70_000 + number), f"S{number}", last, "Sam", None)
    patient_store.add_patients(desk.session, desk.practice_id, [patient])
    desk.session.commit()
    return patient.id


def look(desk, patient, by, at=make.NOW, **more):
    """Let somebody open a patient."""
    caller = replace(desk.caller, user_id=by, via="web", clock=make.clock(at), **more)
    with writing(desk.session):
        record(caller, "casework.patient_seen", [patient])


def flagged(desk):
    """Run the job, and read what waits for a look."""
    flag_unusual_reading(replace(desk.caller, via="job:flag-unusual-reading"))
    found = [case.unusual for case in store.cases(desk.session, desk.practice_id, False, None, 100)]
    desk.session.rollback()
    return {(one.sign, one.patient_id) for one in found}


def test_a_patient_without_a_visit_near_that_day_and_without_a_case_is_flagged_once(desk):
    patient, by = stranger(desk, 1), ann(desk)
    look(desk, patient, by)
    look(desk, patient, by, make.NOW + timedelta(minutes=4))
    assert flagged(desk) == {(Sign.UNSCHEDULED, patient)}
    assert flag_unusual_reading(desk.caller) == 0


def test_a_visit_or_an_open_case_is_a_reason_and_an_old_one_is_none(desk):
    by = ann(desk)
    visit, pending = desk.book(Booking(9, "Near", "Nan", "office"), Booking(10, "Case", "Cora", "pending"))
    near, case = make.an_id(10_001), make.an_id(10_002)
    assert visit and pending
    look(desk, near, by)
    look(desk, case, by, make.NOW + YEAR)
    assert flagged(desk) == set()
    look(desk, near, by, make.NOW + YEAR)
    assert flagged(desk) == {(Sign.UNSCHEDULED, near)}
    assert Status.SUBMITTED


def test_the_readers_own_family_name_is_flagged_whatever_its_case_and_accents(desk):
    desk.book(Booking(9, "HÁDDAD", "Samira", "office"), Booking(9, "Haddadi", "Sam", "office"))
    for number in (1, 2):
        look(desk, make.an_id(10_000 + number), ann(desk))
    assert flagged(desk) == {(Sign.OWN_NAME, make.an_id(10_001))}


def test_many_patients_in_an_hour_beyond_the_persons_usual_are_flagged_with_their_count(desk):
    by = ann(desk)
    desk.book(*[Booking(9, f"Person{number}", "Pat", "office") for number in range(30)])
    patients = [make.an_id(10_001 + number) for number in range(30)]
    for place, patient in enumerate(patients[:25]):
        look(desk, patient, by, make.NOW + timedelta(seconds=place))
    assert flagged(desk) == set()
    for place, patient in enumerate(patients):
        look(desk, patient, by, make.NOW + timedelta(minutes=10, seconds=place))
    assert flagged(desk) == {(Sign.MANY, None)}
    (case,) = store.cases(desk.session, desk.practice_id, False, None, 9)
    assert case.unusual.count == 30


def test_break_glass_is_flagged_and_the_jobs_own_work_is_not(desk):
    (_visit,) = desk.book(Booking(9, "Near", "Nan", "office"))
    look(desk, make.an_id(10_001), None)
    assert flagged(desk) == set()
    look(desk, make.an_id(10_001), ann(desk), reason="On call for Dr. Chen")
    assert flagged(desk) == {(Sign.BREAK_GLASS, make.an_id(10_001))}


def test_a_manager_reviews_with_a_word_and_a_sealed_note_and_it_is_said_once(desk, sign_in):
    patient = stranger(desk, 1)
    look(desk, patient, ann(desk))
    flagged(desk)
    browser = sign_in(Role.MANAGER)
    page = browser.get(LIST)
    assert "Ann Haddad" in page.text and f"SN, record {patient.hex[-8:]}" in page.text
    address = re.search(rf'href="({LIST}/[^"]+)"', page.text)[1]
    form = {"csrf_token": token_of(browser, address), "finding": "work", "note": ""}
    missing = browser.post(address, data=form)
    assert missing.status_code == 422
    assert "Write what you looked at" in unescape(missing.text) and "checked" in missing.text
    form["note"] = "Asked Ann: the mother had called."
    assert browser.post(address, data=form).status_code == 303
    again = browser.post(address, data={**form, "finding": "breach"})
    assert again.status_code == 409
    assert "Somebody was quicker" in unescape(again.text) and "It was for work" in again.text
    assert "Nothing waits for a look." in browser.get(LIST).text
    assert "It was for work" in browser.get(f"{LIST}?state=reviewed").text
    desk.session.rollback()
    kept = desk.session.execute(text("SELECT note FROM unusual_reading")).scalar_one()
    assert b"mother" not in bytes(kept)


def test_nobody_reviews_what_that_person_read(desk, sign_in):
    browser = sign_in(Role.MANAGER)
    mine = desk.session.execute(text("SELECT id FROM staff WHERE email <> 'ann@example.test'")).scalar_one()
    desk.session.rollback()
    from uuid import UUID  # noqa: PLC0415

    look(desk, stranger(desk, 1), mine if isinstance(mine, UUID) else UUID(bytes=mine))
    flagged(desk)
    address = re.search(rf'href="({LIST}/[^"]+)"', browser.get(LIST).text)[1]
    assert "Somebody else reviews it" in browser.get(address).text
    form = {"csrf_token": token_of(browser, LIST), "finding": "work", "note": "It was me, and fine"}
    assert browser.post(address, data=form).status_code == 422


def test_an_administrator_alone_reviews_without_initials(desk, sign_in):
    patient = stranger(desk, 1)
    look(desk, patient, ann(desk), reason="His mother asked")
    flagged(desk)
    browser = sign_in(Role.ADMINISTRATOR)
    page = browser.get(LIST)
    assert f"Record {patient.hex[-8:]}" in page.text and "SN, record" not in page.text
    address = re.search(rf'href="({LIST}/[^"]+)"', page.text)[1]
    assert "mother" not in browser.get(address).text


@pytest.mark.parametrize("role", [Role.COORDINATOR, Role.SCHEDULER, Role.BILLER, Role.PROVIDER])
def test_nobody_else_sees_unusual_reading(desk, sign_in, role):
    assert sign_in(role).get(LIST).status_code == 403
