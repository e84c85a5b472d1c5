"""Plan changes on a page: each with its visits and requests, and the new plan's word recorded by a form."""

import re
from dataclasses import replace

import pytest

from app.eligibility.jobs.sentinel import watch_plans
from app.eligibility.store import sentinel as store
from app.platform.db import db, writing
from app.platform.ids import new_id
from app.practice.facts.staff import Role
from app.values.scope import EVERYTHING
from app.web.wiring import wire
from tests.support.queries import counted
from tests.support.switching import AFTER, KINDS, Switchers
from tests.support.web import TOKEN


@pytest.fixture
def browser(sign_in, caller, web_clock):
    """A coordinator, after everything has switched."""
    wire()
    switchers = Switchers(caller, len(KINDS))
    switchers.switch()
    watch_plans(caller)
    web_clock.instant = AFTER
    return sign_in(Role.COORDINATOR)


def _form(browser, nth=0):
    page = browser.get("/eligibility/changes").text
    address = re.findall(r'href="(/eligibility/changes/confirm/[^"]+)"', page)[nth]
    shown = browser.get(address).text
    return address, TOKEN.search(shown)[1], re.search(r'name="key" value="([^"]+)"', shown)[1], shown


def _send(browser, address, token, key, **fields):
    known = {"csrf_token": token, "key": key, "reference": "REF-7", "begins": "1/1/2027", "until": "3/31/2027"}
    return browser.post(address, data=known | fields)


def test_each_change_is_listed_with_its_visits_and_requests(browser):
    page = browser.get("/eligibility/changes")
    assert page.status_code == 200
    for words in (
        "Old-Plan became New-Plan", "Group G-2, before G-1", "Old-Plan: another member id than before",
        "Old-Plan says inactive",
        "Visits that stand otherwise since", "continuity request", "Record what the plan said", "422.112(b)(8)",
    ):  # fmt: skip
        assert words in page.text, words
    assert "Member008" not in page.text, "nothing of this one changed"


def test_the_new_plans_word_makes_the_approval_usable(browser):
    address, token, key, _shown = _form(browser)
    assert _send(browser, address, token, key).status_code == 303
    page = browser.get("/eligibility/changes").text
    assert "The new plan lets it go on to 03/31/2027" in page
    assert _send(browser, address, token, key).status_code == 303, "a double click counts once"


def test_faults_stand_beside_their_fields(browser):
    address, token, key, _shown = _form(browser)
    page = _send(browser, address, token, key, reference="", begins="x", until="")
    assert page.status_code == 422
    assert "<title>Error: What the new plan said - Cleared</title>" in page.text
    for words in ("reference, at most 80", "Enter the first day", "Enter the last day"):
        assert words in page.text
    long = _send(browser, address, token, key, until="12/31/2027")
    assert long.status_code == 422 and "more than 90 days, which end 03/31/2027" in long.text
    assert _send(browser, address, token, key, until="12/31/2027", longer="yes").status_code == 303


def test_another_case_has_no_such_form(browser):
    page = browser.get("/eligibility/changes").text
    approval = re.search(r'href="/cases/([^"]+)"', page)[1]
    assert browser.get(f"/eligibility/changes/confirm/{approval}").status_code == 404


def test_the_number_of_queries_is_fixed(browser, caller, web_app):
    def queries():
        with web_app.app_context(), counted(db.engine) as seen:
            assert browser.get("/eligibility/changes").status_code == 200
        return len(seen)

    queries()
    few = queries()
    change = next(iter(store.listed(caller.session, caller.practice_id, EVERYTHING, None, 1)))
    with writing(caller.session) as session:
        more = [
            replace(change, id=new_id(), coverage_id=new_id(), after=replace(change.after, plan=f"Other {number}"))
            for number in range(5)
        ]
        store.add_changes(session, caller.practice_id, more)
        for one in more:
            store.note_worked(session, caller.practice_id, one.id, AFTER, True)
    assert queries() == few


def test_an_address_that_is_none_begins_at_the_first(browser):
    assert browser.get("/eligibility/changes?after=nonsense").text.count("<h2>") > 3


def test_the_case_and_the_patient_say_that_the_approval_is_not_usable(browser):
    page = browser.get("/eligibility/changes").text
    patient = re.search(r'href="(/patients/[^"]+)"', page)[1]
    said = "this approval is not usable by itself"
    found = re.findall(r'href="(/cases/[^"]+)">Approval A', page)
    assert said in browser.get(found[0]).text
    assert any(said in browser.get(one).text for one in set(re.findall(r'href="(/patients/[^"]+)"', page)))
    assert browser.get(patient).status_code == 200
    address, token, key, _shown = _form(browser)
    request = address.rsplit("/", 1)[1]
    approval = re.search(rf'href="(/cases/[^"]+)">Approval A[^<]*</a>:\s*<a href="/cases/{request}"', page)[1]
    assert _send(browser, address, token, key).status_code == 303
    assert "The new plan lets it go on to 03/31/2027" in browser.get(approval).text
