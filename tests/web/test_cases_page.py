"""The list of cases: which need work, in what order?"""

import re
from datetime import timedelta

import pytest

from app.casework.facts.casebook import case_code
from app.platform.caller import Caller
from app.platform.db import db
from app.practice.facts.staff import Role
from app.practice.store import staff as practice_store
from tests.support import make
from tests.support.casebook import Cases, one_of_each
from tests.support.desk import TODAY, Desk
from tests.support.web import EMAIL, equipped

ROW = re.compile(r"<tr data-row[^>]*>(.*?)</tr>", re.DOTALL)
CODE = re.compile(r"data-open>(A-[0-9A-F]{6})<")
NEXT = re.compile(r'href="([^"]+)" rel="next">')
PREVIOUS = re.compile(r'href="([^"]+)" rel="prev">')
DAY = timedelta(days=1)


@pytest.fixture
def cases(web_app, web_clock):
    """A practice with sites, people and a payer, and no case yet."""
    with web_app.app_context():
        yield Cases(Desk(equipped(Caller(db.session(), make.PRACTICE_ID, web_clock, via="test"))).furnish())


def me(cases):
    """The id of the person who signed in."""
    people = practice_store.staff_of(cases.session, cases.practice_id)
    return next(one.id for one in people if one.email == EMAIL)


def codes_of(page):
    """Read the cases that a page lists, in its order."""
    return CODE.findall(page.text)


def count_beside(page, words):
    """Read the count beside a view."""
    return re.search(rf'>{words} <span class="count">([\d+]+)<', page.text).group(1)


def test_each_view_lists_its_cases(cases, sign_in):
    browser = sign_in(Role.COORDINATOR)
    made = one_of_each(cases, me(cases))
    cases.listed()
    open_ones = set(made) - {"expiring", "units", "closed"}
    expected = {
        "mine": {"mine"},
        "week": {"mine", "week", "info"},
        "payer": {"mine", "payer", "plan"},
        "info": {"info"},
        "adverse": {"adverse"},
        "expiring": {"expiring"},
        "units": {"units"},
        "unassigned": open_ones - {"mine"},
        "retro": {"retro"},
        "plan": {"plan"},
        "open": open_ones,
        "defect": open_ones - {"mine"},
        "all": set(made),
        "provider": set(),
        "snoozed": set(),
    }
    names = {case_code(case): name for name, case in made.items()}
    for view, wanted in expected.items():
        page = browser.get(f"/cases?view={view}")
        assert page.status_code == 200
        assert {names[code] for code in codes_of(page)} == wanted, view


def test_what_is_due_first_stands_first_and_what_has_no_day_last(cases, sign_in):
    browser = sign_in(Role.COORDINATOR)
    later, first, none = cases.add(due=TODAY + 5 * DAY), cases.add(due=TODAY - DAY), cases.add()
    cases.listed()
    page = browser.get("/cases")
    assert codes_of(page) == [case_code(one) for one in (first, later, none)]
    overdue, _later, undated = ROW.findall(page.text)
    assert "Overdue" in overdue and "Call the payer" in overdue
    assert "No day" in undated and "None</td>" in undated
