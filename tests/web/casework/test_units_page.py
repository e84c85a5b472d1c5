"""A case's units, how far they reach, and how far they would reach if visits go on."""

import re
from dataclasses import replace
from datetime import timedelta
from html import unescape

import pytest

from app.audit import store as audit_store
from app.authorizations import store as authorization_store
from app.platform.caller import Caller
from app.platform.db import db
from app.practice.facts.staff import Role
from tests.support import make
from tests.support.desk import TODAY, Booking, Desk
from tests.support.queries import counted
from tests.support.web import equipped

RENEWAL = Booking(9.5, "Eriksen", "Astrid", "renewal", day=TODAY + timedelta(days=2))
PATIENT, CASE = make.an_id(10_001), make.an_id(60_001)


@pytest.fixture
def desk(web_app, web_clock):
    """An approval of 36 units, 21 used, that ends in ten days, with a visit before its end and one after it."""
    with web_app.app_context():
        desk = Desk(equipped(Caller(db.session(), make.PRACTICE_ID, web_clock, via="test"))).furnish()
        desk.book(RENEWAL)
        yield desk


def plain(page):
    """Read a page's text without its marks."""
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", page.text)).split())


def test_the_ledger_and_the_run_out(desk, sign_in):
    page = sign_in(Role.BILLER).get(f"/cases/{CASE}/units")
    words = plain(page)
    assert page.status_code == 200
    assert "Units of PA-1041" in words
    assert "96910, 96912 units 36 21 1 14 1" in words
    assert "Last covered visit Wed 03/04/2026; ask by Tue 02/10/2026. That day has come." in words
    assert "Tue 03/24/2026 is the first visit that is not covered: the approval ends Thu 03/12/2026." in words
    assert "Counted with 30 days: Acme Health's own time is not known before 10 decisions." in words


def test_ten_decisions_of_the_payer_set_the_lead(desk, sign_in):
    for number in range(9):
        desk.book(replace(RENEWAL, case="approved", hour=8 + number / 4))
    words = plain(sign_in(Role.BILLER).get(f"/cases/{CASE}/units"))
    assert "ask by Mon 03/09/2026." in words
    assert "decided 9 of 10 requests of this practice within 3 calendar days (of 10 decisions)." in words


def test_three_visits_a_week_are_walked_behind_those_that_are_booked(desk, sign_in):
    (approved,) = desk.book(replace(RENEWAL, case="approved"))
    case = make.an_id(60_002)
    words = plain(sign_in(Role.COORDINATOR).get(f"/cases/{case}/units?pattern=3w"))
    assert "All" not in words
    assert "more visits from Thu 03/05/2026" in words
    assert "Last covered visit Mon 04/06/2026; ask by Sat 03/07/2026." in words, (
        "14 units are left after the booked one"
    )
    assert "is the first visit that is not covered: too few units are left." in words
    assert approved is not None


def test_loading_visits_take_their_units_first(desk, sign_in):
    desk.book(replace(RENEWAL, case="approved"))
    address = f"/cases/{make.an_id(60_002)}/units?pattern=28d&loading=2&gap=7&loading_units=6&units=1&first=3/9"
    words = plain(sign_in(Role.COORDINATOR).get(address))
    assert "Last covered visit Mon 04/20/2026" in words, "6 on 03/09 and 03/16, then 1 on 03/23 and 04/20"


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ("pattern=9x", "Choose how often the visits go on"),
        ("pattern=3w&units=0", "Units of a visit must be a whole number from 1 to 400, like 3"),
        ("pattern=3w&units=two", "Units of a visit must be a whole number from 1 to 400, like 3"),
        ("pattern=3w&loading=31", "Loading visits must be a whole number from 0 to 30, like 3"),
        ("pattern=3w&first=never", "First visit must be a date, like 12/5, 12/05/2026 or t+30"),
        ("pattern=3w&first=t-1", "First visit must be from today to 24 months ahead"),
    ],
)
def test_what_cannot_be_read_is_said_beside_its_field(desk, sign_in, query, sentence):
    page = sign_in(Role.COORDINATOR).get(f"/cases/{CASE}/units?{query}")
    assert page.status_code == 422
    assert sentence in plain(page)
    assert "<title>Error: Units" in page.text


def test_a_request_that_is_not_approved_carries_no_visit(desk, sign_in):
    desk.book(replace(RENEWAL, case="pending"))
    words = plain(sign_in(Role.COORDINATOR).get(f"/cases/{make.an_id(60_002)}/units"))
    assert "This case is not approved, so it carries no visit." in words


def test_the_reading_is_noted_and_an_unknown_case_is_not_there(desk, sign_in):
    browser = sign_in(Role.COORDINATOR)
    browser.get(f"/cases/{CASE}/units")
    lines = [entry for entry, _mac in audit_store.entries(desk.session, desk.practice_id)]
    (seen,) = [set(entry.subjects) for entry in lines if entry.action == "casework.course_seen"]
    assert seen == {PATIENT, CASE}
    assert browser.get(f"/cases/{make.an_id(999_999)}/units").status_code == 404


def test_the_number_of_queries_does_not_grow_with_the_visits(desk, sign_in):
    browser = sign_in(Role.COORDINATOR)
    browser.get(f"/cases/{CASE}/units?pattern=3w")
    with counted(db.engine) as first:
        browser.get(f"/cases/{CASE}/units?pattern=3w")
    for number in range(8):
        desk._visit(RENEWAL, PATIENT, 90_000 + number, TODAY + timedelta(days=3 + number))
    desk.session.commit()
    with counted(db.engine) as second:
        browser.get(f"/cases/{CASE}/units?pattern=3w")
    assert len(first) == len(second) > 5
    assert authorization_store.patients_by_id(desk.session, desk.practice_id, [CASE])
