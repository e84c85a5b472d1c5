"""Denials, appeals, drugs and gold cards in a browser: what people read and enter is accessible and fits the screen."""

from datetime import date, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from app.authorizations import store as authorization_store
from app.authorizations.facts import AuthorizationRecord, Counting, Item, Status
from app.platform.caller import Caller
from app.platform.db import db
from app.policies.facts.answers import Need
from app.practice.actions import staff as actions
from app.practice.facts.staff import Role
from tests.support import make
from tests.support.browsers import arrived, faults_of, runs_script
from tests.support.desk import PAYER, PAYER_NAME, TODAY, Booking, Desk
from tests.support.web import EMAIL, equipped

pytestmark = pytest.mark.browser
ASKED, DRUG = make.an_id(60_001), make.an_id(70_001)


@pytest.fixture
def cases(web_app, web_clock):
    """A request that waits for the payer, a drug that is needed tomorrow, and a manager who may sign in."""
    with web_app.app_context():
        caller = equipped(Caller(db.session(), make.PRACTICE_ID, web_clock, via="test"))
        desk = Desk(caller).furnish()
        desk.rule(62, Need.NOT_REQUIRED, "J0585")
        desk.book(Booking(8, "Dubois", "Henri", "pending"))
        desk.book(Booking(9, "Moreau", "Anne", "hospital", day=TODAY + timedelta(days=1)))
        row = AuthorizationRecord(
            DRUG, make.an_id(10_002), "D1", PAYER, PAYER_NAME, Status.APPROVED, "approved",
            items=(Item(("J0585",), None, Counting.UNITS, 100, 0),), number="PA-1", begins=date(2026, 1, 1),
            ends=date(2026, 12, 31), decided_on=date(2026, 1, 5),
        )  # fmt: skip
        authorization_store.add_authorizations(caller.session, make.PRACTICE_ID, [row], [])
        caller.session.commit()
        desk.imported().judge()
        return actions.add_staff(caller, EMAIL, "Kim Example", frozenset({Role.MANAGER}))


def looked_at(page: Page, served: str, addresses: dict[str, str], tmp_path: Path) -> None:
    """Hold pages to axe at a desk and on the narrowest phone, and keep pictures of them."""
    for width in (1280, 320):
        page.set_viewport_size({"width": width, "height": 900})
        for name, address in addresses.items():
            page.goto(served + address)
            page.screenshot(path=tmp_path / f"{name}-{width}.png", full_page=True)
            assert not runs_script(page) or faults_of(page) == [], f"{name} at {width}"


def enter(page: Page, served: str, password: str) -> None:
    """Sign in."""
    page.goto(served)
    page.get_by_label("E-mail address").fill(EMAIL)
    page.get_by_label("Password").fill(password)
    page.keyboard.press("Enter")
    arrived(page, "Today - Cleared")


def test_a_denial_is_recorded_and_its_pages_are_accessible(page, served, cases, tmp_path):
    enter(page, served, cases)
    at = f"/cases/{ASKED}/denial"
    page.goto(f"{served}{at}/new")
    page.get_by_label("The payer's words").fill("Topical therapy was not tried for twelve weeks.")
    page.get_by_role("button", name="Save denial").click()
    expect(page.locator("#errors")).to_be_focused()
    page.get_by_label("Day of the denial").fill("t")
    page.get_by_role("button", name="Save denial").click()
    expect(page.get_by_role("heading", name="What the payer said")).to_be_visible()
    pages = {"denial": at, "appeal": f"/cases/{ASKED}/appeals/new", "sheet": f"{at}/sheet"}
    looked_at(page, served, pages, tmp_path)


def test_a_drug_is_followed_until_it_is_received(page, served, cases, tmp_path):
    enter(page, served, cases)
    page.goto(f"{served}/cases/{DRUG}/drug")
    page.get_by_label("A specialty pharmacy sends it").check()
    page.get_by_role("button", name="Save who brings it").click()
    expect(page.get_by_text("Drug not received")).to_be_visible()
    page.get_by_label("Step", exact=True).select_option("Received")
    page.get_by_label("Doses").fill("2")
    page.get_by_role("button", name="Save step").click()
    expect(page.get_by_text("Nothing is late")).to_be_visible()
    looked_at(page, served, {"drug": f"/cases/{DRUG}/drug", "gold": f"/gold-card?payer={PAYER}"}, tmp_path)
