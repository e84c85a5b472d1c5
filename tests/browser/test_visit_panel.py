"""A manager reads why a visit is blocked, lets it through by keyboard, asks what was shown, and takes it back."""

from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect

from app.platform.caller import Caller
from app.platform.db import db
from app.practice.actions import staff as actions
from app.practice.facts.staff import Role
from tests.support import make
from tests.support.browsers import arrived, faults_of, focused
from tests.support.desk import DAY, TODAY, Desk
from tests.support.web import EMAIL, equipped

pytestmark = pytest.mark.browser


@pytest.fixture
def booked(web_app, web_clock):
    """A furnished practice, a manager who may sign in. Gives visit ids by what is wrong with them, and the password."""
    with web_app.app_context():
        caller = equipped(Caller(db.session(), make.PRACTICE_ID, web_clock, via="test"))
        desk = Desk(caller).furnish()
        ids = desk.book(*DAY)
        for number, days in enumerate((20, 40, 130)):
            desk._visit(DAY[1], make.an_id(10_002), 45_000 + number, TODAY + timedelta(days=days))
        desk.session.commit()
        desk.imported().judge()
        password = actions.add_staff(caller, EMAIL, "Kim Example", frozenset({Role.MANAGER, Role.COORDINATOR}))
    names = ("cleared", "blocked", "waiting", "at_risk", "not_checked", "none")
    return dict(zip(names, (ids[1], ids[2], ids[3], ids[4], ids[6], ids[9]), strict=True)), password


def enter(page: Page, served: str, password: str) -> None:
    """Sign in."""
    page.goto(served)
    page.get_by_label("E-mail address").fill(EMAIL)
    page.get_by_label("Password").fill(password)
    page.keyboard.press("Enter")
    arrived(page, "Today - Cleared")


def tab_to(page: Page, words: str) -> None:
    """Press Tab until the thing in focus says these words."""
    for _ in range(80):
        page.keyboard.press("Tab")
        here = focused(page)
        if words in (here["text"] or here["id"]):
            return
    raise AssertionError(f"Tab never reaches {words}")


def test_a_visit_is_let_through_by_keyboard_and_taken_back(page, served, booked):
    visits, password = booked
    enter(page, served, password)
    page.goto(f"{served}/visits/{visits['none']}")
    tab_to(page, "Accept the risk")
    page.keyboard.press("Enter")
    arrived(page, "Accept the risk - Cleared")
    tab_to(page, "reason")
    page.keyboard.type("ok")
    tab_to(page, "Accept the risk")
    page.keyboard.press("Enter")
    arrived(page, "Error: Accept the risk - Cleared")
    expect(page.get_by_label("Reason")).to_have_value("ok")
    page.get_by_label("Reason").fill("Medical director agreed.")
    tab_to(page, "Accept the risk")
    page.keyboard.press("Enter")
    expect(page.locator(".verdict").get_by_text("Accepted risk")).to_be_visible()
    expect(page.locator(".verdict")).to_contain_text("Kim Example let it through on Mon 03/02/2026")
    page.get_by_label("What did we show on").fill("t")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Mon 03/02/2026")).to_be_visible()
    expect(page.get_by_text("With what is on file now we would answer the same.")).to_be_visible()
    tab_to(page, "Withdraw the accepted risk")
    page.keyboard.press("Enter")
    expect(page.locator(".verdict").get_by_text("Blocked")).to_be_visible()
    expect(page.get_by_text("The accepted risk is withdrawn.")).to_be_visible()


@pytest.mark.parametrize("width", [320, 390, 1280])
def test_the_panel_is_accessible_and_fits_the_screen(chromium, served, booked, tmp_path, width):
    visits, password = booked
    context = chromium.new_context(viewport={"width": width, "height": 800})
    page = context.new_page()
    enter(page, served, password)
    accept(page, served, visits["none"])
    addresses = {name: f"/visits/{visit}?shown_on=t" for name, visit in visits.items()}
    addresses |= {"form": f"/visits/{visits['blocked']}/accept-risk", "beside": f"/schedule?visit={visits['cleared']}"}
    faults = {}
    for name, address in addresses.items():
        page.goto(served + address)
        page.screenshot(path=tmp_path / f"panel-{name}-{width}.png", full_page=True)
        wide = page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth")
        faults[name] = faults_of(page) + (["wider than the screen"] if wide else [])
    context.close()
    assert {name: found for name, found in faults.items() if found} == {}


@pytest.mark.parametrize("look", [{"color_scheme": "dark"}, {"forced_colors": "active"}], ids=["dark", "forced colors"])
def test_the_drawings_stay_visible_in_the_dark_and_in_forced_colors(chromium, served, booked, look):
    visits, password = booked
    context = chromium.new_context(viewport={"width": 800, "height": 800}, **look)
    page = context.new_page()
    enter(page, served, password)
    page.goto(f"{served}/visits/{visits['cleared']}")
    assert faults_of(page) == []
    ground = page.evaluate("getComputedStyle(document.querySelector('.panel')).backgroundColor")
    for mark in ("unit-used", "unit-booked", "unit-short", "life-booked", "life-outside", "life-today"):
        drawn = page.evaluate(f"getComputedStyle(document.querySelector('.{mark}')).stroke")
        assert drawn not in ("none", ground), mark
    context.close()


def test_the_panel_prints_its_verdict_and_units_and_no_buttons(chromium, served, booked):
    visits, password = booked
    context = chromium.new_context(viewport={"width": 800, "height": 800})
    page = context.new_page()
    enter(page, served, password)
    page.emulate_media(media="print")
    page.goto(f"{served}/visits/{visits['cleared']}")
    expect(page.locator(".units-strip").first).to_be_visible()
    expect(page.locator(".life-bar").first).to_be_visible()
    expect(page.locator(".do-next").first).to_be_hidden()
    context.close()


def accept(page: Page, served: str, visit: object) -> None:
    """Let a visit through."""
    page.goto(f"{served}/visits/{visit}/accept-risk")
    page.get_by_label("Reason").fill("Medical director agreed.")
    page.get_by_role("button", name="Accept the risk").click()
    expect(page.locator(".verdict").get_by_text("Accepted risk")).to_be_visible()
