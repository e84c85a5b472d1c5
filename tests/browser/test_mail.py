"""A coordinator brings a payer's file in by the one file picker, reads it, and matches what was not filed."""

from dataclasses import replace

import pytest

from app.casework.facts.payer_answers import PayerRequest, RequestChannel
from app.casework.store.payer_answers import note_trace
from app.platform.caller import Caller
from app.platform.db import db
from app.practice.actions import staff as actions
from app.practice.facts.staff import Role
from tests.support import make
from tests.support.browsers import faults_of
from tests.support.desk import Booking, Desk
from tests.support.reviews import Response, interchange, response, response_set
from tests.support.walking import Walk
from tests.support.web import EMAIL, equipped

pytestmark = pytest.mark.browser
WIDTHS = (1280, 390, 320)
CASE, OTHER = make.an_id(60_001), make.an_id(60_002)
ANSWER = Response("T-1", "W00000001", "Dubois", "Henri")
STRAY = replace(ANSWER, trace="T-9", member="W00000002", last="Moreau", first="Anne", reference="Z99999")


@pytest.fixture
def coordinator(web_app, web_clock):
    """The password of a coordinator of a practice with two requests at their payer."""
    with web_app.app_context():
        caller = equipped(Caller(db.session(), make.PRACTICE_ID, web_clock, via="test"))
        desk = Desk(caller).furnish()
        desk.book(Booking(9, "Dubois", "Henri", "pending"), Booking(10, "Moreau", "Anne", "pending"))
        desk.judge()
        request = PayerRequest(make.an_id(800), CASE, RequestChannel.X12, "T-1", make.NOW)
        note_trace(caller.session, make.PRACTICE_ID, request)
        caller.session.commit()
        return actions.add_staff(caller, EMAIL, "Kim Example", frozenset({Role.COORDINATOR}))


def look(page, pages, folder):
    """Look at each page at every width: what axe finds, and whether it is wider than the screen."""
    faults = {}
    for name, address in pages.items():
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 900})
            page.goto(address)
            wide = page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth")
            faults[name, width] = faults_of(page) + (["wider than the screen"] if wide else [])
            page.screenshot(path=folder / f"mail-{name}-{width}.png", full_page=True)
    return faults


def enter(chromium, served, password):
    """Sign in. Returns the page, on Today."""
    page = chromium.new_context(viewport={"width": 1280, "height": 900}).new_page()
    page.goto(served)
    page.get_by_label("E-mail address").fill(EMAIL)
    page.get_by_label("Password").fill(password)
    page.keyboard.press("Enter")
    return page


def test_a_file_is_brought_in_read_and_matched(chromium, served, coordinator, tmp_path):
    (tmp_path / "answers.x12").write_bytes(interchange([response_set(ANSWER, 1), response_set(STRAY, 2)]))
    (tmp_path / "cut.x12").write_bytes(response(ANSWER, 900)[:300])
    page = enter(chromium, served, coordinator)
    walk = Walk(page, "mail", True, tmp_path)
    walk.given("a coordinator").then("lands on Today", "Today")
    page.goto(f"{served}/imports")
    walk.when("a file of a payer is brought in").choose_file(tmp_path / "answers.x12").push("Bring in")
    walk.then("it is shown in words beside its lines", "Document").says("1 matched")
    document = page.url
    page.goto(f"{served}/today")
    walk.when("Today is opened").then("it tells what waits", "Today").says("1 record of documents that came waits")
    walk.when("the list is opened").push("Documents to match").then("the record stands there", "Documents to match")
    walk.when("it is opened").push("Match").then("both sides are shown", "Match a record").says("Moreau, Anne")
    record = page.url
    walk.when("nothing is chosen").push("It belongs to this").then("it asks", "Error: Match a record")
    walk.when("the request is chosen").to(str(OTHER)).press("Space").push("It belongs to this")
    walk.then("nothing waits any more", "Documents to match").says("Nothing waits.")
    page.goto(f"{served}/imports")
    walk.when("a torn file is brought in").choose_file(tmp_path / "cut.x12").push("Bring in")
    walk.then("it says where it is torn", "Document").says("nothing of it was filed")
    pages = {"list": f"{served}/mail", "document": document, "record": record, "unmatched": f"{served}/mail/unmatched"}
    faults = look(page, pages, walk.folder)
    assert {where: found for where, found in faults.items() if found} == {}
    page.context.close()
