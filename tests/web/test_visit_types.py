"""Visit types on their pages: what visits name is listed, mapped once, and changed by two people without a loss."""

import re
from html import unescape

import pytest

from app.platform.caller import Caller
from app.platform.db import db
from app.practice.facts.staff import Role
from app.schedule import actions
from app.schedule import store as schedule
from app.schedule.facts import TypeLine, VisitType
from tests.store.imports.support import VISIT, bring
from tests.support import make
from tests.support.queries import counted
from tests.support.web import equipped, token_of

ID = make.PRACTICE_ID
MOHS = {**VISIT, "code": "", "visit_type": "Mohs Surgery"}


@pytest.fixture
def browser(sign_in):
    return sign_in(Role.COORDINATOR)


@pytest.fixture
def desk(web_app, web_clock):
    with web_app.app_context():
        yield equipped(Caller(db.session(), ID, web_clock, via="test"))


@pytest.fixture
def brought(desk, tmp_path):
    bring(desk, tmp_path, [MOHS, {**MOHS, "visit_id": "A2", "visit_type": "mohs surgery"}, {**VISIT, "visit_id": "A3"}])
    desk.session.rollback()


def lines(desk, reference="A1"):
    found = schedule.visit_by_reference(desk.session, ID, reference).lines
    desk.session.rollback()
    return [(line.code, line.units) for line in found]


def post(browser, version="0", key="mohssurgery", **fields):
    form = {"csrf_token": token_of(browser, f"/schedule/types/{key}"), "version": version}
    form |= {name.replace("_", "-"): text for name, text in fields.items()}
    return browser.post(f"/schedule/types/{key}", data=form)


def test_types_are_listed_and_mapped_once_for_all_their_visits(browser, desk, brought):
    page = browser.get("/schedule/types").text
    assert "Mohs Surgery" in page or "mohs surgery" in page
    assert "Not mapped" in page
    assert re.search(r'data-label="Visits" class="number">2<', page)
    answer = post(browser, code_1="17311", units_1="1", code_2="17312", units_2="3")
    assert (answer.status_code, answer.location) == (303, "/schedule/types")
    assert (lines(desk), lines(desk, "A2")) == ([("17311", 1), ("17312", 3)],) * 2
    after = browser.get("/schedule/types").text
    assert "2 visits got their lines." in after
    assert "17312, 3 units" in after
    assert 'value="17311"' in browser.get("/schedule/types/mohssurgery").text


def test_errors_stand_beside_their_fields_and_nothing_typed_is_lost(browser, desk, brought):
    answer = post(browser, code_1="1731", units_1="many", code_2="17312")
    text = unescape(answer.text)
    assert answer.status_code == 422
    assert "<title>Error: Visit type - Cleared</title>" in text
    assert 'id="code-1-error">Write five characters, such as 17000 or J2357.' in text
    assert 'id="units-1-error">Units are a whole number from 1 to 1000.' in text
    for typed in ('value="1731"', 'value="many"', 'value="17312"'):
        assert typed in text
    assert lines(desk) == [(None, 1)]


def test_two_people_see_both_and_nothing_is_saved(browser, desk, brought):
    actions.map_type(desk, VisitType("Mohs Surgery", (TypeLine("17313"),)))
    answer = post(browser, code_1="17311")
    assert answer.status_code == 409
    assert "Someone has changed this type since you opened it" in answer.text
    assert "17313" in answer.text
    assert 'value="17311"' in answer.text
    assert lines(desk) == [("17313", 1)]
    version = re.search(r'name="version" value="(\d+)"', answer.text).group(1)
    assert post(browser, version=version, code_1="17311").status_code == 303
    assert lines(desk) == [("17311", 1)]


def test_a_form_that_comes_twice_is_stored_once(browser, desk, brought):
    assert [post(browser, code_1="17311").status_code for _ in range(2)] == [303, 303]
    assert schedule.visit_types(desk.session, ID)["mohssurgery"].version == 1


def test_a_type_that_nobody_names_is_not_there(browser, brought):
    assert browser.get("/schedule/types/unheard").status_code == 404


def test_a_list_without_types_says_where_they_come_from(browser):
    assert "No visit on file names an appointment type." in browser.get("/schedule/types").text


def test_the_list_asks_as_often_for_many_types_as_for_one(browser, desk, brought, tmp_path):
    browser.get("/schedule/types")
    with counted(desk.session.get_bind()) as few:
        browser.get("/schedule/types")
    bring(desk, tmp_path, [{**MOHS, "visit_id": f"B{n}", "visit_type": f"Type {n}"} for n in range(40)])
    desk.session.rollback()
    with counted(desk.session.get_bind()) as many:
        browser.get("/schedule/types")
    assert len(few) == len(many)


def test_who_may_not_import_is_refused(sign_in):
    assert sign_in(Role.PROVIDER).get("/schedule/types").status_code == 403
