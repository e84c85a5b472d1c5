"""After a visit: what was performed beside what was approved, and the request for what is not covered."""

import re
from dataclasses import replace
from datetime import date, timedelta
from html import unescape

import pytest

from app.alerts.actions.gathering import deadlines_of_patients
from app.authorizations import store as authorization_store
from app.authorizations.actions import move
from app.authorizations.facts import Kind, Status
from app.casework.facts.performed import Performed
from app.casework.store import performed as store
from app.deadlines import store as clock_store
from app.deadlines.facts import Reason
from app.platform.caller import Caller
from app.platform.db import db
from app.policies.facts.answers import Need
from app.practice.facts.staff import Role
from app.schedule.facts import VisitStatus
from tests.support import make
from tests.support.desk import TODAY, Booking, Desk
from tests.support.web import equipped, token_of

APPROVED = Booking(9, "Bauer", "Otto", "approved", status=VisitStatus.DONE, day=TODAY - timedelta(days=3))
KEY = make.an_id(70_001)


@pytest.fixture
def desk(web_app, web_clock):
    """A practice with one visit of last Friday, done under an approval of 96910 and 96912; J0585 needs approval too."""
    with web_app.app_context():
        desk = Desk(equipped(Caller(db.session(), make.PRACTICE_ID, web_clock, via="test"))).furnish()
        (desk.visit,) = desk.book(APPROVED)
        desk.rule(62, Need.REQUIRED, "J0585")
        desk.session.commit()
        yield desk


def plain(page):
    """Read a page's text without its marks."""
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", page.text)).split())


def post(browser, desk, codes, version=0, key=KEY):
    """Record what was performed."""
    address = f"/visits/{desk.visit}/performed"
    form = {"codes": codes, "version": version, "key": str(key), "csrf_token": token_of(browser, "/patients")}
    return browser.post(address, data=form)


def on_file(desk):
    """What is on file of the visit, read afresh."""
    desk.session.rollback()
    return store.record_of(desk.session, desk.practice_id, desk.visit)


def test_what_was_planned_stands_in_the_form_and_is_covered_once_it_is_recorded(desk, sign_in):
    browser = sign_in(Role.COORDINATOR)
    address = f"/visits/{desk.visit}/performed"
    assert ">96910 x1</textarea>" in browser.get(address).text
    assert post(browser, desk, "96910").status_code == 303
    words = plain(browser.get(address))
    assert "Everything that was performed is covered. Performed beside planned and approved" in words
    assert "96910 1 1 Covered" in words
    assert on_file(desk).lines == (Performed("96910", 1),)
    assert on_file(desk).case_id is None


def test_what_is_not_covered_opens_a_request_in_draft_with_its_day_and_owner(desk, sign_in):
    browser = sign_in(Role.COORDINATOR)
    assert post(browser, desk, "96910, J0585 x100").status_code == 303
    words = plain(browser.get(f"/visits/{desk.visit}/performed"))
    assert "1 service is not covered." in words
    assert "is not known. Ask by Mon 03/02/2026: 1 business day is usual." in words
    assert "J0585 100 Not planned Not covered" in words
    record, _version = authorization_store.record_of(desk.session, desk.practice_id, KEY)
    assert (record.status, record.kind, record.begins, record.ends) == (
        Status.DRAFT,
        Kind.RETRO,
        APPROVED.day,
        APPROVED.day,
    )
    assert [(item.codes, item.count) for item in record.items] == [(("J0585",), 100)]
    assert (record.next_action, record.next_action_on) == (
        "Ask the payer for what was performed: J0585",
        date(2026, 3, 2),
    )
    assert record.parent_id == make.an_id(60_001)
    assert clock_store.cases(desk.session, desk.practice_id, [KEY])[KEY].owner_id is not None
    assert f'href="/cases/{KEY}"' in browser.get(f"/visits/{desk.visit}/performed").text


def test_a_form_that_is_sent_twice_counts_once(desk, sign_in):
    browser = sign_in(Role.COORDINATOR)
    assert [post(browser, desk, "J0585").status_code for _ in range(2)] == [303, 303]
    assert on_file(desk).version == 1


