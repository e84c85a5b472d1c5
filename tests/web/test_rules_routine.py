"""Routine services: asked once, for one payer or several, and saved for all of them or none."""

import re
from datetime import UTC, datetime, timedelta
from html import unescape

import pytest

from app.platform.caller import Caller
from app.platform.db import db
from app.policies.actions.recording import end_practice_rule
from app.policies.store.practice import kept_rules, practice_rules
from app.practice.facts.staff import Role
from tests.support import make
from tests.support.desk import DAY, PAYER, PAYER_NAME, TODAY, Booking, Desk
from tests.support.queries import counted
from tests.support.web import equipped, token_of

ADDRESS = "/rules/routine"
TYPED = {"basis_kind": "tool", "source_day": "3/1/2026", "basis": "", "until": "12/31/2026", "line": "", "plan": ""}


@pytest.fixture
def desk(web_app, web_clock):
    """A furnished practice with a judged day; its payer came with the files."""
    with web_app.app_context():
        desk = Desk(equipped(Caller(db.session(), make.PRACTICE_ID, web_clock, via="test"))).furnish()
        desk.book(*DAY)
        desk.imported().judge()
        yield desk


@pytest.fixture
def browser(desk, sign_in):
    return sign_in(Role.COORDINATOR)


def words(page):
    """A page's text without its tags."""
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", page.text)).split())


def form_of(browser, *payers, **typed):
    """The page as first shown, filled in: the token and the id that it carries, all codes that are ticked."""
    page = browser.get(ADDRESS, query_string={"payer": payers})
    once = re.search(r'name="once" value="([^"]+)"', page.text)
    codes = re.findall(r'name="code" value="(\w+)" checked', page.text)
    assert once
    token = token_of(browser, ADDRESS)
    return TYPED | {"once": once[1], "csrf_token": token, "payer": list(payers), "code": codes} | typed


def rules_on_file(desk):
    """The practice's rules of routine services."""
    desk.session.rollback()
    return [rule for rule in practice_rules(desk.session, desk.practice_id) if rule.routine]


def test_all_offered_services_are_ticked_at_first_and_the_payer_of_the_address_is_chosen(browser):
    page = browser.get(ADDRESS, query_string={"payer": PAYER})
    assert page.status_code == 200
    ticked = re.findall(r'name="code" value="(\w+)" checked', page.text)
    assert len(ticked) == len(set(ticked)) == 130
    assert re.search(rf'name="payer" value="{PAYER}" checked', page.text)
    assert f"{PAYER_NAME} not asked yet" in words(page)
    assert 'value="12/31/2026"' in page.text
    assert "Office visits all 9" in words(page)


def test_one_form_confirms_several_payers_in_one_action_and_says_what_changed(browser, desk):
    form = form_of(browser, PAYER, "aetna", code=["99213", "11102"], plan="PPO Gold", basis="section 4")
    page = browser.post(ADDRESS, data=form, follow_redirects=True)
    assert page.status_code == 200
    assert "Routine services are confirmed for 2 payers." in words(page)
    rules = rules_on_file(desk)
    assert {rule.payer for rule in rules} == {PAYER, "aetna"}
    for rule in rules:
        assert rule.codes == {"99213", "11102"}
        assert rule.plans == {"PPO Gold"}
        assert (rule.span.begins, rule.span.ends) == (TODAY, TODAY.replace(month=12, day=31))
    actions = {one.action for one in kept_rules(desk.session, desk.practice_id) if one.rule.routine}
    assert len(actions) == 1


def test_a_form_sent_twice_does_its_work_once(browser, desk):
    form = form_of(browser, PAYER)
    assert browser.post(ADDRESS, data=form).status_code == 303
    page = browser.post(ADDRESS, data=form, follow_redirects=True)
    assert "nothing was saved twice" in words(page)
    assert len(rules_on_file(desk)) == 1


def test_undo_takes_back_all_of_it(browser, desk):
    form = form_of(browser, PAYER, "aetna")
    page = browser.post(ADDRESS, data=form, follow_redirects=True)
    undo = re.search(r'action="(/rules/undo/[^"]+)"', page.text)
    assert undo
    token = {"csrf_token": form["csrf_token"]}
    assert "It is undone." in words(browser.post(undo[1], data=token, follow_redirects=True))
    assert rules_on_file(desk) == []
    assert "It was undone before." in words(browser.post(undo[1], data=token, follow_redirects=True))


