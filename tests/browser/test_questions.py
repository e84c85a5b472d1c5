"""A coordinator answers the biggest question by keyboard, with and without script; every page is accessible."""

import os
from pathlib import Path

import pytest
from playwright.sync_api import expect

from app.platform.caller import Caller
from app.platform.db import db
from app.practice.actions import staff as actions
from app.practice.facts.staff import Role
from app.web.wiring import wire
from tests.support import make
from tests.support.browsers import arrived, faults_of, focused
from tests.support.desk import Desk
from tests.support.web import EMAIL, equipped
from tests.web.questions.support import every_kind

pytestmark = pytest.mark.browser


@pytest.fixture
def open_questions(web_app, web_clock):
    """A practice that asks every kind of question. Gives the password of a coordinator."""
    wire()
    with web_app.app_context():
        caller = equipped(Caller(db.session(), make.PRACTICE_ID, web_clock, via="test"))
        every_kind(Desk(caller).furnish())
        return actions.add_staff(caller, EMAIL, "Kim Example", frozenset({Role.COORDINATOR}))


def enter(page, served, password):
    """Sign in and open the list of questions."""
    page.goto(served)
    page.get_by_label("E-mail address").fill(EMAIL)
    page.get_by_label("Password").fill(password)
    page.keyboard.press("Enter")
    arrived(page, "Today - Cleared")
    page.goto(f"{served}/questions")


def press_to(page, name):
    """Press Tab until the thing in focus has an id or a text that begins as given."""
    for _ in range(120):
        page.keyboard.press("Tab")
        here = focused(page)
        if here["id"] == name or here["text"].startswith(name):
            return
    raise AssertionError(f"Tab never reaches {name}")


def test_the_biggest_question_is_answered_by_keyboard(page, served, open_questions):
    enter(page, served, open_questions)
    press_to(page, "Record answer")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text(
        "Does Acme Health need approval for 11102 (Skin biopsies)?"
    )
    press_to(page, "need-not_required")
    page.keyboard.press("Space")
    page.keyboard.press("Enter")
    expect(page.locator("#basis-error")).to_be_visible()
    expect(page.locator("#need-not_required")).to_be_checked()
    press_to(page, "basis")
    page.keyboard.type("Look-up tool")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("3 visits answered: 3 cleared")
    press_to(page, "Undo")
    page.keyboard.press("Enter")
    expect(page.get_by_text("The answer was taken back.")).to_be_visible()


@pytest.mark.parametrize("width", [320, 390, 1280])
def test_every_page_of_questions_is_accessible_and_fits_the_screen(chromium, served, open_questions, tmp_path, width):
    pictures = Path(os.environ.get("PICTURES", tmp_path))
    context = chromium.new_context(viewport={"width": width, "height": 900})
    page = context.new_page()
    enter(page, served, open_questions)
    addresses = {"list": f"{served}/questions", "one_kind": f"{served}/questions?kind=coverage"}
    for kind in page.locator("a.kind[id]").all():
        name = kind.get_attribute("id")
        if name != "kind":
            addresses[name] = None
    for name in [one for one, address in addresses.items() if address is None]:
        page.goto(f"{served}/questions?kind={name}")
        addresses[name] = served + str(page.locator("td.do a").first.get_attribute("href"))
    assert len(addresses) == 11
    for name, address in addresses.items():
        page.goto(address)
        look(page, width, pictures / f"questions_{name}_{width}.png")
    page.goto(addresses["need"])
    page.get_by_role("button", name="Record answer").click()
    arrived(page, "Error: Question - Cleared")
    look(page, width, pictures / f"questions_error_{width}.png")
    page.get_by_label("Approval needed", exact=True).check()
    page.get_by_label("On what it rests").fill("Look-up tool of Acme Health")
    page.get_by_role("button", name="Record answer").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("3 visits answered: 3 blocked")
    look(page, width, pictures / f"questions_answered_{width}.png")
    context.close()


def look(page, width, picture):
    """Take a picture, and hold the page to the rules of accessibility and to the width of the screen."""
    page.screenshot(path=picture, full_page=True)
    assert faults_of(page) == [], picture.name
    assert page.evaluate("document.documentElement.scrollWidth") <= width, picture.name
