"""A role reads of a patient what its work needs; a page leaves out the rest and says so."""

import pytest

from app.platform.caller import Caller
from app.platform.db import db
from app.practice.facts.staff import Role
from app.practice.rules.fields import Field, fields_of
from tests.support import make
from tests.support.desk import Booking, Desk
from tests.support.web import equipped, token_of

PATIENT, VISIT = make.an_id(10_001), make.an_id(20_001)
HIDDEN = "Not shown to your role"
MEMBER = "W00000001"


@pytest.fixture(autouse=True)
def desk(web_app, web_clock):
    with web_app.app_context():
        desk = Desk(equipped(Caller(db.session(), make.PRACTICE_ID, web_clock, via="test"))).furnish()
        desk.book(Booking(8, "Abbott", "Lena", "approved"))
        desk.judge()


@pytest.mark.parametrize(
    ("role", "member_id", "contact"),
    [
        (Role.COORDINATOR, True, True),
        (Role.SCHEDULER, True, True),
        (Role.MANAGER, True, True),
        (Role.BILLER, True, False),
    ],
)
def test_a_patients_page_leaves_out_what_a_role_does_not_read(sign_in, role, member_id, contact):
    page = sign_in(role).get(f"/patients/{PATIENT}").text
    assert (MEMBER in page) is member_id
    assert ("<dt>Phone</dt>" in page) is contact
    assert (HIDDEN in page) is not (member_id and contact)


def test_a_provider_reads_neither_the_member_id_nor_how_to_reach_the_patient(sign_in, web_app):
    browser = sign_in(Role.PROVIDER, Role.BILLER)
    assert MEMBER in browser.get(f"/patients/{PATIENT}").text
    assert Field.MEMBER_ID not in fields_of({Role.PROVIDER})


def test_a_diagnosis_is_shown_to_a_coordinator_and_not_to_a_scheduler(sign_in, web_app):
    browser = sign_in(Role.SCHEDULER)
    page = browser.get(f"/visits/{VISIT}").text
    assert "L40.0" not in page
    assert "L40.0" not in browser.get(f"/patients/{PATIENT}").text


def test_a_coordinator_reads_the_diagnosis(sign_in):
    assert "L40.0" in sign_in(Role.COORDINATOR).get(f"/visits/{VISIT}").text


@pytest.mark.parametrize("address", [f"/patients/{PATIENT}/texts", f"/visits/{VISIT}/ask", "/alerts/replies"])
def test_a_biller_reads_neither_texts_nor_what_staff_ask_each_other(sign_in, address):
    assert sign_in(Role.BILLER).get(address).status_code == 403


def test_a_biller_reads_the_schedule_and_assigns_nothing(sign_in):
    browser = sign_in(Role.BILLER)
    page = browser.get("/schedule?day=2026-03-02").text
    assert "Abbott" in page
    assert 'name="tick"' not in page
    assert "/ask" not in page
    form = {"csrf_token": token_of(browser, "/patients"), "do": "assign", "tick": f"{VISIT}.0"}
    assert browser.post("/schedule/work", data=form).status_code == 403
