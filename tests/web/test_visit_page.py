"""The visit panel on its own page: why is this visit cleared, or why not?"""

import re
from dataclasses import replace
from html import unescape

import pytest

from app.audit import store as audit_store
from app.platform.caller import Caller
from app.platform.db import db
from app.practice.facts.staff import Role
from app.schedule.facts import VisitStatus
from tests.support import make
from tests.support.desk import Booking, Desk
from tests.support.web import equipped

ENDED = Booking(9, "Castillo", "Marisol", "ended")


@pytest.fixture
def desk(web_app, web_clock):
    """A practice with sites, people and a payer, and nobody booked yet."""
    with web_app.app_context():
        yield Desk(equipped(Caller(db.session(), make.PRACTICE_ID, web_clock, via="test"))).furnish()


def plain(page):
    """Read a page's text without its marks."""
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", page.text)).split())


def test_the_reason_stands_in_full_what_is_open_first(desk, sign_in):
    (visit,) = desk.book(ENDED)
    desk.imported()
    page = sign_in(Role.BILLER).get(f"/visits/{visit}")
    words = plain(page)
    order = [
        "Castillo, Marisol MRN M00001",
        "Mon 03/02/2026 9:00 AM",
        "Main Street, Dr. Rivera",
        "Blocked PA-1041: 01/01/2026 to 02/27/2026. This visit is Mon 03/02/2026.",
        "No day is left. Latest day was Fri 02/27/2026, approval PA-1041 ended.",
        "What to do Ask Acme Health to extend it.",
        "96910 UVB / PUVA in office Blocked",
        "Dates Does not hold Needs An approval that holds Mon 03/02/2026. Has PA-1041: 01/01/2026 to 02/27/2026.",
        "What holds",
        "Coverage. Acme Health is active.",
        "What the payer asks Acme Health requires approval for 96910",
        "Provider manual of Acme Health, section 4, read 01/05/2026",
        "Approval Number PA-1041",
        "Dates 01/01/2026 to 02/27/2026",
        "Approved for 96910/96912, 36 units",
        "Coverage Payer Acme Health, PPO Gold (primary)",
        "Basis: schedule import 03/02/2026 6:00 AM; eligibility checked 03/01/2026; rules",
    ]
    places = [words.find(part) for part in order]
    assert -1 not in places, [part for part, place in zip(order, places, strict=True) if place == -1]
    assert places == sorted(places)


def test_used_units_are_counted_after_this_visit(desk, sign_in):
    (visit,) = desk.book(Booking(9, "Bauer", "Otto", "approved"))
    assert "Used after this visit 22 of 36, 14 units left" in plain(sign_in(Role.BILLER).get(f"/visits/{visit}"))


def test_visits_of_any_status_can_be_read(desk, sign_in):
    said = {
        VisitStatus.CANCELED: "This visit is canceled.",
        VisitStatus.NO_SHOW: "The patient did not come.",
        VisitStatus.DONE: "This visit is done.",
    }
    visits = desk.book(*(replace(ENDED, status=status) for status in said))
    browser = sign_in(Role.SCHEDULER)
    for visit, sentence in zip(visits, said.values(), strict=True):
        page = browser.get(f"/visits/{visit}")
        assert page.status_code == 200
        assert sentence in page.text


def test_each_line_of_a_visit_is_told(desk, sign_in):
    (visit,) = desk.book(Booking(9, "Kowalski", "Ewa", "two"))
    heads = re.findall(r"<h3>\s*(\d{5})", sign_in(Role.SCHEDULER).get(f"/visits/{visit}").text)
    assert heads == ["99213", "96910"]


def test_an_unknown_visit_and_another_practices_are_not_found(desk, sign_in):
    (own,) = desk.book(ENDED)
    elsewhere = Desk(replace(desk.caller, practice_id=make.OTHER_PRACTICE_ID)).furnish()
    _same_id, foreign = elsewhere.book(replace(ENDED, last="Elsewhere"), ENDED)
    browser = sign_in(Role.SCHEDULER)
    assert "Castillo, Marisol" in browser.get(f"/visits/{own}").text
    for strange in (foreign, make.an_id(999), "V20001"):
        assert browser.get(f"/visits/{strange}").status_code == 404
    page = browser.get(f"/schedule?visit={foreign}")
    assert page.status_code == 422
    assert "Elsewhere" not in page.text


def test_reading_a_visit_is_noted_once_and_the_title_names_nobody(desk, sign_in):
    (visit,) = desk.book(ENDED)
    page = sign_in(Role.SCHEDULER).get(f"/visits/{visit}")
    assert "<title>Visit - Cleared</title>" in page.text
    desk.session.rollback()
    lines = [entry for entry, _mac in audit_store.entries(desk.session, desk.practice_id)]
    (seen,) = [line for line in lines if line.action == "clearance.seen"]
    assert seen.subjects == (make.an_id(10_001), visit)


def test_a_role_without_the_schedule_is_refused(desk, sign_in):
    (visit,) = desk.book(ENDED)
    assert sign_in(Role.PROVIDER).get(f"/visits/{visit}").status_code == 403
