"""From the booking check to a signed consent by keyboard; all pages of it are accessible and fit the screen."""

import re
from dataclasses import replace

import pytest
from playwright.sync_api import Page, expect

from app.platform.caller import Caller
from app.platform.db import db
from app.practice.actions import staff as actions
from app.practice.facts.staff import Role
from app.schedule import store as schedule_store
from app.schedule.facts import LineSource, VisitRecord
from tests.support import make
from tests.support.browsers import arrived, faults_of, runs_script
from tests.support.desk import Booking, Desk
from tests.support.web import EMAIL, equipped

pytestmark = pytest.mark.browser
WIDTHS = (1280, 390)


@pytest.fixture
def mixed(web_app, web_clock):
    """A visit with a medical, a conditional and a cosmetic service. Gives its id and the password of a coordinator."""
    with web_app.app_context():
        caller = equipped(Caller(db.session(), make.PRACTICE_ID, web_clock, via="test"))
        desk = Desk(caller).furnish()
        (visit,) = desk.book(Booking(10, "Fontaine", "Claire", "office"))
        found = schedule_store.visits_by_ids(desk.session, desk.practice_id, [visit])[visit]
        (record,) = schedule_store.records(desk.session, desk.practice_id, [found.reference]).values()
        services = (("99213", ("L40.0",)), ("17110", ("L82.1",)), ("15788", ("L81.1",)))
        lines = tuple(
            replace(record.visit.lines[0], id=make.an_id(90_000 + n), position=n, code=code, diagnoses=diagnoses)
            for n, (code, diagnoses) in enumerate(services)
        )
        changed = VisitRecord(replace(record.visit, lines=lines), tuple(map(LineSource, range(len(lines)))))
        schedule_store.change_visits(desk.session, desk.practice_id, [changed])
        desk.session.commit()
        desk.imported().judge()
        password = actions.add_staff(caller, EMAIL, "Kim Example", frozenset({Role.COORDINATOR}))
    return visit, password


def looked_at(page: Page, tmp_path, name: str) -> None:
    """Hold a page against axe at both widths, and keep a picture of each; without script there is no axe."""
    if not runs_script(page):
        return
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        assert faults_of(page) == [], name
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), name
        page.screenshot(path=tmp_path / f"{name}-{width}.png", full_page=True)
    page.set_viewport_size({"width": 1280, "height": 900})


def sign_in(page: Page, served: str, password: str) -> None:
    """Sign in; a coordinator lands on Today."""
    page.goto(served)
    page.get_by_label("E-mail address").fill(EMAIL)
    page.get_by_label("Password").fill(password)
    page.keyboard.press("Enter")
    arrived(page, "Today - Cleared")


def test_from_the_booking_check_to_a_signed_consent_by_keyboard(page, served, mixed, tmp_path):
    visit, password = mixed
    sign_in(page, served, password)
    page.goto(f"{served}/visits/{visit}/booking")
    expect(page.get_by_text("This visit is mixed.")).to_be_visible()
    looked_at(page, tmp_path, "gate")
    page.get_by_role("link", name="Prepare estimate and consent").press("Enter")
    page.get_by_label("Your words for 15788").fill("Peel of the face")
    page.get_by_label("Price in dollars").fill("350")
    page.get_by_label("Spanish (español)").press("Space")
    looked_at(page, tmp_path, "prepare")
    page.get_by_role("button", name="Save").press("Enter")
    expect(page.get_by_text("Prepared. Print it and give it to the patient.")).to_be_visible()
    looked_at(page, tmp_path, "paper")
    page.get_by_role("link", name="Print in Spanish").press("Enter")
    expect(page.get_by_role("heading", name="Presupuesto y consentimiento de pago")).to_be_visible()
    looked_at(page, tmp_path, "sheet")
    page.go_back()
    page.get_by_label("Signed by").fill("Claire Fontaine")
    page.get_by_role("button", name="Record as signed").press("Enter")
    expect(page.get_by_text("The patient pays; insurance is not asked.")).to_be_visible()
    page.get_by_role("link", name="Back to the booking check").press("Enter")
    expect(page.get_by_text(re.compile("Nothing of it is asked of insurance"))).to_be_visible()
    page.get_by_role("link", name="Estimates and consents").press("Enter")
    expect(page.get_by_text("No estimate or notice waits.")).to_be_visible()
    looked_at(page, tmp_path, "list")
