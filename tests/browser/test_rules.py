"""A coordinator turns on payers and confirms routine services by keyboard; the pages of rules are accessible.

Screenshots go to the test's own folder.
"""


import pytest
from playwright.sync_api import Page, expect

from app.platform.caller import Caller
from app.platform.db import db
from app.policies.actions.payers import choose_payers
from app.practice import actions
from app.practice.facts import Role
from tests.support import make
from tests.support.browsers import faults_of
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
