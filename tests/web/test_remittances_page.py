"""Remittances on pages: the list, one claim with what was said that day, tying it, and where else claims show."""

import re
from datetime import date

import pytest

from app.platform.caller import Caller
from app.platform.db import db
from app.practice.facts.staff import Role
from app.remittances.actions.taking import take_claim
from app.values.records import RecordRef
from tests.support import make
from tests.support.desk import DAY, Booking, Desk
from tests.support.queries import counted
from tests.support.remittances import PAYMENT, adjustment, claim, line
from tests.support.web import TOKEN, equipped

REF = RecordRef(make.an_id(900), 1)
DENIED = adjustment("CO", "197", "100.00")
ROW = re.compile(r"<tr data-row[^>]*>(.*?)</tr>", re.DOTALL)
NEXT = re.compile(r'href="([^"]+)" rel="next">')


@pytest.fixture
def caller(web_app, web_clock):
    """Whoever takes remittances in, at a practice with a day of visits."""
    with web_app.app_context():
        caller = equipped(Caller(db.session(), make.PRACTICE_ID, web_clock, via="test"))
        desk = Desk(caller).furnish()
        desk.book(*DAY[:3], Booking(15, "Quist", "Ada", "office", day=date(2026, 3, 30)))
        desk.judge()
        yield caller


def quist(*lines, **more):
    """A claim of Ada Quist, whose visit on 03/30 was cleared."""
    person = {"last_name": "QUIST", "first_name": "ADA", "member_id": "W00000004"}
    dates = {"begins": "2026-03-30", "ends": "2026-03-30"}
    return claim(*lines, **{"claim_id": "Q-1", "patient": person, "service_dates": dates, **more})


def later(caller):
    caller.clock.instant = caller.clock.instant.replace(day=31)


def test_the_list_shows_denials_first_and_what_had_been_said(caller, sign_in):
    browser = sign_in(Role.BILLER)
    empty = browser.get("/remittances")
    assert "No remittance has come in yet." in empty.text
    later(caller)
    take_claim(caller, PAYMENT, claim(line(), claim_id="A"), REF)
    take_claim(caller, {**PAYMENT, "date": "2026-03-01"}, quist(line("99213", "2026-03-30", DENIED)), REF)
    page = browser.get("/remittances")
    first, second = ROW.findall(page.text)
    assert "Quist, Ada" in first
    assert "Denied: authorization" in first
    assert ">Cleared<" in first
    assert "Abbott, Lena" in second
    assert "Paid as primary" in second
    assert "Quist" not in page.headers.get("Location", "") + page.request.path
    only = browser.get("/remittances?category=authorization")
    assert len(ROW.findall(only.text)) == 1
    assert len(ROW.findall(browser.get("/remittances?first=2026-03-10").text)) == 1
    assert "No claim fits these filters." in browser.get("/remittances?first=2026-05-10").text


def test_one_claim_says_what_was_said_and_what_there_is_to_learn(caller, sign_in):
    browser = sign_in(Role.BILLER)
    later(caller)
    filed = take_claim(caller, PAYMENT, quist(line("99213", "2026-03-30", DENIED, remarks=["N54", "X9"])), REF)
    page = browser.get(f"/remittances/{filed.subject_id}")
    assert "Cleared said: cleared, on Mon 03/30/2026" in page.text
    assert "The payer denied for authorization what Cleared had let through." in page.text
    assert "CO-197: no authorization (the practice bears it)" in page.text
    assert "N54: does not fit what was authorized" in page.text
    assert ">X9<" in page.text
    assert "The denial ended a practice rule" in page.text
    assert "does not add up" not in page.text
    assert "QUIST" not in re.search(r"<title>(.*?)</title>", page.text).group(1).upper()


def test_a_claim_that_does_not_add_up_says_by_how_much(caller, sign_in):
    browser = sign_in(Role.BILLER)
    filed = take_claim(caller, PAYMENT, claim(line(), paid="90.00"), REF)
    assert "This claim does not add up by $10.00" in browser.get(f"/remittances/{filed.subject_id}").text


