"""How plans are asked: what is missing is said, a payer's id is checked, kept, and not overwritten unseen."""

import re

import pytest

from app.eligibility.facts.asking import Detail
from app.eligibility.store import asking as store
from app.policies.actions.payers import choose_payers
from app.practice.facts.staff import Role
from tests.support import make
from tests.support.web import TOKEN

PAYER = "aetna"


@pytest.fixture
def browser(sign_in, caller):
    """A coordinator of a practice that works with one payer."""
    choose_payers(caller, [PAYER], True)
    return sign_in(Role.COORDINATOR)


def _save(browser, **fields):
    page = browser.get(f"/rules/asking/{PAYER}").text
    version = re.search(r'name="version" value="(\d+)"', page)[1]
    known = {"csrf_token": TOKEN.search(page)[1], "version": version, "payer_id": "60054", "detail": "office"}
    return browser.post(f"/rules/asking/{PAYER}", data=known | fields)


def test_what_is_missing_is_said(browser):
    page = browser.get("/rules/asking")
    assert page.status_code == 200
    assert "No clearinghouse is set up" in page.text
    assert "Not asked: its id is missing" in page.text
    assert "No file was made yet." in page.text


def test_a_payer_gets_its_id_and_the_page_shows_it(browser, caller):
    assert _save(browser, payer_id=" 600 54 ", detail="dermatology", procedures="yes").status_code == 303
    page = browser.get("/rules/asking").text
    assert "60054" in page and "dermatology (30, 98, DG), and the planned codes" in page
    route = store.routes(caller.session, make.PRACTICE_ID)[PAYER]
    assert (route.payer_id, route.detail, route.procedures, route.version) == ("60054", Detail.DERMATOLOGY, True, 1)


def test_faults_stand_beside_their_fields_and_what_was_typed_stays(browser):
    page = _save(browser, payer_id="6*54", detail="all", clearinghouse="nowhere")
    assert page.status_code == 422
    assert "<title>Error: How a plan is asked - Cleared</title>" in page.text
    assert 'value="6*54"' in page.text
    for sentence in ("at most 20 letters and digits", "Choose a clearinghouse", "Choose how much"):
        assert sentence in page.text


def test_who_was_slower_overwrites_nothing(browser):
    _save(browser)
    page = _save(browser, version="0", payer_id="99999")
    assert page.status_code == 409
    assert "On file now: id 60054" in page.text and 'value="99999"' in page.text
    assert "60054" in browser.get("/rules/asking").text


def test_a_payer_of_nobody_is_not_there(browser):
    assert browser.get("/rules/asking/nobody").status_code == 404


def test_a_scheduler_reads_and_does_not_change(sign_in, caller):
    choose_payers(caller, [PAYER], True)
    browser = sign_in(Role.SCHEDULER)
    assert browser.get("/rules/asking").status_code == 200
    assert browser.get(f"/rules/asking/{PAYER}").status_code == 403
