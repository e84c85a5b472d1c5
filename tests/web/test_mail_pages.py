"""Documents that came, on pages: one file picker, the list, one document in words and lines, records to match."""

import io
import re
from dataclasses import replace
from html import unescape

import pytest
from flask import g

from app.authorizations import store as authorization_store
from app.authorizations.facts import Status
from app.casework.facts.payer_answers import PayerRequest, RequestChannel
from app.casework.store.payer_answers import note_trace
from app.mailroom.actions.receiving import receive
from app.mailroom.facts import Via
from app.mailroom.store import records
from app.platform.caller import Caller
from app.platform.db import db
from app.practice.facts.staff import Role
from app.practice.store import staff as staffing
from app.values.scope import EVERYTHING
from tests.support import make
from tests.support.desk import MAIN, NORTH, PARK, Booking, Desk
from tests.support.queries import counted
from tests.support.reviews import Response, interchange, response, response_set
from tests.support.web import TOKEN, equipped, token_of

CASE = make.an_id(60_001)
GOOD = Response("T-1", "W00000001", "Dubois", "Henri")
STRAY = replace(GOOD, trace="T-9", reference="Z99999", number="<b>77</b>")
VERSION = re.compile(r'name="version" value="(\d+)"')
RECORD = re.compile(r"/mail/unmatched/([0-9a-f-]{36})")


@pytest.fixture
def caller(web_app, web_clock):
    """The practice's database: a case of one patient that went to its payer, and a patient of another site."""
    with web_app.app_context():
        caller = equipped(Caller(db.session(), make.PRACTICE_ID, web_clock, via="test"))
        desk = Desk(caller).furnish()
        desk.book(Booking(9, "Dubois", "Henri", "pending"), Booking(10, "Moreau", "Anne", "pending", NORTH, PARK))
        request = PayerRequest(make.an_id(800), CASE, RequestChannel.X12, "T-1", make.NOW, payer_id="ACME1")
        note_trace(caller.session, make.PRACTICE_ID, request)
        caller.session.commit()
        yield caller


def send(browser, content, name="answers.x12"):
    """Choose a file on the page of imports and bring it in."""
    token = token_of(browser, "/imports")
    return browser.post(
        "/mail", data={"csrf_token": token, "kind": "", "file": (content, name)}, follow_redirects=False
    )


def status_of(caller):
    """Where the case stands."""
    found = authorization_store.record_of(caller.session, make.PRACTICE_ID, CASE)
    assert found is not None
    return found[0].status


def test_one_picker_takes_documents_and_tables(caller, sign_in):
    browser = sign_in(Role.COORDINATOR)
    page = browser.get("/imports").text
    assert 'action="/mail"' in page and "/mail/unmatched" in page
    answer = send(browser, io.BytesIO(response(GOOD)))
    assert answer.status_code == 303 and "/mail/" in answer.headers["Location"]
    shown = unescape(browser.get(answer.headers["Location"]).text)
    assert "1 matched" in shown and "Services review (X12 278)" in shown and "Filed." in shown
    assert "Dubois" not in shown[: shown.index("<h1")] and "NM1*IL*1*Dubois" in shown
    assert status_of(caller) in (Status.APPROVED, Status.PARTLY_APPROVED)
    table = send(browser, io.BytesIO(b"visit_id,starts_at\n1,2\n"), "visits.csv")
    assert table.status_code == 303 and "/imports/" in table.headers["Location"]
    broken = send(browser, io.BytesIO(response(GOOD, 9)[:200]), "cut.x12")
    cut = unescape(browser.get(broken.headers["Location"]).text)
    assert "nothing of it was filed" in cut and "Segment" in cut
    listed = unescape(browser.get("/mail").text)
    assert listed.count("<tr data-row") == 2 and "Not read." in listed
    assert send(browser, io.BytesIO(b"%PDF-1.4"), "x.csv").status_code == 422


def test_a_record_that_waits_shows_both_sides_and_finds_its_place(caller, sign_in):
    receive(caller, response(STRAY), "stray", Via.FOLDER)
    browser = sign_in(Role.COORDINATOR)
    listed = browser.get("/mail/unmatched").text
    assert "No request of ours has this trace" in listed
    assert "1 record of documents that came waits for a person to match." in browser.get("/today").text
    record = RECORD.search(listed).group(1)
    address = f"/mail/unmatched/{record}"
    page = browser.get(address).text
    assert "&lt;b&gt;77&lt;/b&gt;" in page and "<b>77" not in page
    assert page.count("Dubois, Henri") >= 2 and "W00000001" in page and str(CASE) in page
    data = {"csrf_token": TOKEN.search(page).group(1), "version": VERSION.search(page).group(1)}
    missing = browser.post(f"{address}/match", data=data)
    assert missing.status_code == 422 and "Choose what it belongs to" in missing.text
    assert browser.post(f"{address}/match", data=data | {"chosen": str(make.an_id(1))}).status_code == 422
    done = browser.post(f"{address}/match", data=data | {"chosen": str(CASE)})
    assert done.status_code == 303
    assert status_of(caller) is not Status.SUBMITTED
    assert browser.post(f"{address}/match", data=data | {"chosen": str(CASE)}).status_code == 303, "a double click"
    assert "Nothing waits." in browser.get("/mail/unmatched").text


