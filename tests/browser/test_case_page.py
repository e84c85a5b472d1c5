"""A coordinator logs a call and an approval by keyboard on the page of a case; every step is accessible."""

import pytest
from playwright.sync_api import Page, expect

from app.platform.caller import Caller
from app.platform.db import db
from app.practice.actions import staff as actions
from app.practice.facts.staff import Role
from tests.support import make
from tests.support.browsers import arrived, faults_of
from tests.support.desk import Booking, Desk
from tests.support.web import EMAIL, equipped

pytestmark = pytest.mark.browser
CASE = make.an_id(60_001)


@pytest.fixture
def password(web_app, web_clock):
    """A furnished practice, whose one request waits for the payer, and a coordinator. Gives the password."""
    with web_app.app_context():
        caller = equipped(Caller(db.session(), make.PRACTICE_ID, web_clock, via="test"))
        desk = Desk(caller).furnish()
        desk.book(Booking(8, "Dubois", "Henri", "pending"), Booking(8.5, "Bauer", "Otto", "approved"))
        desk.imported().judge()
        return actions.add_staff(caller, EMAIL, "Kim Example", frozenset({Role.COORDINATOR}))


def sign_in(page: Page, served: str, password: str) -> None:
    """Sign in."""
    page.goto(served)
    page.get_by_label("E-mail address").fill(EMAIL)
    page.get_by_label("Password").fill(password)
    page.keyboard.press("Enter")
    arrived(page, "Today - Cleared")


def look(page: Page, name: str, folder, scripted: bool) -> None:
    """Check for accessibility at three widths, and keep a picture of two."""
    for width in (1280, 390, 320):
        page.set_viewport_size({"width": width, "height": 900})
        if scripted:
            assert faults_of(page) == [], f"{name} at {width}"
        if width > 320:
            page.screenshot(path=folder / f"{name}-{width}.png", full_page=True)
    page.set_viewport_size({"width": 1280, "height": 900})


def log_call(page: Page, scripted: bool, folder) -> None:
    """Write a call down, opened by its key."""
    page.keyboard.press("l") if scripted else page.get_by_role("link", name="Call").click()
    expect(page.get_by_role("heading", name="Call")).to_be_visible()
    page.get_by_label("Person you spoke to").fill("Dana, agent 412")
    page.get_by_label("Reference number").fill("CR-77120")
    page.get_by_label("How it ended").select_option("Still pending")
    page.get_by_label("What was said").fill("In clinical review. An answer is expected within two days.")
    composer = page.locator("#composer")
    composer.get_by_label("Next action").fill("Call for the status")
    composer.get_by_label("By", exact=False).last.fill("t+2")
    look(page, "call", folder, scripted)
    page.get_by_role("button", name="Save call").click()
    expect(page.get_by_text("Call: Still pending", exact=True)).to_be_visible()


def test_a_call_and_an_approval_are_logged_by_keyboard(page, served, password, tmp_path, request):
    scripted = "no-script" not in request.node.name
    sign_in(page, served, password)
    page.goto(f"{served}/cases/{CASE}")
    log_call(page, scripted, tmp_path)
    page.keyboard.press("d") if scripted else page.get_by_role("link", name="Decision").click()
    expect(page.get_by_role("heading", name="Record the answer")).to_be_visible()
    page.get_by_label("Authorization number").fill("PA-9001")
    page.get_by_label("Codes").fill("96910/96912:24")
    page.get_by_label("Authorization number").press("Enter")
    expect(page.get_by_role("heading", name="Is this right?")).to_be_visible()
    look(page, "cut", tmp_path, scripted)
    page.get_by_role("button", name="Save decision").click()
    expect(page.get_by_text("Partly approved", exact=True).first).to_be_visible()
    look(page, "approved", tmp_path, scripted)