def test_a_claim_that_waits_is_tied_by_a_person_once(caller, sign_in):
    browser = sign_in(Role.BILLER)
    filed = take_claim(
        caller,
        PAYMENT,
        quist(line("99213", "2026-03-28"), service_dates={"begins": "2026-03-28", "ends": "2026-03-28"}),
        REF,
    )
    address = f"/remittances/{filed.subject_id}"
    page = browser.get(address)
    assert "The patient has no visit on its day of service." in page.text
    assert f'value="{make.an_id(20_004)}"' in page.text
    token = TOKEN.search(page.text).group(1)
    wrong = browser.post(f"{address}/visit", data={"csrf_token": token, "reference": "V404"})
    assert wrong.status_code == 422
    assert "No visit with this number is on file." in wrong.text
    assert 'value="V404"' in wrong.text
    nothing = browser.post(f"{address}/visit", data={"csrf_token": token})
    assert nothing.status_code == 422
    done = browser.post(f"{address}/visit", data={"csrf_token": token, "visit": str(make.an_id(20_004))})
    assert (done.status_code, done.headers["Location"]) == (303, address)
    again = browser.get(address)
    assert "The claim is tied to its visit." in again.text
    assert "Which visit is it?" not in again.text
    browser.post(f"{address}/visit", data={"csrf_token": token, "reference": "V20001"})
    assert "The claim was tied to a visit before" in browser.get(address).text


def test_claims_stand_on_the_visit_on_its_case_and_on_today(caller, sign_in):
    browser = sign_in(Role.BILLER)
    # The verdict that is stored at 10:00 is the one that stood when a visit of 11:00 began.
    desk = Desk(caller)
    desk.count = 10
    (visit,) = desk.book(Booking(11, "Berg", "Ida", "approved"))
    desk.judge()
    sent = claim(
        line("96910", "2026-03-02", adjustment("CO", "15", "100.00")),
        claim_id="B-1",
        patient={"last_name": "BERG", "first_name": "IDA", "member_id": "W00000011"},
    )
    later(caller)
    filed = take_claim(caller, PAYMENT, sent, REF)
    there = f"/remittances/{filed.subject_id}"
    assert there in browser.get(f"/visits/{visit}").text
    assert there in browser.get(f"/cases/{make.an_id(60_011)}").text
    assert there in browser.get(f"/patients/{make.an_id(10_011)}").text
    today = browser.get("/today").text
    assert there in today
    assert "Denied for authorization" in today
    assert "Nothing is due." not in today


def test_schedulers_and_providers_see_no_claims(caller, sign_in):
    filed = take_claim(caller, PAYMENT, claim(line("99213", "2026-03-02", DENIED)), REF)
    browser = sign_in(Role.SCHEDULER)
    assert browser.get("/remittances").status_code == 403
    assert browser.get(f"/remittances/{filed.subject_id}").status_code == 403
    assert "/remittances" not in browser.get(f"/visits/{make.an_id(20_001)}").text
    assert "/remittances" not in browser.get("/today").text


def test_a_wrong_address_is_named_and_the_rest_is_shown(caller, sign_in):
    browser = sign_in(Role.MANAGER)
    page = browser.get("/remittances?show=x&category=y&first=99&after=z")
    assert page.status_code == 422
    assert page.text.count("in the address is not one that we know") >= 2
    assert "The address of the next page is cut off." in page.text
    assert "This is no day that we can read." in page.text
    assert (
        "The last day lies before the first one." in browser.get("/remittances?first=2026-03-10&last=2026-03-01").text
    )


def test_pages_follow_each_other_and_ask_as_many_queries_for_one_row_as_for_fifty(caller, sign_in, web_app):
    browser = sign_in(Role.MANAGER)
    take_claim(caller, PAYMENT, claim(line(), claim_id="N0"), REF)
    with web_app.app_context(), counted(db.engine) as few:
        browser.get("/remittances")
    for number in range(1, 56):
        denial = (adjustment("CO", "29", "100.00"),) if number % 3 == 0 else ()
        take_claim(
            caller,
            {**PAYMENT, "date": f"2026-03-{number % 28 + 1:02}"},
            claim(line("99213", "2026-03-02", *denial), claim_id=f"N{number}"),
            REF,
        )
    with web_app.app_context(), counted(db.engine) as many:
        page = browser.get("/remittances")
    assert len(many) == len(few)
    first = ROW.findall(page.text)
    following = browser.get(NEXT.search(page.text).group(1).replace("&amp;", "&"))
    second = ROW.findall(following.text)
    assert (len(first), len(second)) == (50, 6)
    ids = [re.search(r'id="r-([^"]+)"', row).group(1) for row in (*first, *second)]
    assert len(set(ids)) == 56
    denied = ["Denied" in row for row in (*first, *second)]
    assert denied == sorted(denied, reverse=True)
    assert len(ROW.findall(browser.get("/remittances?category=timely_filing").text)) == 18
    assert '<span class="count">18</span>' in page.text
