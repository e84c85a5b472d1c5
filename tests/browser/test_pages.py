"""A scheduler walks the day by keyboard, reads why, returns to the row, and asks the finder; all is accessible.

`README_SCREENSHOT=1` writes the README's: app/static/img/schedule.png.
"""

import os
import re

import pytest
from playwright.sync_api import Page, expect

from app.platform.caller import Caller
from app.platform.db import db
from app.practice.actions import staff as actions
from app.practice.facts.staff import Role
from tests.support import make
from tests.support.browsers import arrived, faults_of, focused
from tests.support.desk import DAY, Desk
from tests.support.source import ROOT
from tests.support.web import EMAIL, equipped

pytestmark = pytest.mark.browser
README_PICTURE = ROOT / "app/static/img/schedule.png"
ADDRESSES = {
    "schedule": "/schedule",
    "week": "/schedule?span=week",
    "filtered": "/schedule?badge=waiting",
    "empty": "/schedule?day=2026-05-04",
    "unread": "/schedule?day=tomorrow",
    "finder": "/finder",
    "required": "/finder?payer=medicare_ffs&code=J0585&with=64615&pos=22&state=TX",
    "criteria": "/finder?payer=texas_medicaid&drug=dupixent&dx=L20.9",
    "unknown": "/finder?payer=aetna&code=99999",
    "choose": "/finder?payer=aetna&what=eczema&dx=psoriasis",
    "compare": "/finder?payer=texas_medicaid&against=aetna&drug=dupixent&dx=L20.9",
    "paper": "/finder/print?payer=medicare_ffs&code=J0585&with=64615&pos=22&state=TX",
    "faulty": "/finder?payer=aetna&code=9x",
}


@pytest.fixture
def blocked(web_app, web_clock):
    """A furnished practice with a day of visits and a scheduler who may sign in. Gives a blocked visit's id."""
    with web_app.app_context():
        caller = equipped(Caller(db.session(), make.PRACTICE_ID, web_clock, via="test"))
        desk = Desk(caller).furnish()
        ids = desk.book(*DAY)
        desk.imported().judge()
        password = actions.add_staff(caller, EMAIL, "Kim Example", frozenset({Role.SCHEDULER}))
    return ids[2], password


def sign_in(page: Page, served: str, password: str) -> None:
    """Sign in by keyboard; a scheduler lands on Today, from which the schedule is one step."""
    page.goto(served)
    page.get_by_label("E-mail address").focus()
    page.keyboard.type(EMAIL)
    page.keyboard.press("Tab")
    page.keyboard.type(password)
    page.keyboard.press("Enter")
    arrived(page, "Today - Cleared")
    page.goto(f"{served}/schedule")


def tab_to(page: Page, wanted: re.Pattern) -> None:
    """Press Tab until the thing in focus has a name that fits."""
    for _ in range(60):
        page.keyboard.press("Tab")
        here = focused(page)
        if wanted.search(here["text"] or here["id"]):
            return
    raise AssertionError(f"Tab never reaches {wanted.pattern}")


def test_a_scheduler_walks_from_the_day_to_the_reason_and_back_by_keyboard(page, served, blocked):
    visit, password = blocked
    sign_in(page, served, password)
    tab_to(page, re.compile(r"^3\s+Blocked"))
    page.keyboard.press("Enter")
    expect(page.locator("tr.visit")).to_have_count(3)
    tab_to(page, re.compile(r"^Why.*Castillo", re.DOTALL))
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Why")).to_be_visible()
    expect(page.get_by_text("Ask Acme Health to extend it").first).to_be_visible()
    tab_to(page, re.compile("Back to the list"))
    page.keyboard.press("Enter")
    expect(page.locator(".panel")).to_have_count(0)
    expect(page.locator("tr.visit")).to_have_count(3)
    expect(page.locator(f"#v-{visit}")).to_be_focused()


def test_escape_closes_the_panel_and_focus_returns_to_the_row(chromium, served, blocked):
    visit, password = blocked
    context = chromium.new_context()
    page = context.new_page()
    sign_in(page, served, password)
    page.locator(f"#v-{visit}").press("Enter")
    expect(page.get_by_role("heading", name="Why")).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.locator(f"#v-{visit}")).to_be_focused()
    context.close()


