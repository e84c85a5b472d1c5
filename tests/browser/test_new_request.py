"""A coordinator writes a request by keyboard alone: what the payer asks stands beside it, and what is typed is kept.

With `PICTURES` set, screenshots go to the test's own folder, at each width.
"""

import re

import pytest
from playwright.sync_api import APIResponse, Page, Route, expect

from app.platform.caller import Caller
from app.platform.db import db
from app.policies.facts.answers import Need
from app.practice.actions import staff as actions
from app.practice.facts.staff import Role
from tests.support import make
from tests.support.browsers import arrived, faults_of, focused, runs_script
from tests.support.desk import Booking, Desk
from tests.support.web import EMAIL, equipped

pytestmark = pytest.mark.browser
WIDTHS = (1280, 390, 320)


@pytest.fixture
def password(web_app, web_clock):
    """A patient without approval, a payer that asks for Mohs, and a coordinator who may sign in."""
    with web_app.app_context():
        caller = equipped(Caller(db.session(), make.PRACTICE_ID, web_clock, via="test"))
        desk = Desk(caller).furnish()
        desk.book(Booking(8, "Bauer", "Otto", "none"))
        desk.rule(62, Need.REQUIRED, "17311", "17312", "17315", "14060")
        desk.session.commit()
        desk.judge()
        return actions.add_staff(caller, EMAIL, "Kim Example", frozenset({Role.COORDINATOR}))


def tab_to(page: Page, wanted: str) -> None:
    """Press Tab until the thing in focus has an id or a text that fits."""
    for _ in range(120):
        page.keyboard.press("Tab")
        here = focused(page)
        if re.search(wanted, here["id"]) or re.search(wanted, here["text"]):
            return
    raise AssertionError(f"Tab never reaches {wanted}")


def accessible(page: Page, folder: object, name: str) -> None:
    """Look at a page at every width: no fault, and nothing to scroll sideways."""
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        page.screenshot(path=f"{folder}/{name}-{width}.png", full_page=True)
        assert not runs_script(page) or faults_of(page) == []
    page.set_viewport_size({"width": 1280, "height": 900})


def enter(page: Page, served: str, password: str) -> None:
    """Sign in, and find the patient, by keyboard."""
    page.goto(f"{served}/requests/new")
    page.get_by_label("E-mail address").focus()
    page.keyboard.type(EMAIL)
    page.keyboard.press("Tab")
    page.keyboard.type(password)
    page.keyboard.press("Enter")
    arrived(page, "New request - Cleared")
    tab_to(page, "^words$")
    page.keyboard.type("bauer")
    page.keyboard.press("Enter")
    expect(page.get_by_role("link", name="Bauer, Otto")).to_be_visible()


def ask_for_mohs(page: Page) -> None:
    """Ask for one stage: its family is offered, and what the payer asks stands there."""
    tab_to(page, "^service$")
    page.keyboard.type("17311:1")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Mohs surgery and what closes the wound")).to_be_visible()
    expect(page.get_by_role("checkbox", name="17312")).to_be_checked()
    expect(page.get_by_role("heading", name="Approval is needed", exact=True)).to_be_visible()


def send(page: Page) -> None:
    """Record that it went to the payer."""
    page.get_by_label("Payer's portal").focus()
    page.keyboard.press("Space")
    tab_to(page, "^reference$")
    page.keyboard.type("WEB-55")
    tab_to(page, "^Record as sent$")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Recorded as sent.")).to_be_visible()
    expect(page.locator("main")).to_contain_text("WEB-55")


def test_a_request_is_written_by_keyboard_kept_and_sent(page, served, password, tmp_path, request):
    enter(page, served, password)
    ask_for_mohs(page)
    accessible(page, tmp_path, "family")
    tab_to(page, "^diagnoses$")
    page.keyboard.type("C44.311")
    if request.node.callspec.params["page"]:
        expect(page.locator("#kept")).to_have_text("Draft saved 10:00 AM")
        expect(page.locator("#answer")).not_to_contain_text("a diagnosis")
        page.goto(page.url.partition("#")[0])
        expect(page.locator("#diagnoses")).to_have_value("C44.311")
    for name, typed in (("count-17312", "2"), ("count-17315", "1"), ("begins", "t+7"), ("provider", "1003000126")):
        page.locator(f"[id='{name}']").focus()
        page.keyboard.type(typed)
    tab_to(page, "^Save and send$")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Request saved. It is ready to send.")).to_be_visible()
    assert not runs_script(page) or faults_of(page) == []
    send(page)


@pytest.mark.parametrize("page", [True], indirect=True, ids=["script"])
def test_a_request_sent_while_its_draft_is_being_kept_waits_for_its_version(page, served, password):
    enter(page, served, password)
    held: list[tuple[Route, APIResponse]] = []
    page.route("**/keep", lambda route: held.append((route, route.fetch())))
    with page.expect_request("**/keep"):
        page.locator("#diagnoses").fill("C44.3")
    while not held:  # the draft is kept by now; the page does not know it yet
        page.evaluate("1")
    page.locator("#diagnoses").fill("C44.311")
    page.get_by_role("button", name="Save as draft").dispatch_event("click")
    expect(page.locator("#kept")).to_have_text("Saving what you typed before.")
    route, answer = held[0]
    route.fulfill(response=answer)
    expect(page.get_by_text("Draft saved. It waits under Requests being written.")).to_be_visible()
    expect(page.locator("#diagnoses")).to_have_value("C44.311")
