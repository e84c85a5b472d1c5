"""A coordinator brings in a messy schedule: file, columns, check, corrections, confirmation; also without script."""

from collections.abc import Iterator
from itertools import chain

import pytest
from playwright.sync_api import Page, expect

from app.imports.actions import drafts
from app.imports.routes import files
from app.platform.caller import Caller
from app.platform.db import db
from app.practice.actions import staff as actions
from app.practice.facts.staff import Role
from tests.support import make
from tests.support.browsers import arrived, faults_of, focused
from tests.support.web import EMAIL, equipped
from tests.web.imports.support import BROKEN_LOG, csv_of, log, messy

pytestmark = pytest.mark.browser


@pytest.fixture
def password(web_app, web_clock):
    """Someone who may bring in files."""
    with web_app.app_context():
        caller = equipped(Caller(db.session(), make.PRACTICE_ID, web_clock, via="test"))
        return actions.add_staff(caller, EMAIL, "Kim Example", frozenset({Role.COORDINATOR}))


@pytest.fixture
def export(tmp_path):
    """A messy export on the person's disk."""
    path = tmp_path / "schedule export.csv"
    path.write_bytes(csv_of(messy()))
    return path


def enter(page: Page, served: str, password: str) -> None:
    """Sign in and open the imports."""
    page.goto(f"{served}/imports")
    page.get_by_label("E-mail address").fill(EMAIL)
    page.get_by_label("Password").fill(password)
    page.keyboard.press("Enter")
    arrived(page, "Imports - Cleared")


def begin(page: Page, export) -> None:
    """Choose the file and send it."""
    page.locator("#file").set_input_files(export)
    page.get_by_role("button", name="Bring in").click()


def tab_to(page: Page, wanted: str) -> None:
    """Press Tab until the thing in focus has this word in its text, its value or its id."""
    for _ in range(90):
        page.keyboard.press("Tab")
        here = focused(page)
        if any(wanted in here[one] for one in ("text", "value", "id")):
            return
    raise AssertionError(f"Tab never reaches {wanted}")


def press(page: Page, wanted: str) -> None:
    """Reach a button or a link by keyboard, and press it."""
    tab_to(page, wanted)
    page.keyboard.press("Enter")


def test_a_messy_schedule_is_brought_in_mended_and_confirmed_by_keyboard(page, served, password, export):
    # Given a coordinator with an export of 500 visits, 20 of them broken and one column unknown
    enter(page, served, password)
    # When the file is sent (choosing it is the browser's own window), its columns are looked at
    page.locator("#file").set_input_files(export)
    press(page, "Bring in")
    expect(page.get_by_role("heading", name="Match columns")).to_be_visible()
    expect(page.locator("tr.doubt")).to_have_count(1)
    press(page, "Check the file")
    # Then every broken row is explained, and can be mended where it stands
    expect(page.locator(".tally-refused")).to_contain_text("20")
    expect(page.locator(".tally-created")).to_contain_text("480")
    expect(page.locator(".corrections li")).to_have_count(20)
    tab_to(page, "13/04/2026")
    page.keyboard.press("Control+A")
    page.keyboard.type("4/13/2026")
    press(page, "Save and check again")
    expect(page.locator(".tally-refused")).to_contain_text("19")
    press(page, "Confirm: write 481 new")
    expect(page.get_by_role("heading", name="Brought in")).to_be_visible()
    # And the same file again changes nothing
    press(page, "Bring in another file")
    page.locator("#file").set_input_files(export)
    press(page, "Bring in")
    expect(page.locator(".tally-unchanged")).to_contain_text("480")
    expect(page.locator(".tally-created")).to_contain_text("0")


def test_an_old_log_of_two_hundred_rows_is_brought_in_by_keyboard(page, served, password, tmp_path):
    # Given a log with words of all kinds, mixed dates and made-up numbers
    path = tmp_path / "log.csv"
    path.write_bytes(csv_of(log()))
    enter(page, served, password)
    # When it is sent, its columns are known
    page.locator("#file").set_input_files(path)
    press(page, "Bring in")
    # Then each row that nobody can be sure of is explained, and the others are written
    expect(page.get_by_role("heading", name="Check", exact=True)).to_be_visible()
    expect(page.locator(".tally-refused")).to_contain_text(str(len(BROKEN_LOG)))
    press(page, "Confirm: write 192 new")
    expect(page.get_by_role("heading", name="Brought in")).to_be_visible()
    expect(page.get_by_text("Nowhere Mutual").first).to_be_visible()


def steps(page: Page, served: str, password: str, export) -> Iterator[str]:
    """Walk through every step, and name the page that each comes to."""
    enter(page, served, password)
    yield "empty"
    page.get_by_role("button", name="Bring in").click()
    yield "no-file"
    begin(page, export)
    yield "columns"
    page.get_by_label("Room is taken for").select_option("site")
    page.get_by_role("button", name="Check the file").click()
    yield "double"
    page.get_by_label("Room is taken for").select_option("")
    page.get_by_role("button", name="Check the file").click()
    yield "check"
    page.goto(f"{served}/imports")
    yield "under-way"
    page.get_by_role("link", name="Go on").click()
    page.get_by_role("button", name="Confirm: write").click()
    yield "done"
    page.goto(f"{served}/imports")
    yield "list"


def long_steps(page: Page, served: str, export) -> Iterator[str]:
    """Walk on with a file that is long here."""
    page.goto(f"{served}/imports")
    begin(page, export)
    yield "waiting"


@pytest.mark.parametrize("width", [320, 390, 1280])
def test_every_step_is_accessible_and_fits_the_screen(chromium, served, password, export, tmp_path, width, monkeypatch):
    context = chromium.new_context(viewport={"width": width, "height": 800})
    page = context.new_page()
    faults = {}
    for name in chain(steps(page, served, password, export), ["long"], long_steps(page, served, export)):
        if name == "long":
            monkeypatch.setattr(drafts, "AT_ONCE", 100)
            monkeypatch.setattr(files, "EVERY", 600)  # it stands still to be looked at
            continue
        page.screenshot(path=tmp_path / f"imports-{name}-{width}.png", full_page=True)
        wide = page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth")
        faults[name] = faults_of(page) + (["wider than the screen"] if wide else [])
    context.close()
    assert {name: found for name, found in faults.items() if found} == {}
