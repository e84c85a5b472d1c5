"""A coordinator finds a patient, logs an approval by keyboard, and keeps coverages; every step is accessible.

With `PICTURES` set, screenshots go to the test's own folder, at each width.
"""

import re

import pytest
from playwright.sync_api import Page, expect

from app.platform.caller import Caller
from app.platform.db import db
from app.practice.actions import staff as actions
from app.practice.facts.staff import Role
from tests.support import make
from tests.support.browsers import arrived, faults_of, focused
from tests.support.desk import Booking, Desk
from tests.support.web import EMAIL, equipped

pytestmark = pytest.mark.browser
PEOPLE = (
    Booking(8, "Bauer", "Otto", "renewal"),
    Booking(9, "Castillo", "Marisol", "ended"),
    Booking(10, "Castle", "Ann", "none"),
)
PATIENT = f"/patients/{make.an_id(10_001)}"
ENDED = f"/patients/{make.an_id(10_002)}"


@pytest.fixture
def password(web_app, web_clock):
    """Three patients, and a coordinator who may sign in."""
    with web_app.app_context():
        caller = equipped(Caller(db.session(), make.PRACTICE_ID, web_clock, via="test"))
        desk = Desk(caller).furnish()
        desk.book(*PEOPLE)
        desk.imported().judge()
        return actions.add_staff(caller, EMAIL, "Kim Example", frozenset({Role.COORDINATOR}))


def sign_in(page: Page, served: str, password: str) -> None:
    """Sign in by keyboard."""
    page.goto(f"{served}/patients")
    page.get_by_label("E-mail address").focus()
    page.keyboard.type(EMAIL)
    page.keyboard.press("Tab")
    page.keyboard.type(password)
    page.keyboard.press("Enter")
    arrived(page, "Patients - Cleared")


def tab_to(page: Page, wanted: str) -> None:
    """Press Tab until the thing in focus has an id or a text that fits."""
    for _ in range(80):
        page.keyboard.press("Tab")
        here = focused(page)
        if re.search(wanted, here["id"]) or re.search(wanted, here["text"]):
            return
    raise AssertionError(f"Tab never reaches {wanted}")


def test_an_approval_is_logged_by_keyboard_and_turns_the_badge(page, served, password):
    sign_in(page, served, password)
    tab_to(page, "^words$")
    page.keyboard.type("castl, ann")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Castle, Ann")
    expect(page.locator("main").get_by_text("Blocked")).to_be_visible()
    tab_to(page, "^Log an approval$")
    page.keyboard.press("Enter")
    arrived(page, "Log an approval - Cleared")
    for name, typed in (("number", "PA-77"), ("begins", "t"), ("ends", "m+6"), ("codes", "96910/96912:24")):
        tab_to(page, f"^{name}$")
        page.keyboard.type(typed)
    page.keyboard.press("Enter")
    expect(page.get_by_text("Saved. It covers the one booked visit.")).to_be_visible()
    expect(page.get_by_text("1 visit changed: 1 is now cleared.")).to_be_visible()


def test_a_fault_takes_the_focus_to_the_summary(page, served, password):
    sign_in(page, served, password)
    page.goto(f"{served}{PATIENT}/approvals/new")
    page.get_by_label("Number", exact=True).press("Enter")
    arrived(page, "Error: Log an approval - Cleared")
    expect(page.locator("#errors")).to_be_focused()
    expect(page.get_by_text("Enter the date the approval ends").first).to_be_visible()


def test_a_check_is_recorded_by_keyboard(page, served, password):
    sign_in(page, served, password)
    page.goto(f"{served}{PATIENT}")
    tab_to(page, "^Record a check")
    page.keyboard.press("Enter")
    arrived(page, "Record an eligibility check - Cleared")
    page.get_by_label("The plan says inactive").press("Space")
    page.get_by_label("How the plan was asked").select_option("portal")
    page.get_by_role("button", name="Save check").press("Enter")
    expect(page.get_by_text("1 visit changed: 1 is now blocked.")).to_be_visible()


ADDRESSES = {
    "patient": PATIENT,
    "ended": ENDED,
    "new": f"{PATIENT}/approvals/new?visit={make.an_id(20_001)}",
    "edit": f"{PATIENT}/approvals/{make.an_id(60_001)}",
    "saved": f"{PATIENT}/approvals/{make.an_id(60_001)}/saved",
    "coverage": f"{PATIENT}/coverages/{make.an_id(50_001)}",
    "add": f"{PATIENT}/coverages/new",
    "wishes": f"{PATIENT}/wishes",
}


def found(page: Page, served: str) -> None:
    """Search for two patients."""
    page.goto(f"{served}/patients")
    page.locator("#words").fill("cast")
    page.locator("main").get_by_role("button", name="Find").click()
    expect(page.get_by_text("2 patients found.")).to_be_visible()


def faulty(page: Page, served: str) -> None:
    """Send an empty form."""
    page.goto(served + ADDRESSES["new"])
    page.get_by_label("Number", exact=True).press("Enter")
    expect(page.locator("#errors")).to_be_visible()


def asked(page: Page, served: str) -> None:
    """Enter an end that is asked about."""
    page.goto(served + ADDRESSES["edit"])
    page.locator("#ends").fill("3/1/2029")
    page.get_by_role("button", name="Save changes").click()
    expect(page.get_by_text("Is this right?")).to_be_visible()


def changed(page: Page, served: str) -> None:
    """Save it, and look at the changes."""
    page.get_by_role("button", name="Save changes").click()
    expect(page.get_by_text("Approval saved.")).to_be_visible()
    page.goto(served + PATIENT)


def both(page: Page, served: str) -> None:
    """Save second."""
    page.goto(served + ADDRESSES["edit"])
    page.locator("#ends").fill("4/1/2026")
    page.locator("input[name=version]").first.evaluate("one => one.value = '1'")
    page.get_by_role("button", name="Save changes").click()
    expect(page.get_by_text("Somebody changed this while you were typing")).to_be_visible()


STEPS = (found, faulty, asked, changed, both)


@pytest.mark.parametrize("width", [320, 390, 1280])
def test_every_page_is_accessible_and_fits_the_screen(chromium, served, password, tmp_path, width):
    context = chromium.new_context(viewport={"width": width, "height": 800})
    page = context.new_page()
    sign_in(page, served, password)
    faults: dict[str, list[str]] = {}

    def look(name: str) -> None:
        page.screenshot(path=tmp_path / f"{name}-{width}.png", full_page=True)
        wide = page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth")
        faults[name] = faults_of(page) + (["wider than the screen"] if wide else [])

    for name, address in ADDRESSES.items():
        page.goto(served + address)
        look(name)
    for step in STEPS:
        step(page, served)
        look(step.__name__)
    context.close()
    assert {name: broken for name, broken in faults.items() if broken} == {}
