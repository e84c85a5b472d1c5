"""Tomorrow's coverages: looked over, one checked by hand by keyboard, its history read; all is accessible."""

import re
from datetime import timedelta

import pytest
from playwright.sync_api import expect

from app.eligibility.actions.answers import take_answer
from app.platform.caller import Caller
from app.platform.db import db
from app.practice.actions import staff as actions
from app.practice.facts.staff import Role
from tests.browser.test_pages import sign_in, too_wide
from tests.support import make
from tests.support.browsers import arrived, faults_of
from tests.support.desk import TODAY, Booking, Desk
from tests.support.eligible import procedure, ref, rejected, rejection, response, row
from tests.support.web import EMAIL, equipped

pytestmark = pytest.mark.browser
COVERAGE = make.an_id(50_001)
NAMES = ("Bauer", "Castillo", "Dubois", "Kowalski-Wiktoria", "Lindqvist")


def told(number, last, *rows, **values):
    """An answer about one of tomorrow's patients."""
    subscriber = {"member_id": f"W{number:08}", "last_name": last} | values.pop("subscriber", {})
    return response(*rows, subscriber=subscriber, **values)


@pytest.fixture
def tomorrow(web_app, web_clock):
    """A practice whose plans have answered in every way. Gives the id of the answer about the first."""
    with web_app.app_context():
        caller = equipped(Caller(db.session(), make.PRACTICE_ID, web_clock, via="test"))
        desk = Desk(caller).furnish()
        day = TODAY + timedelta(days=1)
        desk.book(*(Booking(8 + place / 2, last, "Otto", "office", day=day) for place, last in enumerate(NAMES)))
        desk.imported().judge()
        copay = row("B", ("98",), amount="25.00", period="27", in_network=True)
        left = row("C", ("30",), amount="320.50", period="29", messages=["IN NETWORK ONLY"])
        rows = (row(plan="GOLD PPO"), copay, left, procedure("96910", True))
        first = take_answer(caller, told(1, "BAUER", *rows, plan={"name": "GOLD", "ends": "2026-12-31"}), ref())
        take_answer(caller, told(2, "CASTILLO", status="inactive"), ref(2))
        failed = told(3, "DUBOIS")["subscriber"]
        take_answer(caller, rejected(rejection("75"), subscriber=failed), ref(3))
        named = [{"role": "PRP", "name": "SUNRISE ADVANTAGE", "last_name": None, "first_name": None}]
        take_answer(caller, told(4, "KOWALSKI-WIKTORIA", row(), row("R", entities=named)), ref(4))
        password = actions.add_staff(caller, EMAIL, "Kim Example", frozenset({Role.COORDINATOR}))
    return first.subject_id, password


def test_tomorrows_coverages_are_read_and_one_is_checked_by_keyboard(chromium, served, tomorrow, tmp_path):
    check, password = tomorrow
    context = chromium.new_context(viewport={"width": 1280, "height": 900})
    page = context.new_page()
    sign_in(page, served, password)
    page.keyboard.press("g")
    page.keyboard.press("e")
    arrived(page, "Eligibility - Cleared")
    expect(page.get_by_text("The plan says inactive")).to_have_count(2)  # the row, and the filter's choice
    page.get_by_role("link", name=re.compile("^By hand.*Lindqvist")).press("Enter")
    page.get_by_label("How the plan was asked").press("P")
    page.get_by_label("The plan says active").press("Space")
    page.get_by_role("button", name="Save check").press("Enter")
    expect(page.get_by_text("Check recorded.")).to_be_visible()
    faults = {}
    pages = {
        "list": "/eligibility",
        "form": f"/eligibility/check/{COVERAGE}",
        "history": f"/eligibility/coverages/{COVERAGE}",
        "check": f"/eligibility/checks/{check}",
    }
    for width in (1280, 390):
        page.set_viewport_size({"width": width, "height": 900})
        for name, address in pages.items():
            page.goto(served + address)
            page.screenshot(path=tmp_path / f"{name}-{width}.png", full_page=True)
            faults[name, width] = faults_of(page) + (["wider than the screen"] if too_wide(page) else [])
    context.close()
    assert {name: found for name, found in faults.items() if found} == {}
