"""A coordinator turns on payers and confirms routine services by keyboard; the pages of rules are accessible.

With `PICTURES` set, screenshots go to the test's own folder.
"""

import re

import pytest
from playwright.sync_api import Page, expect

from app.platform.caller import Caller
from app.platform.db import db
from app.policies.actions.payers import choose_payers
from app.practice.actions import staff as actions
from app.practice.facts.staff import Role
from tests.support import make
from tests.support.browsers import arrived, faults_of, focused
from tests.support.desk import DAY, PAYER, Desk
from tests.support.web import EMAIL, equipped

pytestmark = pytest.mark.browser
ADDRESSES = {
    "practice": "/rules/practice",
    "december": "/rules/december",
    "new-rule": "/rules/practice/new?payer=" + PAYER + "&codes=96910&places=11",
    "edit": f"/rules/practice/{make.an_id(60)}/edit",
    "end": f"/rules/practice/{make.an_id(60)}/end",
    "rule": f"/rules/practice/{make.an_id(60)}",
    "payers": "/rules",
    "payer": "/rules/medicare_ffs",
    "local-payer": "/rules/" + PAYER,
    "filtered": "/rules/practice?code=96910&state=in_force",
    "none": "/rules/practice?state=ended",
    "faulty": "/rules/practice?code=9x",
    "verify": "/rules/aetna/verify?all=yes",
    "answer": "/rules/payer-answer?payer=" + PAYER + "&name=96910",
    "routine": "/rules/routine?payer=aetna&payer=" + PAYER,
}


@pytest.fixture
def password(web_app, web_clock):
    """A furnished practice that works with two payers; a coordinator may sign in with this password."""
    with web_app.app_context():
        caller = equipped(Caller(db.session(), make.PRACTICE_ID, web_clock, via="test"))
        desk = Desk(caller).furnish()
        desk.book(*DAY)
        desk.imported().judge()
        choose_payers(caller, ["aetna"], turned_on=True)
        return actions.add_staff(caller, EMAIL, "Kim Example", frozenset({Role.COORDINATOR}))


def sign_in(page: Page, served: str, password: str) -> None:
    """Sign in by keyboard."""
    page.goto(served)
    page.get_by_label("E-mail address").focus()
    page.keyboard.type(EMAIL)
    page.keyboard.press("Tab")
    page.keyboard.type(password)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).not_to_have_text("Sign in")


def tab_to(page: Page, wanted: str) -> None:
    """Press Tab until the thing in focus has an id or text that fits."""
    for _ in range(260):
        page.keyboard.press("Tab")
        here = focused(page)
        if re.search(wanted, here["id"]) or re.search(wanted, here["text"]):
            return
    raise AssertionError(f"Tab never reaches {wanted}")


def press_at(page: Page, wanted: str, key: str) -> None:
    """Go there by Tab and press a key."""
    tab_to(page, wanted)
    page.keyboard.press(key)


def test_payers_are_turned_on_and_their_routine_services_confirmed_by_keyboard(page, served, password):
    # Given a coordinator on the list of payers
    sign_in(page, served, password)
    page.goto(served + "/rules")
    # When they tick a payer and turn it on
    press_at(page, "^payer-1$", "Space")
    press_at(page, "Turn on what is ticked", "Enter")
    # Then its routine services are asked, with all of them ticked
    arrived(page, "Routine services - Cleared")
    expect(page.get_by_text("1 payer is turned on.")).to_be_visible()
    expect(page.locator("input[name=code]:checked")).to_have_count(130)
    # When they untick one, forget the day, and send it
    press_at(page, "^code-17311$", "Space")
    press_at(page, "^basis_kind-tool$", "Space")
    press_at(page, "Confirm routine services", "Enter")
    # Then the fault is named, and what was ticked stays
    arrived(page, "Error: Routine services - Cleared")
    expect(page.get_by_role("alert")).to_contain_text("Enter the day on which the look-up tool was asked")
    expect(page.locator("input[name=code]:checked")).to_have_count(129)
    # When they mend it
    tab_to(page, "^source_day$")
    page.keyboard.type("3/1")
    page.keyboard.press("Enter")
    # Then the rule is on file, and Undo takes it back
    arrived(page, "Practice rules - Cleared")
    expect(page.get_by_text("Routine services are confirmed for 1 payer.")).to_be_visible()
    expect(page.get_by_text("payer's look-up tool 03/01/2026")).to_be_visible()
    press_at(page, "^Undo$", "Enter")
    expect(page.get_by_text("It is undone.")).to_be_visible()


def test_rules_are_verified_by_keyboard_and_it_is_undone(page, served, password):
    # Given a coordinator on the page that verifies a payer's rules
    sign_in(page, served, password)
    page.goto(served + "/rules/aetna/verify")
    asked = page.get_by_role("checkbox").count()
    # When they tick one and forget how it was verified
    press_at(page, "^rule-1$", "Space")
    press_at(page, "Verify what is ticked", "Enter")
    # Then the fault is named, and what was ticked stays
    arrived(page, "Error: Verify rules - Cleared")
    expect(page.locator("input[name=rule]:checked")).to_have_count(1)
    # When they mend it
    press_at(page, "^basis_kind-tool$", "Space")
    page.keyboard.press("Enter")
    # Then one rule less waits, and Undo takes it back
    expect(page.get_by_text("1 rule is verified.")).to_be_visible()
    expect(page.get_by_role("checkbox")).to_have_count(asked - 1)
    press_at(page, "^Undo$", "Enter")
    expect(page.get_by_text("It is undone: the rules count as they did before.")).to_be_visible()


@pytest.mark.parametrize("width", [320, 390, 1280])
def test_every_page_of_rules_is_accessible_and_fits_the_screen(chromium, served, password, tmp_path, width):
    context = chromium.new_context(viewport={"width": width, "height": 900})
    page = context.new_page()
    sign_in(page, served, password)
    faults = {}
    for name, address in ADDRESSES.items():
        page.goto(served + address)
        page.screenshot(path=tmp_path / f"{name}-{width}.png", full_page=True)
        wide = page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth")
        faults[name] = faults_of(page) + (["wider than the screen"] if wide else [])
    context.close()
    assert {name: found for name, found in faults.items() if found} == {}