def test_a_record_is_set_aside_with_a_reason_and_taken_back(caller, sign_in):
    receive(caller, response(STRAY), "stray", Via.FOLDER)
    browser = sign_in(Role.MANAGER)
    address = f"/mail/unmatched/{RECORD.search(browser.get('/mail/unmatched').text).group(1)}"
    page = browser.get(address).text
    data = {"csrf_token": TOKEN.search(page).group(1), "version": VERSION.search(page).group(1)}
    assert "Enter why it is not ours" in browser.post(f"{address}/aside", data=data).text
    done = browser.post(f"{address}/aside", data=data | {"reason": "Another office"})
    assert done.status_code == 303
    listed = browser.get("/mail/unmatched").text
    assert "Nothing waits." in listed and f'action="{address}/back"' in listed
    assert browser.post(f"{address}/back", data={"csrf_token": data["csrf_token"]}).status_code == 303
    assert "No request of ours" in browser.get("/mail/unmatched").text
    stale = browser.post(f"{address}/aside", data=data | {"reason": "Late"})
    assert stale.status_code == 409 and "Someone has dealt with this record" in stale.text


def test_a_patient_is_looked_up_without_a_number_in_the_address(caller, sign_in):
    receive(caller, response(replace(STRAY, member="X0")), "stray", Via.FOLDER)
    browser = sign_in(Role.COORDINATOR)
    address = f"/mail/unmatched/{RECORD.search(browser.get('/mail/unmatched').text).group(1)}"
    page = browser.get(address).text
    assert "No patient on file has its member ID" in page
    data = {"csrf_token": TOKEN.search(page).group(1)}
    assert browser.post(f"{address}/find", data=data | {"sought": "nothing"}).status_code == 422
    found = browser.post(f"{address}/find", data=data | {"sought": "M00001"})
    assert found.status_code == 303 and "M00001" not in found.headers["Location"]
    assert str(CASE) in browser.get(found.headers["Location"]).text


def test_who_sees_one_site_sees_what_is_about_its_patients_only(caller, sign_in):
    far = replace(GOOD, trace="T-9", reference="Z99999", member="W00000002", last="Moreau", first="Anne")
    receive(caller, interchange([response_set(STRAY, 1), response_set(far, 2)]), "two", Via.FOLDER)
    browser = sign_in(Role.COORDINATOR)
    (person,) = staffing.staff_of(caller.session, make.PRACTICE_ID)
    staffing.save_staff(caller.session, make.PRACTICE_ID, replace(person, sites=frozenset({MAIN})))
    caller.session.commit()
    g.pop("_login_user", None)  # the test's own app context outlives a request
    listed = browser.get("/mail/unmatched").text
    assert "Dubois" in listed and "Moreau" not in listed
    (mail,) = set(re.findall(r"/mail/([0-9a-f-]{36})\?", listed))
    page = browser.get(f"/mail/{mail}").text
    assert "out of your sight" in page and "Moreau" not in page and "Dubois" in page
    assert browser.get("/mail").status_code == 403


def test_the_pages_ask_the_same_however_much_came(caller, sign_in):
    browser = sign_in(Role.COORDINATOR)
    receive(caller, response(STRAY), "one", Via.FOLDER)
    mail = records.waiting(caller.session, make.PRACTICE_ID, EVERYTHING, ("unmatched",), None, 9)[0].document_id
    pages = ("/mail", "/mail/unmatched", f"/mail/{mail}")
    asked = {}
    for page in pages:
        browser.get(page)
        with counted(caller.session.get_bind()) as few:
            browser.get(page)
        asked[page] = len(few)
    many = [response_set(replace(STRAY, trace=f"T-{n}"), n) for n in range(1, 9)]
    receive(caller, interchange(many, 500), "many", Via.FOLDER)
    for page in pages:
        with counted(caller.session.get_bind()) as more:
            browser.get(page)
        assert len(more) == asked[page], page