def test_the_finder_is_asked_by_keyboard(page, served, blocked):
    sign_in(page, served, blocked[1])
    tab_to(page, re.compile("Finder"))
    page.keyboard.press("Enter")
    arrived(page, "Finder - Cleared")
    tab_to(page, re.compile("^payer$"))
    page.keyboard.type("Nobody Mutual")
    page.keyboard.press("Tab")
    page.keyboard.type("96910")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Not known")).to_be_visible()
    arrived(page, at=re.compile(r"payer=Nobody\+Mutual&what=96910"))


def test_words_are_chosen_compared_and_printed_by_keyboard(page, served, blocked):
    sign_in(page, served, blocked[1])
    page.goto(f"{served}/finder")
    tab_to(page, re.compile("^payer$"))
    page.keyboard.type("texas_medicaid")
    page.keyboard.press("Tab")
    page.keyboard.type("eczema shot")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Did you mean")).to_be_visible()
    tab_to(page, re.compile("^Dupixent$"))
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Did you mean")).to_have_count(0)
    arrived(page, at=re.compile(r"payer=texas_medicaid&drug=drug"))
    expect(page.locator("#what")).to_have_value("Dupixent")
    page.get_by_label("Compare with").focus()
    page.keyboard.type("aetna")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Dupixent: two payers")).to_be_visible()
    tab_to(page, re.compile("^Print view$"))
    page.keyboard.press("Enter")
    arrived(page, "Finder, to print - Cleared")
    expect(page.get_by_text("by Kim Example")).to_be_visible()


@pytest.mark.parametrize("width", [320, 390, 1280])
def test_every_page_is_accessible_and_fits_the_screen(chromium, served, blocked, tmp_path, width):
    visit, password = blocked
    context = chromium.new_context(viewport={"width": width, "height": 800})
    page = context.new_page()
    sign_in(page, served, password)
    addresses = ADDRESSES | {"panel": f"/schedule?visit={visit}", "visit": f"/visits/{visit}"}
    faults = {}
    for name, address in addresses.items():
        page.goto(served + address)
        page.screenshot(path=tmp_path / f"{name}-{width}.png", full_page=width < 1280)
        faults[name] = faults_of(page) + (["wider than the screen"] if too_wide(page) else [])
    if width == 1280 and os.environ.get("README_SCREENSHOT"):
        page.set_viewport_size({"width": 1200, "height": 680})
        page.goto(served + addresses["panel"])
        page.screenshot(path=README_PICTURE)
    context.close()
    assert {name: found for name, found in faults.items() if found} == {}


def test_text_of_twice_the_size_loses_nothing(chromium, served, blocked):
    context = chromium.new_context(viewport={"width": 1280, "height": 800})
    page = context.new_page()
    sign_in(page, served, blocked[1])
    for address in ("/schedule", f"/schedule?visit={blocked[0]}", ADDRESSES["required"]):
        page.goto(served + address)
        page.evaluate("document.documentElement.style.fontSize = '200%'")
        assert not too_wide(page), address
        assert page.evaluate(CUT) == [], address
    context.close()


def test_print_keeps_shape_and_word_and_drops_what_cannot_be_used_on_paper(chromium, served, blocked):
    context = chromium.new_context(viewport={"width": 1000, "height": 800})
    page = context.new_page()
    sign_in(page, served, blocked[1])
    page.emulate_media(media="print")
    badge = page.locator("tr.visit .visit-badge-blocked").first
    expect(badge).to_have_text("Blocked")
    expect(badge.locator("svg")).to_be_visible()
    expect(badge).to_have_css("background-color", "rgba(0, 0, 0, 0)")
    expect(page.locator(".side-bar")).to_be_hidden()
    expect(page.get_by_text("Printed 03/02/2026 10:00 AM by Kim Example")).to_be_visible()
    context.close()


CUT = """[...document.querySelectorAll('td, th, .visit-badge, dd')]
  .filter(one => one.offsetParent && !one.closest('.visually-hidden') && one.scrollWidth > one.clientWidth + 1)
  .map(one => one.className + ': ' + one.textContent.trim().slice(0, 40))"""
"""Cells whose content does not fit in them."""


def too_wide(page: Page) -> bool:
    """Say whether the page scrolls sideways."""
    return bool(page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"))
