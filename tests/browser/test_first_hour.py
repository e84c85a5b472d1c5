"""The first hour of a practice that begins empty: four fields, then one next step at a time; by keyboard, with axe."""

import re

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import text

from app.platform.caller import Caller
from app.platform.db import db
from app.practice.actions import staff as actions
from app.practice.facts.staff import Role
from app.web.starting import FIRST
from tests.support import make
from tests.support.browsers import arrived, faults_of
from tests.support.web import EMAIL, equipped

pytestmark = pytest.mark.browser


@pytest.fixture
def password(web_app, web_clock):
    """A practice as `scripts/start --empty` makes it; the password of its first person."""
    with web_app.app_context():
        caller = equipped(Caller(db.session(), make.PRACTICE_ID, web_clock, via="test"))
        caller.session.execute(text("UPDATE practice SET set_up = false, name = 'My practice'"))
        caller.session.commit()
        assert {Role.ADMINISTRATOR, Role.MANAGER} == FIRST
        return actions.add_staff(caller, EMAIL, "First administrator", FIRST)


def seen(page: Page, script: bool) -> None:
    """Nothing on the page keeps anybody out, and it fits the screen."""
    if script:
        assert faults_of(page) == []
        assert not page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth")


def sign_in(page: Page, served: str, password: str) -> None:
    """Sign in; the practice's page comes first."""
    page.goto(served)
    page.get_by_label("E-mail address").fill(EMAIL)
    page.get_by_label("Password").fill(password)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Your practice")


def fill_in(page: Page, script: bool) -> None:
    """Fill in the four fields, one of them wrongly at first."""
    page.get_by_label("Name").fill("Lakeside Dermatology")
    page.get_by_label("State").fill("tx")
    page.get_by_label("Group NPI").fill("123")
    page.keyboard.press("Enter")
    arrived(page, "Error: Your practice - Cleared")
    expect(page.get_by_label("Name")).to_have_value("Lakeside Dermatology")
    seen(page, script)
    page.get_by_label("Group NPI").fill(make.GROUP_NPI)
    page.get_by_role("button", name="Save").press("Enter")


@pytest.mark.parametrize("width", [390, 1280])
@pytest.mark.parametrize("script", [True, False], ids=["script", "no-script"])
def test_an_empty_practice_is_led_from_four_fields_to_its_first_file(chromium, served, password, width, script):
    # Given the first person of an empty practice, on the practice's page
    context = chromium.new_context(viewport={"width": width, "height": 800}, java_script_enabled=script)
    page = context.new_page()
    sign_in(page, served, password)
    seen(page, script)
    # When it is filled in, then the first next step is shown.
    fill_in(page, script)
    card = page.get_by_role("region", name="Next step")
    expect(card).to_contain_text("Step 1 of 6.")
    seen(page, script)
    # When payers are turned on, then the next step is the schedule, on the schedule's page too.
    card.get_by_role("link", name="Choose payers").press("Enter")
    arrived(page, re.compile("Rules|Payers"))
    seen(page, script)
    page.locator("main").get_by_role("checkbox").first.check()
    page.keyboard.press("Enter")
    expect(page.get_by_role("status").first).to_be_attached()
    page.goto(f"{served}/schedule")
    expect(card).to_contain_text("Step 2 of 6.")
    seen(page, script)
    card.get_by_role("link", name="Import schedule").press("Enter")
    arrived(page, re.compile("Imports"))
    seen(page, script)
    context.close()
