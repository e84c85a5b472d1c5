"""The page of payers' names: what a match moves is said before, done once, and taken back."""

import re

import pytest

from app.coverage.store import coverages as coverage
from app.patients import store as patients
from app.practice.facts.staff import Role
from tests.store.imports.support import COVERAGE, VISIT, bring
from tests.support import make
from tests.support.queries import counted
from tests.support.web import token_of

ID = make.PRACTICE_ID
LOCAL = "local:aetna-ppo-northeast"
NAME = "Aetna PPO Northeast"


@pytest.fixture
def browser(files):
    return files.browser


@pytest.fixture
def brought(desk, tmp_path):
    bring(desk, tmp_path, [{**VISIT, "payer": NAME}], [{**COVERAGE, "payer": NAME}])
    desk.session.rollback()


def payer(desk):
    who = patients.by_mrn(desk.session, ID, "M1")
    found = coverage.records_of(desk.session, ID, [who])[who][0].payer
    desk.session.rollback()
    return found


def post(browser, address, **form):
    return browser.post(address, data={"csrf_token": token_of(browser, "/imports"), **form})


def test_a_name_is_listed_with_its_suggestion_and_moved_after_a_page_that_says_what_moves(browser, desk, brought):
    page = browser.get("/imports/payers").text
    assert NAME in page
    assert "Same as Aetna" in page
    asked = browser.get(f"/imports/payers/same?name={LOCAL}&payer=aetna").text
    assert "It moves 1 coverage, with 1 booked visit from today on." in " ".join(re.sub("<[^>]+>", "", asked).split())
    assert payer(desk) == LOCAL
    answer = post(browser, "/imports/payers/same", name=LOCAL, payer="aetna")
    assert (answer.status_code, answer.location) == (303, "/imports/payers")
    assert payer(desk) == "aetna"
    after = browser.get("/imports/payers").text
    assert "1 coverage moved, and later files are read the same way." in after
    undo = re.search(r'action="(/imports/payers/[0-9a-f-]+/undo)"', after).group(1)
    assert post(browser, undo).status_code == 303
    assert payer(desk) == LOCAL
    post(browser, undo)
    assert "That was taken back already." in browser.get("/imports/payers").text


def test_a_form_that_comes_twice_moves_once(browser, desk, brought):
    for _ in range(2):
        assert post(browser, "/imports/payers/same", name=LOCAL, payer="aetna").status_code == 303
    assert "Someone has said since what this name is." in browser.get("/imports/payers").text
    assert payer(desk) == "aetna"


def test_a_name_can_be_kept_as_a_payer_of_its_own(browser, desk, brought):
    post(browser, "/imports/payers/own", name=LOCAL)
    page = browser.get("/imports/payers").text
    assert "A payer of its own" in page
    assert "Every payer that your files name is known." in page
    assert payer(desk) == LOCAL


def test_without_a_payer_the_list_says_to_choose_one(browser, brought):
    answer = browser.get(f"/imports/payers/same?name={LOCAL}&payer=")
    assert answer.status_code == 422
    assert "<title>Error: " in answer.text
    assert "Choose the payer of the library that this name means." in answer.text


def test_a_name_or_payer_that_is_not_there_leads_to_the_list(browser, brought):
    assert browser.get("/imports/payers/same?name=local:x&payer=aetna").status_code == 303
    assert browser.get(f"/imports/payers/same?name={LOCAL}&payer=x").status_code == 303


def test_the_list_asks_as_often_for_many_names_as_for_one(browser, desk, brought, tmp_path):
    browser.get("/imports/payers")
    with counted(desk.session.get_bind()) as few:
        browser.get("/imports/payers")
    rows = [
        {**VISIT, "visit_id": f"B{n}", "patient_mrn": f"B{n}", "payer": f"Local Plan {n}", "member_id": "1"}
        for n in range(30)
    ]
    bring(desk, tmp_path, rows)
    desk.session.rollback()
    with counted(desk.session.get_bind()) as many:
        browser.get("/imports/payers")
    assert len(few) == len(many)


def test_who_may_not_import_is_refused(sign_in):
    assert sign_in(Role.PROVIDER).get("/imports/payers").status_code == 403
