"""A person is told in time: bell, alert, Outbox, preferences; by keyboard, wide, on a phone, without script.

Pictures of every step go to the folder that `PICTURES` names.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from app.platform.caller import Caller
from app.platform.db import db
from app.practice.actions import staff as actions
from app.practice.store import practice as store
from app.web.sample.clinic import Person
from app.web.sample.clock_work import case_of
from app.web.sample.desk_work import FIRST
from app.web.sample.stories.clocks import ENDING
from app.web.sample.tour import STORIES
from app.web.sampling import fill_sample
from tests.support import make
from tests.support.browsers import arrived
from tests.support.walking import Walk
from tests.support.web import equipped

pytestmark = pytest.mark.browser
WAYS = {"wide": (1280, True), "phone": (390, True), "no-script": (1280, False)}


@dataclass(frozen=True)
class Sample:
    """A filled sample: who tries it signs in with the password; `code` names the approval that ends in two weeks."""

    password: str
    code: str


@pytest.fixture
def sample(web_app, web_clock, monkeypatch) -> Sample:
    """The sample's stories, filled on the day of the test."""
    monkeypatch.setattr("app.web.sample.building.PEOPLE", len(STORIES))
    with web_app.app_context():
        caller = equipped(Caller(db.session(), make.PRACTICE_ID, web_clock, via="test"))
        store.save_practice(caller.session, make.PRACTICE_ID, replace(make.practice(), sample=True))
        caller.session.commit()
        assert fill_sample(caller)
        code = f"A-{case_of(caller, ENDING).hex[-6:].upper()}"
        password = actions.renew_password(caller, FIRST.email)
    assert password
    return Sample(password, code)


@pytest.fixture(params=WAYS)
def walk(request: pytest.FixtureRequest, chromium: Browser, served: str, tmp_path: Path) -> Iterator[Walk]:
    """A person at a browser: wide, on a phone, or without script."""
    width, script = WAYS[request.param]
    context = chromium.new_context(viewport={"width": width, "height": 800}, java_script_enabled=script)
    page = context.new_page()
    page.goto(served)
    yield Walk(page, f"alerts-{request.param}", script, tmp_path)
    context.close()


def waiting(page: Page) -> int:
    """The count that the bell shows where it is seen."""
    return int(page.locator(".bell-count:visible").first.inner_text())


def test_an_approval_that_ends_in_two_weeks_reaches_a_person(walk: Walk, sample: Sample, served: str) -> None:
    walk.given("the sample, in which an approval ends in 14 days").then("the sign-in is shown", "Sign in")
    walk.when("its first person signs in").type("email", FIRST.email).type("password", sample.password).press("Enter")
    walk.then("the day is shown, and the bell rings", "Today")
    count = waiting(walk.page)
    assert count > 0
    acknowledge_and_undo(walk, sample.code, count)
    read_the_outbox(walk, served)
    choose_how_to_be_told(walk)


def acknowledge_and_undo(walk: Walk, code: str, count: int) -> None:
    """The bell leads to the alert; it is acknowledged, and taken back."""
    row = walk.page.locator(".alert-row", has=walk.page.get_by_role("heading", name=f"Approval {code} ends"))
    walk.when("the bell is opened").push("Alerts").then("the alert stands in the list", "Alerts")
    expect(row).to_contain_text("Mon 03/16/2026 (in 14 days)")
    expect(row).to_contain_text("2 booked visits fall after it.")
    walk.when("the alert is acknowledged").push(str(row.locator("button").get_attribute("value")))
    walk.then("it is gone from the list, and can be taken back", "Alerts").says("1 alert acknowledged.")
    expect(row).to_have_count(0)
    assert waiting(walk.page) == count - 1
    walk.when("that is undone").push("Undo").then("it stands as before", "Alerts").says("1 alert stands as before.")
    expect(row).to_have_count(1)
    assert waiting(walk.page) == count
    walk.when("the alert is opened").push(f"Approval {code} ends").then("its story is told", "Alert")
    walk.says("What happened").says("Taken back by First administrator")
    walk.when("a day is typed that cannot be").type("until", "yesterday").press("Enter")
    walk.then("the fault stands beside the field", "Error: Alert").says("Snooze until must be a date")
    walk.when("it is snoozed until tomorrow").type("until", "t+1").push("Snooze")
    walk.then("it is gone for a day", "Alerts").says("1 alert snoozed until Tue 03/03/2026.")


