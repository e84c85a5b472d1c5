"""A biller finds a denial, learns what had been said of its visit, and ties a claim that waits: by keyboard, at every
width, without a fault of accessibility."""

from datetime import date

import pytest
from playwright.sync_api import expect

from app.platform.caller import Caller
from app.platform.db import db
from app.practice.actions import staff as actions
from app.practice.facts.staff import Role
from app.remittances.actions.taking import take_claim
from app.values.records import RecordRef
from tests.support import make
from tests.support.browsers import faults_of
from tests.support.desk import DAY, Booking, Desk
from tests.support.remittances import PAYMENT, adjustment, claim, line
from tests.support.walking import Walk
from tests.support.web import EMAIL, equipped

pytestmark = pytest.mark.browser
WIDTHS = (1280, 390, 320)
DAYS = {"begins": "2026-03-30", "ends": "2026-03-30"}
QUIST = {"last_name": "QUIST", "first_name": "ADA", "member_id": "W00000004"}


@pytest.fixture
def biller(web_app, web_clock):
    """The password of a biller of a practice with a paid claim, a denied one and one that waits; ids of the latter."""
    with web_app.app_context():
        caller = equipped(Caller(db.session(), make.PRACTICE_ID, web_clock, via="test"))
        desk = Desk(caller).furnish()
        desk.book(*DAY[:3], Booking(15, "Quist", "Ada", "office", day=date(2026, 3, 30)))
        desk.judge()
        web_clock.instant = web_clock.instant.replace(day=31)
        ref = RecordRef(make.an_id(900), 1)
        take_claim(caller, PAYMENT, claim(line(remarks=["N130"]), paid="90.00"), ref)
        denied = line("99213", "2026-03-30", adjustment("CO", "197", "100.00"), remarks=["N54", "N999"])
        no = take_claim(caller, PAYMENT, claim(denied, claim_id="Q-1", patient=QUIST, service_dates=DAYS), ref)
        early = {"begins": "2026-03-28", "ends": "2026-03-28"}
        lost = claim(line("99213", "2026-03-28"), claim_id="Q-2", patient=QUIST, service_dates=early)
        waits = take_claim(caller, PAYMENT, lost, ref)
        password = actions.add_staff(caller, EMAIL, "Kim Example", frozenset({Role.BILLER}))
    return password, no.subject_id, waits.subject_id


def look(page, served, addresses, folder):
    """Look at each page at every width: what axe finds, and whether it is wider than the screen."""
    faults = {}
    for name, address in addresses.items():
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 900})
            page.goto(f"{served}/remittances{address}")
            wide = page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth")
            faults[name, width] = faults_of(page) + (["wider than the screen"] if wide else [])
            page.screenshot(path=folder / f"remittances-{name}-{width}.png", full_page=True)
    return faults


def test_what_was_denied_is_learnt_from_and_what_waits_is_tied(chromium, served, biller, tmp_path):
    password, denied, waits = biller
    context = chromium.new_context(viewport={"width": 1280, "height": 900})
    page = context.new_page()
    page.goto(served)
    page.get_by_label("E-mail address").fill(EMAIL)
    page.get_by_label("Password").fill(password)
    page.keyboard.press("Enter")
    walk = Walk(page, "remittances", True, tmp_path)
    walk.given("a biller, whose day begins with what was denied").then("Today shows the denial", "Today")
    walk.when("the biller follows it to the list").to("All claims denied for authorization").press("Enter")
    walk.then("the list is narrowed to it", "Remittances")
    expect(page.locator("tr[data-row]")).to_have_count(1)
    walk.when("the claim is opened").to(f"r-{denied}").press("Enter")
    walk.then("it says what had been said that day", "Claim")
    expect(page.get_by_text("Cleared said: cleared, on Mon 03/30/2026")).to_be_visible()
    faults = look(page, served, {"list": "", "claim": f"/{denied}", "waits": f"/{waits}"}, walk.folder)
    assert {name: found for name, found in faults.items() if found} == {}
    page.set_viewport_size({"width": 1280, "height": 900})
    walk.when("a claim that waits is tied to the visit beside it").to("This visit").press("Enter")
    walk.then("it stands with its visit", "Claim")
    expect(page.get_by_text("The claim is tied to its visit.")).to_be_visible()
    context.close()
