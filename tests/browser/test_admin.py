"""An administrator sets the practice up, adds a person and checks a site; every page is accessible, light and dark."""

import re

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import text

from app.platform.caller import Caller
from app.platform.db import db
from app.practice.actions import practice as actions
from app.practice.actions import staff as staffing
from app.practice.facts.practice import Network
from app.practice.facts.staff import Role
from app.values.spans import DateSpan
from tests.support import make
from tests.support.browsers import arrived, faults_of
from tests.support.desk import MAIN, PAYER, RIVERA, TODAY, Desk
from tests.support.web import EMAIL, equipped

pytestmark = pytest.mark.browser
ADDRESSES = {
    "admin": "/admin",
    "backups": "/admin/backups",
    "jobs": "/admin/jobs",
    "sites": "/admin/sites",
    "site": f"/admin/sites/{MAIN}",
    "providers": "/admin/providers",
    "new-provider": "/admin/providers/new",
    "participation": "/admin/participation",
    "tokens": "/admin/tokens",
    "new-token": "/admin/tokens/new",
    "api": "/api/v1/docs",
    "users": "/admin/users",
    "new-user": "/admin/users/new",
    "setup": "/setup",
    "settings": "/settings",
    "keys": "/keys",
}


@pytest.fixture
def password(web_app, web_clock):
    """A furnished practice with a site to check and a word on participation; the password of its administrator."""
    with web_app.app_context():
        caller = equipped(Caller(db.session(), make.PRACTICE_ID, web_clock, via="test"))
        Desk(caller).furnish()
        caller.session.execute(text("UPDATE site SET unreviewed = true WHERE name = 'Main Street'"))
        caller.session.commit()
        actions.record_participation(caller, PAYER, None, RIVERA, Network.IN, DateSpan(TODAY, None))
        return staffing.add_staff(caller, EMAIL, "Kim Example", frozenset({Role.ADMINISTRATOR}))


def enter(page: Page, served: str, password: str, address: str) -> None:
    """Sign in on the way to an address."""
    page.goto(served + address)
    page.get_by_label("E-mail address").fill(EMAIL)
    page.get_by_label("Password").fill(password)
    page.keyboard.press("Enter")
    expect(page.locator(".top-bar")).to_be_visible()


def test_an_administrator_checks_a_site_and_adds_a_person_by_keyboard(page, served, password):
    enter(page, served, password, "/admin")
    page.get_by_role("link", name="Sites").press("Enter")
    expect(page.get_by_text("Made by an import: check it")).to_be_visible()
    page.get_by_role("link", name="Main Street").press("Enter")
    page.get_by_label("State").fill("Texas")
    page.get_by_role("button", name="Save as checked").press("Enter")
    arrived(page, "Error: Site - Cleared")
    expect(page.get_by_label("State")).to_have_value("Texas")
    page.get_by_label("State").fill("TX")
    page.get_by_role("button", name="Save as checked").press("Enter")
    expect(page.get_by_text("The site is saved.")).to_be_visible()
    expect(page.get_by_text("Made by an import: check it")).to_have_count(0)
    page.goto(f"{served}/admin/users/new")
    page.get_by_label("Name").fill("Jo Park")
    page.get_by_label("E-mail address").fill("jo@example.test")
    page.get_by_label(re.compile("^Scheduler")).press("Space")
    page.get_by_role("button", name="Invite").press("Enter")
    expect(page.locator(".secret")).to_have_text(re.compile(r"\S{15,}"))


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [320, 390, 1280])
def test_every_page_of_admin_is_accessible_and_fits_the_screen(chromium, served, password, tmp_path, width, scheme):
    context = chromium.new_context(viewport={"width": width, "height": 800}, color_scheme=scheme)
    page = context.new_page()
    enter(page, served, password, "/admin")
    faults = {}
    for name, address in ADDRESSES.items():
        page.goto(served + address)
        expect(page.locator(".top-bar")).to_be_visible()
        page.screenshot(path=tmp_path / f"{name}-{width}-{scheme}.png", full_page=True)
        wide = page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth")
        faults[name] = faults_of(page) + (["wider than the screen"] if wide else [])
    context.close()
    assert {name: found for name, found in faults.items() if found} == {}
