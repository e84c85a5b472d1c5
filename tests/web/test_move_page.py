"""Where a visit could go, before anybody moves it."""

import re
from dataclasses import replace
from datetime import timedelta
from html import unescape

import pytest

from app.audit import store as audit_store
from app.platform.caller import Caller
from app.platform.db import db
from app.practice.facts.staff import Role
from app.schedule.facts import VisitStatus
from tests.support import make
from tests.support.desk import TODAY, Booking, Desk
from tests.support.queries import counted
from tests.support.web import equipped

RENEWAL = Booking(9.5, "Eriksen", "Astrid", "renewal", day=TODAY + timedelta(days=2))


@pytest.fixture
def desk(web_app, web_clock):
    """A practice with sites, people and a payer, and nobody booked yet."""
    with web_app.app_context():
        yield Desk(equipped(Caller(db.session(), make.PRACTICE_ID, web_clock, via="test"))).furnish()


def plain(page):
    """Read a page's text without its marks."""
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", page.text)).split())


def test_the_latest_and_the_next_day_are_named(desk, sign_in):
    (visit,) = desk.book(RENEWAL)
    page = sign_in(Role.SCHEDULER).get(f"/visits/{visit}/move")
    words = plain(page)
    assert page.status_code == 200
    assert "Eriksen, Astrid MRN M00001 Booked Wed 03/04/2026 9:30 AM" in words
    assert "Latest day covered Thu 03/12/2026" in words
    assert "Next day covered Thu 03/05/2026" in words
    assert "Nothing is moved here." in words


def test_a_day_after_the_end_of_the_approval_is_not_covered(desk, sign_in):
    (visit,) = desk.book(RENEWAL)
    words = plain(sign_in(Role.SCHEDULER).get(f"/visits/{visit}/move?day=3/13"))
    assert "On Fri 03/13/2026 The visit is not covered on this day. Blocked" in words
    assert "No booked visit changes its badge." in words


def test_a_visit_that_would_lose_its_unit_is_listed(desk, sign_in):
    late = replace(RENEWAL, case="used_up", day=TODAY + timedelta(days=2))
    (visit,) = desk.book(late)
    words = plain(sign_in(Role.SCHEDULER).get(f"/visits/{visit}/move"))
    assert "Latest day covered No day until Thu 03/04/2027 is covered." in words


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("soon", "Enter the day like 12/5, 12/05/2026, t+30 or m+6."),
        ("t-1", "Sun 03/01/2026 is past: enter today or a day after it."),
        ("m+25", "is more than 24 months ahead: enter an earlier day."),
    ],
)
def test_a_day_that_cannot_be_tried_keeps_what_was_typed(desk, sign_in, typed, sentence):
    (visit,) = desk.book(RENEWAL)
    page = sign_in(Role.SCHEDULER).get(f"/visits/{visit}/move", query_string={"day": typed})
    assert page.status_code == 422
    assert sentence in plain(page)
    assert f'value="{typed}"' in page.text
    assert "<title>Error: Move a visit" in page.text


def test_a_visit_that_is_not_booked_has_nothing_to_move(desk, sign_in):
    (visit,) = desk.book(replace(RENEWAL, status=VisitStatus.DONE))
    browser = sign_in(Role.SCHEDULER)
    assert "This visit is not booked, so there is nothing to move." in plain(browser.get(f"/visits/{visit}/move"))
    assert f"/visits/{visit}/move" not in browser.get(f"/visits/{visit}").text


def test_the_visit_leads_there_and_the_reading_is_noted(desk, sign_in):
    (visit,) = desk.book(RENEWAL)
    browser = sign_in(Role.SCHEDULER)
    assert f'href="/visits/{visit}/move"' in browser.get(f"/visits/{visit}").text
    browser.get(f"/visits/{visit}/move")
    lines = [entry for entry, _mac in audit_store.entries(desk.session, desk.practice_id)]
    assert [visit in entry.subjects for entry in lines if entry.action == "clearance.move_seen"] == [True]
    assert browser.get(f"/visits/{make.an_id(999_999)}/move").status_code == 404


def test_the_number_of_queries_does_not_grow_with_the_visits(desk, sign_in, web_app):
    (visit,) = desk.book(RENEWAL)
    browser = sign_in(Role.SCHEDULER)
    address = f"/visits/{visit}/move?day=3/13"
    browser.get(address)
    with counted(db.engine) as first:
        browser.get(address)
    for number in range(8):
        desk._visit(RENEWAL, make.an_id(10_001), 90_000 + number, TODAY + timedelta(days=3 + number))
    desk.session.commit()
    with counted(db.engine) as second:
        words = plain(browser.get(address))
    assert len(first) == len(second) > 5
    assert "On Fri 03/13/2026" in words
