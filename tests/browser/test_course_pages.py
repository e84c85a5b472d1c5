"""Units, moving a visit and what was done at it: readable at every width, without a fault of accessibility."""

from dataclasses import replace
from datetime import timedelta

import pytest

from app.casework.actions.performed import record_performed
from app.casework.facts.performed import Performed
from app.platform.caller import Caller
from app.platform.db import db
from app.practice.actions import staff as actions
from app.practice.facts.staff import Role
from app.schedule.facts import VisitStatus
from tests.support import make
from tests.support.browsers import arrived, faults_of
from tests.support.desk import TODAY, Booking, Desk
from tests.support.web import EMAIL, equipped

pytestmark = pytest.mark.browser
WIDTHS = (1280, 390, 320)
RENEWAL = Booking(9.5, "Eriksen", "Astrid", "renewal", day=TODAY + timedelta(days=2))
CASE = make.an_id(60_001)


@pytest.fixture
def addresses(web_app, web_clock):
    """A coordinator's password, and the addresses of the pages."""
    with web_app.app_context():
        caller = equipped(Caller(db.session(), make.PRACTICE_ID, web_clock, via="test"))
        desk = Desk(caller).furnish()
        (visit,) = desk.book(RENEWAL)
        for number in range(3):
            desk.book(replace(RENEWAL, case="approved", hour=8 + number / 4))
        for number in range(5):
            day = TODAY + timedelta(days=5 + number)
            desk._visit(RENEWAL, make.an_id(10_001), 90_000 + number, day)
        desk.session.commit()
        (done,) = desk.book(replace(RENEWAL, case="approved", status=VisitStatus.DONE, day=TODAY - timedelta(days=3)))
        tried = (Performed("96910", 1), Performed("J0585", 100))
        record_performed(caller, done, tried, 0, make.an_id(70_001))
        password = actions.add_staff(caller, EMAIL, "Kim Example", frozenset({Role.COORDINATOR}))
    return password, {
        "move": f"/visits/{visit}/move?day=3/13",
        "performed": f"/visits/{done}/performed",
        "move-typed": f"/visits/{visit}/move?day=soon",
        "units": f"/cases/{CASE}/units?pattern=3w&loading=2",
        "units-typed": f"/cases/{CASE}/units?pattern=3w&loading=99",
    }


def test_units_moving_and_what_was_performed_are_accessible_and_fit(chromium, served, addresses, tmp_path):
    password, pages = addresses
    context = chromium.new_context()
    page = context.new_page()
    page.goto(served)
    page.get_by_label("E-mail address").fill(EMAIL)
    page.get_by_label("Password").fill(password)
    page.keyboard.press("Enter")
    arrived(page, "Today - Cleared")
    faults = {}
    for name, address in pages.items():
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 900})
            page.goto(served + address)
            wide = page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth")
            faults[name, width] = faults_of(page) + (["wider than the screen"] if wide else [])
            page.screenshot(path=tmp_path / f"{name}-{width}.png", full_page=True)
    context.close()
    assert {name: found for name, found in faults.items() if found} == {}
