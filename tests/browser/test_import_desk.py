"""Undo an import, match a payer's name, map a visit type: at every width, accessible, with pictures of every page.

With `PICTURES` set, screenshots go to the test's own folder.
"""

import pytest
from playwright.sync_api import expect

from app.imports.store import runs
from app.platform.caller import Caller
from app.platform.db import db
from app.practice.actions import staff as actions
from app.practice.facts.staff import Role
from app.schedule.actions import map_type
from app.schedule.facts import BillTo, TypeLine, VisitType
from tests.store.imports.support import VISIT, bring
from tests.support import make
from tests.support.browsers import arrived, faults_of
from tests.support.web import EMAIL, equipped

pytestmark = pytest.mark.browser
ACCESSIBLE = pytest.mark.parametrize("page", [True], ids=["script"], indirect=True)
"""The check for accessibility is itself a script."""
NAMES = (
    ("Aetna PPO Northeast", "Mohs Surgery"),
    ("TX Medicaid STAR Plus of the Rio Grande", "NBUVB"),
    ("Local 12 Plumbers", "Cosmetic consult"),
)
MOHS = VisitType("Mohs Surgery", (TypeLine("17311"), TypeLine("17312", None, 3, "medical", BillTo.INSURANCE)))


@pytest.fixture
def brought(web_app, web_clock, tmp_path):
    """Two imports, an edit between them, and a coordinator. Gives the last run and the password."""
    rows = [
        {
            **VISIT,
            "visit_id": f"A{number}",
            "patient_mrn": f"M{number}",
            "payer": payer,
            "member_id": "1",
            "code": "",
            "visit_type": kind,
        }
        for number, (payer, kind) in enumerate(NAMES * 3)
    ]
    again = [{**rows[0], "units": "3"}, {**VISIT, "visit_id": "N1", "code": "", "visit_type": "Excision"}]
    with web_app.app_context():
        caller = equipped(Caller(db.session(), make.PRACTICE_ID, web_clock, via="test"))
        password = actions.add_staff(caller, EMAIL, "Kim Example", frozenset({Role.COORDINATOR}))
        bring(caller, tmp_path, rows)
        bring(caller, tmp_path, [*again, {**VISIT, "visit_id": "N2"}, {**VISIT, "visit_id": "N2", "code": "1"}])
        map_type(caller, MOHS)
        map_type(caller, VisitType("Excision", (TypeLine("11402"),)))
        run = runs.past_runs(caller.session, make.PRACTICE_ID, None, 1)[0].id
    return run, password


@pytest.fixture
def desk(page, served, brought):
    """The browser of the coordinator, signed in. Gives the page, the address and the last run."""
    page.goto(served)
    page.get_by_label("E-mail address").fill(EMAIL)
    page.get_by_label("Password").fill(brought[1])
    page.keyboard.press("Enter")
    arrived(page, "Today - Cleared")
    return page, served, brought[0]


def look(page, folder, name):
    """Check a page at three widths, and keep pictures of two."""
    for width in (1280, 390, 320):
        page.set_viewport_size({"width": width, "height": 900})
        assert faults_of(page) == [], (name, width)
        assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth"), name
        if width != 320:
            page.screenshot(path=folder / f"{name}-{width}.png", full_page=True)
    page.set_viewport_size({"width": 1280, "height": 900})


@ACCESSIBLE
def test_an_import_is_undone_and_what_was_edited_stays(desk, tmp_path):
    page, served, run = desk
    page.goto(f"{served}/imports/{run}/undo")
    look(page, tmp_path, "undo")
    page.get_by_role("button", name="Undo this import").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("This import is undone")
    expect(page.get_by_role("link", name="Visit N1")).to_be_visible()
    look(page, tmp_path, "undone")


@ACCESSIBLE
def test_a_name_is_matched_after_a_page_that_says_what_moves(desk, tmp_path):
    page, served, _run = desk
    page.goto(f"{served}/imports/payers")
    look(page, tmp_path, "names")
    page.get_by_role("link", name="Same as Aetna").click()
    look(page, tmp_path, "same")
    page.get_by_role("button", name="Same as Aetna").click()
    expect(page.get_by_role("heading", name="Decided")).to_be_visible()
    look(page, tmp_path, "decided")


@ACCESSIBLE
def test_a_visit_type_is_mapped_by_keyboard_after_an_error(desk, tmp_path):
    page, served, _run = desk
    page.goto(f"{served}/schedule/types")
    look(page, tmp_path, "types")
    page.get_by_role("link", name="NBUVB").first.click()
    page.get_by_label("Code of line 1").fill("9691")
    page.keyboard.press("Enter")
    arrived(page, "Error: Visit type - Cleared")
    look(page, tmp_path, "faulty")
    page.get_by_label("Code of line 1").fill("96910")
    page.keyboard.press("Enter")
    expect(page.locator(".notice")).to_contain_text("3 visits got their lines.")


@pytest.mark.parametrize("page", [False], ids=["no-script"], indirect=True)
def test_all_of_it_works_without_scripts(desk):
    page, served, run = desk
    page.goto(f"{served}/imports/{run}/undo")
    page.get_by_role("button", name="Undo this import").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("This import is undone")
    page.goto(f"{served}/imports/payers")
    page.get_by_label("The payer of the library that Local 12 Plumbers means").select_option("aetna")
    page.get_by_role("button", name="Choose for Local 12 Plumbers").click()
    page.get_by_role("button", name="Same as Aetna").click()
    expect(page.get_by_role("heading", name="Decided")).to_be_visible()
    page.get_by_role("button", name="Take back what was said of Local 12 Plumbers").click()
    expect(page.get_by_role("heading", name="Decided")).to_have_count(0)
    page.goto(f"{served}/schedule/types/nbuvb")
    page.get_by_label("Code of line 1").fill("96910")
    page.get_by_role("button", name="Save").click()
    expect(page.locator(".notice")).to_contain_text("3 visits got their lines.")
