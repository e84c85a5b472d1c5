"""A person signs in, mends a mistake, fills in the practice's page, and signs out; by keyboard, without script too."""

import pytest
from playwright.sync_api import Page, expect

from app.platform.caller import Caller
from app.platform.db import db
from app.practice.actions import staff as actions
from app.practice.facts.staff import Role
from tests.support import make
from tests.support.browsers import arrived, faults_of
from tests.support.web import EMAIL, equipped

pytestmark = pytest.mark.browser


@pytest.fixture
def password(web_app, web_clock):
    """The password of an administrator who may sign in."""
    with web_app.app_context():
        caller = equipped(Caller(db.session(), make.PRACTICE_ID, web_clock, via="test"))
        return actions.add_staff(caller, EMAIL, "Kim Example", frozenset({Role.ADMINISTRATOR}))


def _sign_in(page: Page, password: str) -> None:
    page.get_by_label("E-mail address").fill(EMAIL)
    page.keyboard.press("Tab")
    page.keyboard.type(password)
    page.keyboard.press("Enter")


def test_a_person_signs_in_by_keyboard_and_out_again(page, served, password):
    page.goto(f"{served}/setup")
    arrived(page, "Sign in - Cleared")
    _sign_in(page, "a wrong password")
    arrived(page, "Error: Sign in - Cleared")
    expect(page.get_by_role("alert")).to_contain_text("do not belong together")
    expect(page.get_by_label("E-mail address")).to_have_value(EMAIL)
    _sign_in(page, password)
    expect(page.get_by_role("heading", level=1)).to_have_text("Your practice")
    page.get_by_label("Name").fill("Lakeside")
    page.get_by_role("button", name="Save").press("Enter")
    expect(page.get_by_text("Lakeside").first).to_be_visible()
    page.locator(".top-bar summary").press("Enter")
    page.get_by_role("button", name="Sign out").press("Enter")
    arrived(page, "Sign in - Cleared")


@pytest.mark.parametrize("width", [320, 1280])
def test_the_first_pages_are_accessible_and_fit_the_screen(chromium, served, password, width):
    context = chromium.new_context(viewport={"width": width, "height": 700})
    page = context.new_page()
    page.goto(f"{served}/setup")
    seen = [("sign-in", faults_of(page), _too_wide(page))]
    _sign_in(page, "a wrong password")
    arrived(page, "Error: Sign in - Cleared")
    seen.append(("refused", faults_of(page), _too_wide(page)))
    _sign_in(page, password)
    expect(page.get_by_role("heading", level=1)).to_have_text("Your practice")
    seen.append(("setup", faults_of(page), _too_wide(page)))
    context.close()
    assert [one for one in seen if one[1] or one[2]] == []


def _too_wide(page: Page) -> bool:
    return bool(page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"))
