"""A change of a site, a coverage or an approval that breaks visits is asked about once before it is saved."""

import re
from dataclasses import replace
from datetime import timedelta
from html import unescape

import pytest

from app.authorizations import store as authorization_store
from app.coverage.store import coverages as coverage_store
from app.platform.caller import Caller
from app.platform.db import db
from app.practice.facts.staff import Role
from app.practice.rules.roles import version_of
from app.practice.store import practice as practice_store
from tests.support import make
from tests.support.desk import MAIN, TODAY, Booking, Desk
from tests.support.web import equipped, token_of

SOON = Booking(9, "Abbott", "Lena", "office", day=TODAY + timedelta(days=2))
PATIENT, COVERAGE, APPROVAL = make.an_id(10_001), make.an_id(50_001), make.an_id(60_001)


@pytest.fixture
def desk(web_app, web_clock):
    """A practice with sites, people and a payer, and nobody booked yet."""
    with web_app.app_context():
        yield Desk(equipped(Caller(db.session(), make.PRACTICE_ID, web_clock, via="test"))).furnish()


def plain(page):
    """Read a page's text without its marks."""
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", page.text)).split())


def confirmed_in(page):
    """What the form says yes to when it is sent again."""
    return re.search(r'name="confirmed" value="([^"]*)"', page.text)[1]


def fields_of(page, action):
    """The fields of a form with what stands in them."""
    form = re.search(rf'<form[^>]*action="{re.escape(action)}".*?</form>', page.text, re.DOTALL)[0]
    found = dict(re.findall(r'<input[^>]*?name="([^"]+)"[^>]*?value="([^"]*)"', form))
    for name, body in re.findall(r'<select[^>]*?name="([^"]+)".*?>(.*?)</select>', form, re.DOTALL):
        chosen = re.search(r'<option value="([^"]*)" selected', body)
        found[name] = chosen[1] if chosen else re.search(r'<option value="([^"]*)"', body)[1]
    for name, text in re.findall(r'<textarea[^>]*?name="([^"]+)"[^>]*>(.*?)</textarea>', form, re.DOTALL):
        found[name] = text
    return {name: unescape(value) for name, value in found.items()}


def site_of(desk):
    """The main site, read afresh."""
    desk.session.rollback()
    return next(one for one in practice_store.sites(desk.session, desk.practice_id) if one.id == MAIN)


def test_a_site_that_checks_coverage_later_breaks_visits_and_is_asked_once(desk, sign_in):
    desk.book(SOON, replace(SOON, hour=10))
    browser, site = sign_in(Role.ADMINISTRATOR), site_of(desk)
    typed = {
        "name": site.name,
        "zone": site.zone,
        "state": site.state,
        "fresh_days": "2",
        "version": version_of(site),
        "csrf_token": token_of(browser, f"/admin/sites/{MAIN}"),
    }
    page = browser.post(f"/admin/sites/{MAIN}", data=typed)
    assert page.status_code == 422
    assert "Is this right? This change breaks 2 booked visits. Wed 03/04/2026: 2." in plain(page)
    assert "Abbott" not in page.text
    assert site_of(desk).fresh_days == 7
    again = browser.post(f"/admin/sites/{MAIN}", data=typed | {"confirmed": confirmed_in(page)})
    assert again.status_code == 303
    assert site_of(desk).fresh_days == 2


def test_a_site_that_breaks_nothing_is_saved_at_once(desk, sign_in):
    desk.book(replace(SOON, day=TODAY + timedelta(days=1)))
    browser, site = sign_in(Role.ADMINISTRATOR), site_of(desk)
    typed = {"name": site.name, "zone": site.zone, "state": site.state, "fresh_days": "5", "version": version_of(site)}
    typed["csrf_token"] = token_of(browser, f"/admin/sites/{MAIN}")
    assert browser.post(f"/admin/sites/{MAIN}", data=typed).status_code == 303


def test_a_coverage_that_ends_before_a_visit_names_the_visit_first(desk, sign_in):
    desk.book(SOON)
    browser, address = sign_in(Role.COORDINATOR), f"/patients/{PATIENT}/coverages/{COVERAGE}"
    typed = fields_of(browser.get(address), address) | {"ends": "3/3"}
    page = browser.post(address, data=typed)
    assert page.status_code == 422
    assert "This change breaks 1 booked visit: Wed 03/04/2026 (99213) would be blocked:" in plain(page)

    def ends():
        desk.session.rollback()
        (one,) = coverage_store.records_of(desk.session, desk.practice_id, [PATIENT])[PATIENT]
        return one.ends

    assert ends() is None
    assert browser.post(address, data=typed | {"confirmed": confirmed_in(page)}).status_code == 303
    assert ends() == TODAY + timedelta(days=1)


def test_an_approval_that_ends_before_a_visit_names_the_visit_first(desk, sign_in):
    desk.book(replace(SOON, case="approved"))
    browser, address = sign_in(Role.COORDINATOR), f"/patients/{PATIENT}/approvals/{APPROVAL}"
    typed = fields_of(browser.get(address), address) | {"ends": "3/3"}
    page = browser.post(address, data=typed)
    assert page.status_code == 422
    assert "This change breaks 1 booked visit: Wed 03/04/2026 (96910) would be blocked:" in plain(page)

    def ends():
        desk.session.rollback()
        return authorization_store.record_of(desk.session, desk.practice_id, APPROVAL)[0].ends

    assert ends() > TODAY + timedelta(days=30)
    assert browser.post(address, data=typed | {"confirmed": confirmed_in(page)}).status_code == 303
    assert ends() == TODAY + timedelta(days=1)


def test_a_yes_to_some_visits_is_none_to_others(desk, sign_in):
    desk.book(replace(SOON, case="approved"))
    browser, address = sign_in(Role.COORDINATOR), f"/patients/{PATIENT}/approvals/{APPROVAL}"
    typed = fields_of(browser.get(address), address) | {"ends": "3/3"}
    said = confirmed_in(browser.post(address, data=typed))
    desk._visit(SOON, PATIENT, 90_001, TODAY + timedelta(days=4))
    desk._visit(replace(SOON, case="approved"), PATIENT, 90_002, TODAY + timedelta(days=5))
    desk.session.commit()
    page = browser.post(address, data=typed | {"confirmed": said})
    assert page.status_code == 422
    assert "This change breaks 2 booked visits" in plain(page)