def test_confirming_anew_ends_the_earlier_word_and_keeps_it_on_file(browser, desk, web_clock):
    browser.post(ADDRESS, data=form_of(browser, PAYER))
    web_clock.instant = datetime(2026, 3, 9, 15, 0, tzinfo=UTC)
    form = form_of(browser, PAYER, code=["99213"], source_day="t", until="6/30/2026")
    assert browser.post(ADDRESS, data=form).status_code == 303
    old, new = sorted(rules_on_file(desk), key=lambda rule: rule.span.begins)
    assert (len(old.codes), old.span.ends.isoformat()) == (130, "2026-03-08")
    assert (new.codes, new.span.begins.isoformat(), new.span.ends.isoformat()) == (
        {"99213"},
        "2026-03-09",
        "2026-06-30",
    )


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ({"payer": []}, "Choose at least one payer."),
        ({"payer": ["local:nobody"]}, "Choose at least one payer."),
        ({"code": []}, "Tick at least one service."),
        ({"code": ["J0585", "15823"]}, "Tick at least one service."),
        ({"basis_kind": ""}, "Choose on what it rests, like the payer's look-up tool."),
        ({"source_day": ""}, "Enter the day on which the look-up tool was asked, like 03/02/2026."),
        ({"basis_kind": "list", "source_day": ""}, "Enter the day of the payer's list, like 03/02/2026."),
        ({"source_day": "soon"}, "The day must be a date, like 03/02/2026; found soon."),
        ({"source_day": "3/3/2026"}, "The day must be today, 03/02/2026, or earlier; found Tue 03/03/2026."),
        ({"basis_kind": "call", "basis": " "}, "Enter the reference of the call, like 7781-A."),
        ({"basis_kind": "claims", "basis": "many"}, "Enter how many claims of how many were paid, like 41 of 41."),
        ({"basis_kind": "claims", "basis": "42 of 41"}, "Enter how many claims of how many were paid, like 41 of 41."),
        ({"basis": "x" * 201}, "The text must have at most 200 characters; you entered 201."),
        ({"until": ""}, "Enter the date until which it holds, like 12/31/2026."),
        ({"until": "13/13/2026"}, "End date must be a date, like 12/31/2026; found 13/13/2026."),
        (
            {"until": "3/1/2026"},
            "End date must be the same as or after 03/02/2026, the day on which it begins; found Sun 03/01/2026.",
        ),
        ({"until": "3/3/2027"}, "End date must be on or before 03/02/2027, 12 months on; found Wed 03/03/2027."),
        ({"plan": "x" * 81}, "Plan must have at most 80 characters; you entered 81."),
        ({"line": "gold"}, "Choose a line of business from the list, or none."),
    ],
)
def test_what_cannot_be_saved_is_said_beside_its_field_and_what_was_typed_stays(browser, desk, typed, says):
    form = form_of(browser, PAYER, code=["99213", "17311"], basis="section 4") | typed
    page = browser.post(ADDRESS, data=form)
    assert page.status_code == 422
    assert "<title>Error: Routine services - Cleared</title>" in page.text
    assert words(page).count(says) == 2, "in the summary and beside the field"
    if "code" not in typed:
        assert re.findall(r'name="code" value="(\w+)" checked', page.text) == ["99213", "17311"]
    if "basis" not in typed:
        assert 'value="section 4"' in page.text
    assert rules_on_file(desk) == []


def test_the_last_day_of_twelve_months_can_be_saved(browser, desk):
    assert browser.post(ADDRESS, data=form_of(browser, PAYER, until="3/2/2027")).status_code == 303
    assert rules_on_file(desk)[0].span.ends.isoformat() == "2027-03-02"


def test_who_may_not_edit_rules_does_not_come_here(desk, sign_in):
    browser = sign_in(Role.SCHEDULER)
    assert browser.get(ADDRESS).status_code == 403


def test_the_number_of_queries_does_not_grow_with_payers(browser, desk):
    counts = []
    for payers in ((PAYER,), (PAYER, "aetna", "medicare_ffs")):
        with counted(db.engine) as seen:
            assert browser.get(ADDRESS, query_string={"payer": payers}).status_code == 200
        counts.append(len(seen))
        browser.post(ADDRESS, data=form_of(browser, *payers))
    assert counts[0] == counts[1]


def test_every_green_line_that_rests_on_it_says_so(browser, desk):
    visit = desk.book(Booking(13, "Nowak", "Eva", "office"))[0]
    rule = next(one for one in kept_rules(desk.session, desk.practice_id) if "99213" in one.rule.codes)
    end_practice_rule(desk.caller, rule.rule, TODAY - timedelta(days=1), "manual changed")
    desk.judge()
    address = f"/visits/{visit}"
    assert "No approval needed" not in words(browser.get(address))
    page = browser.post(ADDRESS, data=form_of(browser, PAYER), follow_redirects=True)
    assert re.search(r"Routine services are confirmed for 1 payer\. \d+ visits have another answer now\.", words(page))
    says = f"No approval needed: routine services of {PAYER_NAME}, payer's look-up tool 03/01/2026, until 12/31/2026"
    assert says in words(browser.get(address))


def test_all_that_is_missing_is_said_at_once(browser):
    empty = {"payer": [], "code": [], "basis_kind": "", "source_day": "", "until": ""}
    page = browser.post(ADDRESS, data=form_of(browser, PAYER) | empty)
    text = words(page)
    assert "5 things need mending" in text
    assert text.count("Enter the day of the source, like 03/02/2026.") == 2
