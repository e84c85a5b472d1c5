"""A coordinator works the list of cases by keyboard, finds a command, and reads every view on three screens."""

import re
from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect

from app.authorizations.facts import Status
from app.casework.facts.casebook import case_code
from app.platform.caller import Caller
from app.platform.db import db
from app.practice.actions import staff as actions
from app.practice.facts.staff import Role
from app.practice.store import staff as practice_store
from tests.support import make
from tests.support.browsers import arrived, faults_of
from tests.support.casebook import Cases, one_of_each
from tests.support.desk import DAY, TODAY, Desk
from tests.support.web import EMAIL, equipped

pytestmark = pytest.mark.browser


@pytest.fixture
def desk(web_app, web_clock):
    """Cases of every view, and a coordinator who may sign in. Gives the password and the cases by view."""
    with web_app.app_context():
        caller = equipped(Caller(db.session(), make.PRACTICE_ID, web_clock, via="test"))
        desk = Desk(caller).furnish()
        desk.book(*DAY[:4])
        desk.imported().judge()
        password = actions.add_staff(caller, EMAIL, "Kim Example", frozenset({Role.COORDINATOR, Role.MANAGER}))
        me = next(one.id for one in practice_store.staff_of(caller.session, caller.practice_id) if one.email == EMAIL)
        cases = Cases(desk)
        made = one_of_each(cases, me)
        cases.add(Status.MORE_INFO, due=TODAY - timedelta(days=2), urgent=True, number="PA-77-LONG-0042")
        cases.listed()
    return password, made


def enter(page: Page, served: str, password: str) -> None:
    """Sign in and open the list."""
    page.goto(served)
    page.get_by_label("E-mail address").fill(EMAIL)
    page.get_by_label("Password", exact=True).fill(password)
    page.keyboard.press("Enter")
    arrived(page, "Today - Cleared")


def test_cases_are_worked_by_keyboard(chromium, served, desk):
    context = chromium.new_context()
    page = context.new_page()
    enter(page, served, desk[0])
    page.keyboard.press("g")
    page.keyboard.press("c")
    arrived(page, "Cases - Cleared")
    page.goto(f"{served}/cases?view=unassigned")
    page.keyboard.press("j")
    page.keyboard.press("x")
    expect(page.get_by_text("1 of 8 ticked")).to_be_visible()
    page.keyboard.press("a")
    expect(page.get_by_label("Assign to")).to_be_focused()
    page.keyboard.type("Kim")
    page.get_by_role("button", name="Assign", exact=True).press("Enter")
    expect(page.get_by_text("1 case assigned to Kim Example.")).to_be_visible()
    expect(page.locator("tr[data-row]")).to_have_count(7)
    page.keyboard.press("u")
    expect(page.get_by_text("Taken back for 1 case.")).to_be_visible()
    expect(page.locator("tr[data-row]")).to_have_count(8)
    context.close()


def test_a_command_is_found_by_what_it_is_called(chromium, served, desk):
    context = chromium.new_context()
    page = context.new_page()
    enter(page, served, desk[0])
    page.goto(f"{served}/cases")
    page.keyboard.press("Control+k")
    expect(page.get_by_role("dialog", name="Commands")).to_be_visible()
    assert faults_of(page) == []
    page.keyboard.type("assign")
    page.keyboard.press("Enter")
    expect(page.get_by_label("Assign to")).to_be_focused()
    page.keyboard.press("Control+k")
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog", name="Commands")).to_be_hidden()
    page.get_by_role("link", name=case_code(desk[1]["week"])).press("Enter")
    arrived(page, at=re.compile(r"/cases/[0-9a-f-]{36}"))
    context.close()


@pytest.mark.parametrize("width", [320, 390, 1280])
def test_lists_of_cases_are_accessible_and_fit_the_screen(chromium, served, desk, tmp_path, width):
    context = chromium.new_context(viewport={"width": width, "height": 800})
    page = context.new_page()
    enter(page, served, desk[0])
    addresses = {
        "today": "/today", "open": "/cases", "all": "/cases?view=all", "empty": "/cases?view=provider",
        "none": "/cases?payer=aetna", "call": f"/cases/call?case={desk[1]['payer']}&case={desk[1]['info']}",
    }  # fmt: skip
    faults = {}
    for name, address in addresses.items():
        page.goto(served + address)
        page.screenshot(path=tmp_path / f"{name}-{width}.png", full_page=width < 1280)
        wide = page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth")
        faults[name] = faults_of(page) + (["wider than the screen"] if wide else [])
    context.close()
    assert {name: found for name, found in faults.items() if found} == {}
