"""A coordinator's day from Today and the schedule: tick, assign, undo, ask, answer, print; by keyboard, and accessible.

With `PICTURES` set, screenshots go to the test's own folder.
"""

import re
from dataclasses import replace
from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect

from app.platform.caller import Caller
from app.platform.db import db
from app.practice.actions import staff as actions
from app.practice.facts.staff import Role, Staff
from app.practice.store import staff as practice_store
from tests.support import make
from tests.support.browsers import arrived, faults_of
from tests.support.desk import DAY, TODAY, Desk
from tests.support.web import EMAIL, equipped


@pytest.fixture
def day(web_app, web_clock):
    """Visits of two days, a colleague, and a coordinator who may sign in. Gives today's visits and a password."""
    with web_app.app_context():
        caller = equipped(Caller(db.session(), make.PRACTICE_ID, web_clock, via="test"))
        desk = Desk(caller).furnish()
        visits = desk.book(*DAY)
        desk.book(*(replace(one, day=TODAY + timedelta(days=1)) for one in DAY))
        desk.imported(26).judge()
        lee = Staff(make.an_id(901), make.PRACTICE_ID, "lee@example.test", "Lee Example", frozenset({Role.COORDINATOR}))
        practice_store.add_staff(desk.session, make.PRACTICE_ID, lee, "not a hash")
        desk.session.commit()
        password = actions.add_staff(caller, EMAIL, "Kim Example", frozenset({Role.COORDINATOR}))
    return visits, password


def sign_in(page: Page, served: str, password: str) -> None:
    """Sign in; a coordinator lands on Today."""
    page.goto(served)
    page.get_by_label("E-mail address").fill(EMAIL)
    page.get_by_label("Password").fill(password)
    page.keyboard.press("Enter")
    arrived(page, "Today - Cleared")


def test_visits_are_ticked_assigned_and_given_back_by_single_keys(chromium, served, day):
    _visits, password = day
    context = chromium.new_context()
    page = context.new_page()
    sign_in(page, served, password)
    page.goto(f"{served}/schedule?badge=blocked")
    for key in ("j", "x", "j", "x"):
        page.keyboard.press(key)
    expect(page.get_by_text("2 of 3 ticked")).to_be_visible()
    page.keyboard.press("a")
    expect(page.get_by_label("Assign to")).to_be_focused()
    page.keyboard.type("Lee")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_text("2 visits assigned to Lee Example.")).to_be_visible()
    arrived(page, at=re.compile(r"badge=blocked"))
    expect(page.locator("td.owner", has_text="Lee Example")).to_have_count(2)
    page.get_by_role("button", name="Undo").press("Enter")
    expect(page.get_by_text("Taken back for 2 visits.")).to_be_visible()
    expect(page.locator("td.owner", has_text="Lee Example")).to_have_count(0)
    context.close()


def test_back_returns_to_the_row_and_brackets_turn_the_day(chromium, served, day):
    visits, password = day
    context = chromium.new_context()
    page = context.new_page()
    sign_in(page, served, password)
    page.goto(f"{served}/schedule?badge=blocked")
    page.locator(f"#v-{visits[2]}").focus()
    page.keyboard.press("q")
    expect(page.get_by_role("heading", name="Ask coordinator")).to_be_visible()
    page.go_back()
    expect(page.locator(f"#v-{visits[2]}")).to_be_focused()
    page.keyboard.press("]")
    expect(page.get_by_role("heading", name="Tue 03/03/2026")).to_be_visible()
    context.close()


def test_a_question_goes_round_and_a_visit_leaves_insurance(page, served, day):
    visits, password = day
    sign_in(page, served, password)
    page.goto(f"{served}/visits/{visits[2]}/ask")
    page.get_by_label("Note").fill("Did the plan extend it?")
    page.get_by_role("button", name="Ask", exact=True).press("Enter")
    expect(page.get_by_text("Asked about 1 visit.")).to_be_visible()
    page.goto(f"{served}/today")
    page.get_by_label(re.compile("^Answer")).fill("No, until Friday only.")
    page.get_by_role("button", name=re.compile("Send answer")).press("Enter")
    expect(page.get_by_text("No, until Friday only.")).to_be_visible()
    page.goto(f"{served}/schedule?badge=blocked")
    page.locator('input[name="tick"]').first.check()
    page.get_by_role("button", name="Mark self-pay").press("Enter")
    expect(page.get_by_role("heading", name="Is this right? 1 visit marked self-pay")).to_be_visible()
    page.get_by_role("button", name="Yes, mark 1 visit self-pay").press("Enter")
    expect(page.get_by_text("1 visit marked self-pay.")).to_be_visible()
    expect(page.locator("tr.visit")).to_have_count(2)


def test_tomorrow_is_printed_one_site_a_sheet(chromium, served, day):
    context = chromium.new_context(viewport={"width": 1000, "height": 800})
    page = context.new_page()
    page.add_init_script("window.print = () => { document.title += ' (printing)'; }")
    sign_in(page, served, day[1])
    page.goto(f"{served}/schedule?day=2026-03-03")
    page.keyboard.press("p")
    arrived(page, "Print list - Cleared")
    page.get_by_label("Initials instead of names").check()
    page.get_by_role("button", name="Print list").press("Enter")
    arrived(page, "Printed list - Cleared (printing)")
    page.emulate_media(media="print")
    expect(page.locator(".sheet")).to_have_count(2)
    expect(page.locator(".sheet").first).to_have_css("break-after", "page")
    expect(page.locator(".side-bar")).to_be_hidden()
    expect(page.locator(".sheet-foot").first).to_contain_text("Printed 03/02/2026 10:00 AM by Kim Example")
    expect(page.locator(".sheet .visit-badge-blocked").first).to_have_css("background-color", "rgba(0, 0, 0, 0)")
    expect(page.get_by_text("Castillo")).to_have_count(0)
    context.close()


@pytest.mark.parametrize("width", [320, 390, 1280])
def test_every_page_of_the_day_is_accessible_and_fits_the_screen(chromium, served, day, tmp_path, width):
    visits, password = day
    context = chromium.new_context(viewport={"width": width, "height": 900})
    page = context.new_page()
    sign_in(page, served, password)
    pages = {
        "today": "/today",
        "schedule": "/schedule",
        "narrowed": "/schedule?owner=nobody&badge=blocked",
        "print": "/schedule/print?day=2026-03-03",
        "ask": f"/visits/{visits[2]}/ask",
        "several": f"/schedule/ask?visit={visits[1]}&visit={visits[3]}",
        "self-pay": f"/schedule/self-pay?visit={visits[1]}&visit={visits[3]}",
    }
    faults = {}
    for name, address in pages.items():
        page.goto(served + address)
        page.screenshot(path=tmp_path / f"{name}-{width}.png", full_page=True)
        faults[name] = faults_of(page) + (["wider than the screen"] if too_wide(page) else [])
    page.goto(served + "/schedule/print?day=2026-03-03")
    page.get_by_role("button", name="Print list").click()
    expect(page.get_by_role("heading", name="Printed list")).to_be_visible()
    page.screenshot(path=tmp_path / f"printed-{width}.png", full_page=True)
    faults["printed"] = faults_of(page) + (["wider than the screen"] if too_wide(page) else [])
    context.close()
    assert {name: found for name, found in faults.items() if found} == {}


def too_wide(page: Page) -> bool:
    """Say whether the page scrolls sideways."""
    return bool(page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"))
