"""Undo an import from its page: what it will do, what it did, what stays; twice, too late, while another works."""

from dataclasses import replace
from datetime import timedelta

import pytest

from app.imports.store import runs
from app.platform.lock import held
from app.practice.facts.staff import Role
from app.schedule import actions as types
from app.schedule import store as schedule
from app.schedule.facts import TypeLine, VisitType
from tests.store.imports.support import VISIT, bring
from tests.support import make
from tests.support.queries import counted
from tests.support.web import token_of

ID = make.PRACTICE_ID


@pytest.fixture
def browser(files):
    return files.browser


def run_of(desk, tmp_path, rows):
    """Bring a schedule in by the command line. Returns its run."""
    bring(desk, tmp_path, rows)
    return runs.past_runs(desk.session, ID, None, 1)[0].id


def undo(browser, run_id):
    form = {"csrf_token": token_of(browser, "/imports")}
    return browser.post(f"/imports/{run_id}/undo", data=form)


def test_the_page_says_what_will_happen_and_what_happened(browser, desk, tmp_path):
    run_id = run_of(desk, tmp_path, [VISIT, {**VISIT, "visit_id": "A2"}])
    listed = browser.get("/imports").text
    assert f'href="/imports/{run_id}/undo"' in listed
    page = browser.get(f"/imports/{run_id}/undo").text
    for said in ("Undo this import?", "2 visits", "1 patient", "1 site", "1 provider", "Possible until 03/03/2026"):
        assert said in page
    answer = undo(browser, run_id)
    assert (answer.status_code, answer.location) == (303, f"/imports/{run_id}/undo")
    after = browser.get(answer.location).text
    assert "This import is undone" in after
    assert "Nothing of it is left." in after
    assert schedule.visit_by_reference(desk.session, ID, "A1") is None
    assert "Undone" in browser.get("/imports").text


def test_a_second_undo_says_that_it_is_undone(browser, desk, tmp_path):
    run_id = run_of(desk, tmp_path, [VISIT])
    assert [undo(browser, run_id).status_code for _ in range(2)] == [303, 303]
    page = browser.get(f"/imports/{run_id}/undo").text
    assert "This import is undone" in page
    assert '<button class="btn btn-primary"' not in page


def test_what_stays_is_named_by_its_visit(browser, desk, tmp_path):
    run_id = run_of(desk, tmp_path, [{**VISIT, "code": "", "visit_type": "Mohs"}, {**VISIT, "visit_id": "A2"}])
    types.map_type(desk, VisitType("Mohs", (TypeLine("17311"),)))
    undo(browser, run_id)
    page = browser.get(f"/imports/{run_id}/undo").text
    assert "1 visit changed since, or needed by other records, stays as it is." in page
    assert "Visit A1" in page
    assert "Visit A2" not in page


def test_after_a_day_it_is_too_late(browser, desk, tmp_path):
    yesterday = replace(desk, clock=make.clock(make.NOW - timedelta(hours=24)))
    run_id = run_of(yesterday, tmp_path, [VISIT])
    page = browser.get(f"/imports/{run_id}/undo").text
    assert "This import can no longer be undone" in page
    assert f"/imports/{run_id}/undo" not in browser.get("/imports").text
    answer = undo(browser, run_id)
    assert (answer.status_code, answer.location) == (303, "/imports")
    assert "its 24 hours are over. Nothing was changed." in browser.get("/imports").text
    assert schedule.visit_by_reference(desk.session, ID, "A1") is not None


def test_while_another_import_works_nothing_is_undone(browser, desk, tmp_path):
    run_id = run_of(desk, tmp_path, [VISIT])
    with held(desk.session.get_bind(), f"import-{ID.hex}"):
        answer = undo(browser, run_id)
    assert answer.status_code == 409
    assert "Another import works on this practice now, so nothing was undone." in answer.text
    assert schedule.visit_by_reference(desk.session, ID, "A1") is not None


def test_an_unknown_run_is_not_found(browser):
    assert (
        browser.post(f"/imports/{make.an_id(5)}/undo", data={"csrf_token": token_of(browser, "/imports")}).status_code
        == 404
    )
    assert browser.get(f"/imports/{make.an_id(5)}/undo").status_code == 404


def test_the_page_asks_as_often_for_few_as_for_many(browser, desk, tmp_path):
    first = run_of(desk, tmp_path, [VISIT])
    many = run_of(desk, tmp_path, [{**VISIT, "visit_id": f"B{n}", "patient_mrn": f"M{n}"} for n in range(60)])
    desk.session.rollback()
    browser.get(f"/imports/{first}/undo")
    with counted(desk.session.get_bind()) as few:
        browser.get(f"/imports/{first}/undo")
    with counted(desk.session.get_bind()) as lots:
        browser.get(f"/imports/{many}/undo")
    assert len(few) == len(lots)


def test_who_may_not_import_may_not_undo(sign_in):
    browser = sign_in(Role.PROVIDER)
    assert browser.get(f"/imports/{make.an_id(5)}/undo").status_code == 403