def read_the_outbox(walk: Walk, served: str) -> None:
    """What would leave the building is read, and names nobody."""
    walk.when("the Outbox is opened")
    walk.page.goto(f"{served}/admin/outbox")
    walk.then("messages wait there", "Outbox").says("Sample data: nothing leaves the building.")
    texts = walk.page.locator("tr", has=walk.page.locator("td", has_text=re.compile(r"^\s*Text\s*$")))
    title = texts.first.locator("th a").inner_text().strip()
    walk.when("a text is opened").push(title.splitlines()[0]).then("it stands as it will read", "Message")
    read = walk.page.locator(".message-text").inner_text()
    people = [Person(number) for number in range(1, len(STORIES) + 1)]
    private = {name for one in people for name in (one.first, one.last, one.mrn)} | {one.payer.name for one in STORIES}
    assert "http://localhost" in read
    assert not [one for one in private if re.search(rf"\b{re.escape(one)}\b", read)]


def choose_how_to_be_told(walk: Walk) -> None:
    """A fault in the preferences is named beside its field; mended, they are saved."""
    walk.when("the preferences are opened").push("Alerts").then("the list is shown", "Alerts")
    walk.push("How I am told").then("the preferences are shown", "Alert preferences")
    walk.when("half a number is typed").type("phone", "212 555 01").press("Enter")
    walk.then("the fault stands beside the field", "Error: Alert preferences")
    walk.says("Mobile number must be one of the United States that takes texts")
    expect(walk.page.locator("#phone")).to_have_value("212 555 01")
    walk.when("it is mended").type("phone", "212 555 0175").push("Save")
    walk.then("it is saved", "Alert preferences").says("How you are told is saved.")
    expect(walk.page.locator("#phone")).to_have_value("(212) 555-0175")


def sign_in(page: Page, served: str, password: str) -> None:
    """Sign in; the day is shown."""
    page.goto(served)
    page.get_by_label("E-mail address").fill(FIRST.email)
    page.get_by_label("Password").fill(password)
    page.keyboard.press("Enter")
    arrived(page, "Today - Cleared")


def test_single_keys_open_acknowledge_and_snooze(chromium: Browser, served: str, sample: Sample) -> None:
    context = chromium.new_context()
    page = context.new_page()
    sign_in(page, served, sample.password)
    page.keyboard.press("g")
    page.keyboard.press("l")
    arrived(page, "Alerts - Cleared")
    rows = page.locator(".alert-row").count()
    page.keyboard.press("j")
    page.keyboard.press("e")
    expect(page.get_by_text("1 alert acknowledged.")).to_be_visible()
    expect(page.locator(".alert-row")).to_have_count(rows - 1)
    page.keyboard.press("u")
    expect(page.get_by_text("1 alert stands as before.")).to_be_visible()
    for key in ("j", "x", "j", "x"):
        page.keyboard.press(key)
    page.locator("#until").press("Enter")
    expect(page.get_by_text("2 alerts snoozed until Tue 03/03/2026.")).to_be_visible()
    context.close()


PAGES = ("/alerts", "/alerts?shown=done", "/alerts/preferences", "/alerts/on-call", "/admin/outbox", "/admin")


@pytest.mark.parametrize("width", [320, 390, 1280])
def test_every_page_is_accessible_and_fits_the_screen(
    chromium: Browser, served: str, sample: Sample, tmp_path: Path, width: int
) -> None:
    context = chromium.new_context(viewport={"width": width, "height": 800}, color_scheme="dark")
    page = context.new_page()
    walk = Walk(page, f"alerts-dark-{width}", True, tmp_path)
    page.goto(served)
    walk.type("email", FIRST.email).type("password", sample.password).press("Enter").then("signed in", "Today")
    titles = ("Alerts", "Alerts", "Alert preferences", "On call", "Outbox", "Admin")
    for address, title in zip(PAGES, titles, strict=True):
        page.goto(f"{served}{address}")
        walk.then(f"{address} stands", title)
    context.close()