def test_a_correction_changes_the_request_that_was_not_sent(desk, sign_in):
    browser = sign_in(Role.COORDINATOR)
    post(browser, desk, "J0585 x100")
    post(browser, desk, "J0585 x50", version=1, key=make.an_id(70_002))
    record, _version = authorization_store.record_of(desk.session, desk.practice_id, KEY)
    assert [item.count for item in record.items] == [50]
    assert (on_file(desk).version, on_file(desk).case_id) == (2, KEY)


def test_somebody_who_was_quicker_is_not_overwritten(desk, sign_in):
    browser = sign_in(Role.COORDINATOR)
    post(browser, desk, "96910")
    page = post(browser, desk, "96912 x2")
    assert page.status_code == 409
    assert "Somebody recorded this visit meanwhile" in plain(page)
    assert ">96912 x2</textarea>" in page.text
    assert on_file(desk).lines == (Performed("96910", 1),)
    assert post(browser, desk, "96912 x2", version=1).status_code == 303


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("", "Enter the codes that were performed, like 17311, 17312 x2"),
        ("light therapy", "Write a code with its units, like 17312 x2; you entered light therapy"),
        ("96910 x0", "Units of 96910 must be a whole number from 1 to 400"),
        ("96910 x1 x2", "Write a code with its units, like 17312 x2; you entered 96910 x1 x2"),
    ],
)
def test_what_cannot_be_read_is_said_and_kept(desk, sign_in, typed, sentence):
    page = post(sign_in(Role.COORDINATOR), desk, typed)
    assert page.status_code == 422
    assert sentence in plain(page)
    assert f">{typed}</textarea>" in page.text
    assert on_file(desk).version == 0


def test_units_of_one_code_add_up_and_lines_may_stand_apart_by_any_sign(desk, sign_in):
    post(sign_in(Role.COORDINATOR), desk, "96910 x2; 96912\n96910*1")
    assert on_file(desk).lines == (Performed("96910", 3), Performed("96912", 1))


def test_a_visit_that_lies_ahead_or_was_canceled_has_nothing_to_record(desk, sign_in):
    browser = sign_in(Role.COORDINATOR)
    ahead = replace(APPROVED, status=VisitStatus.BOOKED, day=TODAY + timedelta(days=1))
    for booking in (ahead, replace(APPROVED, status=VisitStatus.CANCELED)):
        (desk.visit,) = desk.book(booking)
        assert "Nothing can be recorded." in plain(browser.get(f"/visits/{desk.visit}/performed"))
        assert post(browser, desk, "96910").status_code == 422


def test_the_visit_leads_there_and_a_scheduler_only_reads(desk, sign_in):
    browser = sign_in(Role.SCHEDULER)
    assert f'href="/visits/{desk.visit}/performed"' in browser.get(f"/visits/{desk.visit}").text
    assert "<textarea" not in browser.get(f"/visits/{desk.visit}/performed").text
    assert post(browser, desk, "96910").status_code == 403


def test_the_request_has_a_deadline_until_it_is_sent(desk, sign_in):
    post(sign_in(Role.COORDINATOR), desk, "J0585 x100")

    def clocks():
        desk.session.rollback()
        made = deadlines_of_patients(desk.caller, [make.an_id(10_001)]).get(make.an_id(10_001), ())
        return [(one.reason, one.due_on) for one in made if one.subject.key == KEY.hex]

    assert clocks() == [(Reason.RETRO_DUE, TODAY)]
    _record, version = authorization_store.record_of(desk.session, desk.practice_id, KEY)
    move(desk.caller, KEY, version, Status.SUBMITTED)
    assert Reason.RETRO_DUE not in {reason for reason, _day in clocks()}


def test_no_request_is_opened_for_a_cosmetic_service(desk, sign_in):
    browser = sign_in(Role.COORDINATOR)
    assert post(browser, desk, "96910, 17380").status_code == 303
    assert on_file(desk).case_id is None
    assert post(browser, desk, "96910, 17380, J0585 x100", 1, make.an_id(70_002)).status_code == 303
    opened = authorization_store.record_of(desk.session, desk.practice_id, make.an_id(70_002))[0]
    assert [item.codes for item in opened.items] == [("J0585",)]
