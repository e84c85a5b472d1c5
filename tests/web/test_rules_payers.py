"""The payers' list and one payer's page."""

import re
import shutil
from datetime import UTC, datetime
from html import unescape

import pytest

from app.platform.caller import Caller
from app.platform.db import db
from app.policies.actions.library import SHIPPED, refresh_rules
from app.policies.actions.payers import choose_payers, rules_to_verify, working_payers
from app.practice.facts.staff import Role
from tests.support import make
from tests.support.desk import PAYER, PAYER_NAME, Desk
from tests.support.queries import counted
from tests.support.rule_files import put_in_force
from tests.support.web import equipped, token_of

LATE = datetime(2026, 12, 1, 15, 0, tzinfo=UTC)


@pytest.fixture
def desk(web_app, web_clock):
    """A furnished practice on a day some days after the shipped sources were read."""
    web_clock.instant = LATE
    with web_app.app_context():
        yield Desk(equipped(Caller(db.session(), make.PRACTICE_ID, web_clock, via="test"))).furnish()


@pytest.fixture
def browser(desk, sign_in):
    return sign_in(Role.COORDINATOR)


def words(page):
    """A page's text without its tags."""
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", page.text)).split())


def test_a_payer_that_a_file_brought_is_on_and_nobody_asked_yet(browser):
    text = words(browser.get("/rules"))
    assert f"{PAYER_NAME} No rules on file Not applicable Routine services not asked yet 2 own rules Turn off" in text
    assert "1 payer has no word on routine services yet." in text
    assert "Other payers of the library" in text


def test_several_payers_are_turned_on_at_once_and_their_routine_services_come_next(browser, desk):
    form = {"payer": ["aetna", "medicare_ffs"], "csrf_token": token_of(browser, "/rules")}
    answer = browser.post("/rules", data=form)
    assert (answer.status_code, answer.location) == (303, "/rules/routine?payer=aetna&payer=medicare_ffs")
    page = browser.get(answer.location)
    assert "2 payers are turned on. Their routine services come next." in words(page)
    assert len(re.findall(r'name="payer" value="[a-z_]+" checked', page.text)) == 2
    desk.session.rollback()
    assert set(working_payers(desk.caller)) == {PAYER, "aetna", "medicare_ffs"}
    undo = unescape(re.search(r'action="(/rules\?[^"]+)"', page.text)[1])
    assert "2 payers are turned off." in words(browser.post(undo, data=form | {"payer": []}, follow_redirects=True))
    desk.session.rollback()
    assert set(working_payers(desk.caller)) == {PAYER}


def test_a_payer_is_turned_off_and_undo_turns_it_on_again(browser, desk):
    form = {"payer": PAYER, "turn": "off", "csrf_token": token_of(browser, "/rules")}
    page = browser.post("/rules", data=form, follow_redirects=True)
    assert "1 payer is turned off." in words(page)
    assert "No payers are turned on yet." in words(page)
    undo = unescape(re.search(r'action="(/rules\?[^"]+)"', page.text)[1])
    browser.post(undo, data={"csrf_token": form["csrf_token"]})
    desk.session.rollback()
    assert set(working_payers(desk.caller)) == {PAYER}


@pytest.mark.parametrize(
    ("payers", "says"),
    [([], "Tick at least one payer."), (["nobody"], "A payer that was ticked is not on file. Choose from the list.")],
)
def test_what_cannot_be_turned_on_is_said(browser, payers, says):
    page = browser.post("/rules", data={"payer": payers, "csrf_token": token_of(browser, "/rules")})
    assert page.status_code == 422
    assert words(page).count(says) == 2
    assert "<title>Error: Rules - Cleared</title>" in page.text


def test_rules_read_long_ago_or_from_memory_are_told_and_listed_for_today(browser, desk, web_clock):
    choose_payers(desk.caller, ["aetna"], turned_on=True)
    memories = rules_to_verify(desk.caller)
    assert memories and {one.why for one in memories} == {"memory"}
    assert f"{len(memories)} to ask" in words(browser.get("/rules"))
    assert f"{len(memories)} rules from memory, never verified." in words(browser.get("/rules/aetna"))
    web_clock.instant = LATE.replace(year=2027, month=3)
    old = [one for one in rules_to_verify(desk.caller) if one.why == "old"]
    assert old and {one.payer for one in old} == {"aetna"}


def test_one_payer_shows_rules_ways_sources_and_their_age(browser):
    page = browser.get("/rules/medicare_ffs")
    text = words(page)
    assert page.status_code == 200
    assert "Original Medicare (Part B, MAC administered)" in text
    assert "Sources, the longest unread first" in text
    assert re.search(r"read 11/\d\d/2026 ?\. .*Rule medicare_ffs/", text)
    assert re.search(r'<a href="https://[^"]+" rel="noreferrer">', page.text)
    topic = browser.get("/rules/medicare_ffs?topic=mohs")
    assert "Rule medicare_ffs/mohs#" in words(topic) and "Rule medicare_ffs/cosmetic#" not in words(topic)
    assert browser.get("/rules/nobody").status_code == 404


def test_a_payer_without_rules_says_so(browser):
    text = words(browser.get(f"/rules/{PAYER}"))
    assert "None on file: a file brought this payer, and the library does not know it." in text
    assert "Record what the payer says" in text


def test_what_a_new_rule_set_says_otherwise_is_told_in_words(browser, desk, tmp_path):
    folder = tmp_path / "rules"
    shutil.copytree(SHIPPED, folder)
    refresh_rules(desk.caller, folder)
    file = folder / "aetna" / "phototherapy.yaml"
    text = file.read_text()
    assert "approval: not_required" in text
    file.write_text(text.replace("approval: not_required", "approval: required", 1))
    version = put_in_force(desk.caller, folder)
    shown = words(browser.get("/rules/aetna"))
    assert f"Since 12/01/2026 rules {version[:12]}" in shown
    assert "96900, 96910 and 96912: was not required, is required." in shown
    assert "The first rules at this practice." in shown
    assert "was not required" not in words(browser.get("/rules/medicare_ffs"))


def test_the_number_of_queries_does_not_grow_with_payers_and_versions(browser, desk, tmp_path):
    counts = []
    for _ in range(2):
        with counted(db.engine) as seen:
            browser.get("/rules")
        counts.append(len(seen))
        choose_payers(desk.caller, ["aetna", "medicare_ffs", "texas_medicaid"], turned_on=True)
    assert counts[0] == counts[1]


def test_who_may_only_see_rules_turns_nothing_on(desk, sign_in):
    browser = sign_in(Role.PROVIDER)
    page = browser.get("/rules")
    assert page.status_code == 200
    assert "Turn on what is ticked" not in page.text and "Turn off" not in page.text
    assert browser.post("/rules", data={"csrf_token": token_of(browser, "/finder")}).status_code in (400, 403)


def test_the_finder_leads_to_a_form_that_holds_payer_code_and_place(browser):
    page = browser.get("/finder", query_string={"payer": PAYER_NAME, "code": "96999", "pos": "11"})
    address = unescape(re.search(r'href="(/rules/practice/new[^"]+)"', page.text)[1])
    form = browser.get(address)
    assert f'<option value="{PAYER}" selected>' in form.text
    assert ">96999</textarea>" in form.text
    assert re.search(r'name="places"[^>]+value="11"', form.text)
    assert 'value="call" checked' in form.text
