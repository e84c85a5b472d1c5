"""A patient out of sight is opened for an hour, with a reason that is kept; nobody else is opened by it."""

from dataclasses import replace
from datetime import timedelta

import pytest
from flask import g
from sqlalchemy import text

from app.audit import store as audit_store
from app.platform.caller import Caller
from app.platform.db import db
from app.practice.facts.staff import Role
from app.practice.store import staff as staffing
from tests.support import make
from tests.support.desk import MAIN, NORTH, PARK, Booking, Desk
from tests.support.web import EMAIL, equipped, token_of

REASON = "Covering for the north clinic, patient is on the phone"


@pytest.fixture
def desk(web_app, web_clock):
    """A patient at each of two sites; a coordinator who sees one of them."""
    with web_app.app_context():
        desk = Desk(equipped(Caller(db.session(), make.PRACTICE_ID, web_clock, via="test"))).furnish()
        desk.book(Booking(8, "Abbott", "Lena", "office"), Booking(9, "Jensen", "Karl", "approved", NORTH, PARK))
        yield desk


@pytest.fixture
def limited(desk, sign_in):
    browser = sign_in(Role.COORDINATOR)
    person = staffing.sign_in_state(desk.session, EMAIL).staff
    staffing.save_staff(desk.session, make.PRACTICE_ID, replace(person, sites=frozenset({MAIN})))
    desk.session.commit()
    g.pop("_login_user", None)  # the test's own app context outlives a request
    return browser


HERE, AWAY = make.an_id(10_001), make.an_id(10_002)


def ask(browser, **typed):
    return browser.post("/patients/open", data={"csrf_token": token_of(browser, "/patients/open"), **typed})


def test_a_patient_out_of_sight_is_open_for_one_hour_and_the_reason_is_kept(desk, limited, web_clock):
    assert limited.get(f"/patients/{AWAY}").status_code == 404
    assert (
        "Karl"
        not in limited.post("/patients", data={"csrf_token": token_of(limited, "/patients"), "words": "Jensen"}).text
    )
    answer = ask(limited, mrn="m00002", reason=REASON)
    assert (answer.status_code, answer.location) == (303, f"/patients/{AWAY}")
    page = limited.get(answer.location)
    assert "Jensen" in page.text
    assert "You opened the page for one hour, until 11:00 AM" in page.text
    lines = [one for one, _mac in audit_store.entries(desk.session, make.PRACTICE_ID)]
    line = next(one for one in lines if one.action.endswith("_opened"))
    assert (line.action, line.subjects, line.reason_mac is not None) == ("practice.patient_opened", (AWAY,), True)
    for _ in range(4):
        web_clock.instant += timedelta(minutes=14, seconds=50)
        assert limited.get(f"/patients/{AWAY}").status_code == 200
    web_clock.instant += timedelta(seconds=40)
    assert limited.get(f"/patients/{AWAY}").status_code == 404


def test_who_is_in_sight_is_found_without_a_trace(desk, limited):
    assert ask(limited, mrn="M00001", reason=REASON).location == f"/patients/{HERE}"
    assert desk.session.scalar(text("SELECT count(*) FROM patient_opening")) == 0


def test_a_member_id_needs_the_birth_date_and_both_must_be_exact(desk, limited):
    assert ask(limited, member_id="W00000002", born="5/17/1980", reason=REASON).location == f"/patients/{AWAY}"
    for typed in (
        {"member_id": "W00000002", "born": "5/18/1980"},
        {"member_id": "W0000000", "born": "5/17/1980"},
        {"mrn": "M0000"},
    ):
        answer = ask(limited, **typed, reason=REASON)
        assert answer.status_code == 422
        assert "Nobody is on file under this" in answer.text
        assert REASON in answer.text


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"mrn": "M00002", "reason": "urgent"}, "Say in at least 10 letters"),
        ({"mrn": "M00002", "reason": "x" * 301}, "at most 300 characters"),
        ({"reason": REASON}, "Enter the whole record number"),
        ({"member_id": "W00000002", "reason": REASON}, "Enter the birth date on file"),
    ],
)
def test_without_a_reason_and_a_whole_number_nobody_is_opened(desk, limited, typed, said):
    answer = ask(limited, **typed)
    assert answer.status_code == 422
    assert said in answer.text
    assert "<title>Error: " in answer.text
    assert desk.session.scalar(text("SELECT count(*) FROM patient_opening")) == 0


def test_another_practices_patient_cannot_be_opened(desk, limited, web_clock):
    other = Desk(equipped(Caller(db.session(), make.OTHER_PRACTICE_ID, web_clock, via="test"))).furnish()
    other.count = 500
    other.book(Booking(8, "Foreign", "Fay", "office"))
    assert ask(limited, mrn="M00501", reason=REASON).status_code == 422


def test_an_administrator_without_a_clinical_role_opens_nobody(desk, sign_in):
    assert sign_in(Role.ADMINISTRATOR).get("/patients/open").status_code == 403
