"""The scorecard: rules that denials followed, what to correct of them, and the booked visits at the same risk."""

import re
from datetime import date
from html import unescape

import pytest
from sqlalchemy import select

from app.audit.models import AuditEntryRow
from app.platform.caller import Caller
from app.platform.db import db
from app.practice.facts.staff import Role
from app.remittances.actions import scoring
from app.remittances.actions.taking import take_claim
from app.remittances.models import RuleTallyRow
from app.values.records import RecordRef
from tests.support import make
from tests.support.desk import DAY, Booking, Desk
from tests.support.queries import counted
from tests.support.remittances import PAYMENT, adjustment, claim, line
from tests.support.web import equipped

REF = RecordRef(make.an_id(900), 1)
NEXT = re.compile(r'href="([^"]+)" rel="next">')


@pytest.fixture
def caller(web_app, web_clock):
    """A practice with visits cleared by a rule of its own: one of 03/30, and two later ones."""
    with web_app.app_context():
        caller = equipped(Caller(db.session(), make.PRACTICE_ID, web_clock, via="test"))
        desk = Desk(caller).furnish()
        desk.book(
            *DAY[:3],
            Booking(15, "Quist", "Ada", "office", day=date(2026, 3, 30)),
            Booking(9, "Reyes", "Ana", "office", day=date(2026, 4, 6)),
            Booking(10, "Sand", "Bo", "office", day=date(2026, 4, 7)),
        )
        desk.judge()
        yield caller


def quist(number, *lines):
    person = {"last_name": "QUIST", "first_name": "ADA", "member_id": "W00000004"}
    dates = {"begins": "2026-03-30", "ends": "2026-03-30"}
    return claim(*lines, claim_id=f"Q-{number}", patient=person, service_dates=dates)


def take(caller, *reasons):
    """Take one claim of Ada Quist for each reason; None is paid."""
    caller.clock.instant = caller.clock.instant.replace(day=31)
    for number, reason in enumerate(reasons):
        taken = [adjustment("CO", reason, "100.00")] if reason else []
        take_claim(caller, PAYMENT, quist(number, line("99213", "2026-03-30", *taken)), REF)


def words_of(page):
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", page.text)).split())


def test_a_rule_that_denials_followed_is_told_with_its_correction(caller, sign_in):
    browser = sign_in(Role.MANAGER)
    assert "No claim has followed a rule yet." in browser.get("/remittances/scorecard").text
    take(caller, None, "50", "50")
    page = browser.get("/remittances/scorecard")
    words = words_of(page)
    assert "Acme Health: not required" in words
    assert "Of 3 claim lines: 2 denied for coverage or medical need and 1 paid." in words
    assert "3 claims only: look at each before you build on it." in words and "%" not in words
    link = unescape(re.search(r'href="(/rules/practice/new[^"]+)"', page.text)[1])
    form = browser.get(link)
    assert form.status_code == 200
    assert 'value="Remittances: 2 of 3 claim lines denied for coverage or medical need"' in form.text
    assert ">99213<" in form.text or 'value="99213"' in form.text
    assert '<option value="claims" selected>' in form.text or re.search(r'value="claims"[^>]*checked', form.text)


def test_visits_at_the_same_risk_are_listed_and_noted(caller, sign_in):
    browser = sign_in(Role.COORDINATOR)
    take(caller, "50")
    page = browser.get("/remittances/scorecard")
    link = unescape(re.search(r'href="(/remittances/scorecard/visits[^"]+)"', page.text)[1])
    shown = browser.get(link)
    words = words_of(shown)
    assert "Reyes, Ana" in words and "Sand, Bo" in words and "Quist, Ada" not in words
    assert words.index("Reyes") < words.index("Sand")
    seen = caller.session.scalars(select(AuditEntryRow.action)).all()
    assert "remittances.risk_seen" in seen
    assert "Reyes" not in link


def test_visits_are_looked_through_page_after_page(caller, sign_in, monkeypatch):
    monkeypatch.setattr(scoring, "LOOKED_THROUGH", 1)
    browser = sign_in(Role.COORDINATOR)
    take(caller, "50")
    link = unescape(
        re.search(r'href="(/remittances/scorecard/visits[^"]+)"', browser.get("/remittances/scorecard").text)[1]
    )
    found, pages = [], 0
    while link and pages < 10:
        page = browser.get(link)
        found += re.findall(r'data-label="Patient">([^<]+?) <span', page.text)
        further = NEXT.search(page.text)
        assert ("were looked through." in page.text) is (further is not None)
        link, pages = unescape(further[1]) if further else None, pages + 1
    assert [name.strip() for name in found] == ["Reyes, Ana", "Sand, Bo"]
    assert pages >= 2


def test_rules_come_page_after_page_with_a_fixed_number_of_queries(caller, sign_in, monkeypatch):
    monkeypatch.setattr(scoring, "PAGE_SIZE", 2)
    browser = sign_in(Role.MANAGER)
    take(caller, "50")
    browser.get("/remittances/scorecard")  # the rules are read once
    with counted(db.engine) as one:
        browser.get("/remittances/scorecard")
    for number in range(4):
        row = {"practice_id": make.PRACTICE_ID, "rule": f"aetna/none#{number}", "need": "required", "code": "11102"}
        caller.session.add(RuleTallyRow(**row, paid=1, authorization_denied=number, coverage_denied=0, other_denied=0))
    caller.session.commit()
    with counted(db.engine) as several:
        page = browser.get("/remittances/scorecard")
    assert len(several) == len(one)
    found, link = re.findall(r"Rule (aetna/none#\d)", page.text), NEXT.search(page.text)
    while link:
        page = browser.get(unescape(link[1]))
        found += re.findall(r"Rule (aetna/none#\d)", page.text)
        link = NEXT.search(page.text)
    assert found == ["aetna/none#3", "aetna/none#2", "aetna/none#1", "aetna/none#0"]
    assert "This rule is no longer on file." in page.text


@pytest.mark.parametrize("address", ["", "?rule=aetna/x%23y", "?rule=aetna/x%23y&need=required", "?need=required"])
def test_a_rule_that_nothing_followed_is_not_found(caller, sign_in, address):
    assert sign_in(Role.MANAGER).get(f"/remittances/scorecard/visits{address}").status_code == 404


@pytest.mark.parametrize("after", ["x", "1~required", "9999999999~required~a", "~~", "1~wrong~a"])
def test_a_place_that_is_cut_off_is_the_first_page(caller, sign_in, after):
    assert sign_in(Role.MANAGER).get("/remittances/scorecard", query_string={"after": after}).status_code == 200


def test_the_scorecard_is_for_those_who_work_on_rules(caller, sign_in):
    assert sign_in(Role.SCHEDULER).get("/remittances/scorecard").status_code == 403
