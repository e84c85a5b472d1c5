"""Verify rules of the library: one or several on one basis; what changed meanwhile; memory stays memory; undo."""

import re
import shutil
from datetime import UTC, datetime
from html import unescape

import pytest

from app.platform.caller import Caller
from app.platform.db import db
from app.policies.actions.library import SHIPPED, current_book
from app.policies.facts.levels import Level
from app.policies.rules.freshness import freshness
from app.policies.store.verifications import last_verifications, verified_days
from app.practice.facts.staff import Role
from tests.support import make
from tests.support.desk import Desk
from tests.support.queries import counted
from tests.support.rule_files import put_in_force
from tests.support.web import equipped, token_of

ADDRESS = "/rules/aetna/verify"
LATE = datetime(2027, 8, 2, 15, 0, tzinfo=UTC)
BASIS = {"basis_kind": "call", "source_day": "8/2/2027", "basis": "7781-A"}


@pytest.fixture
def desk(web_app, web_clock):
    """A furnished practice on a day over 180 days after the shipped sources were read."""
    web_clock.instant = LATE
    with web_app.app_context():
        yield Desk(equipped(Caller(db.session(), make.PRACTICE_ID, web_clock, via="test"))).furnish()


@pytest.fixture
def browser(desk, sign_in):
    return sign_in(Role.COORDINATOR)


def words(page):
    """A page's text without its tags."""
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", page.text)).split())


def form_of(browser, count, **typed):
    """The form as shown with the first rules ticked."""
    page = browser.get(ADDRESS)
    once = re.search(r'name="once" value="([^"]+)"', page.text)[1]
    ticks = [unescape(one) for one in re.findall(r'name="rule" value="([^"]+)"', page.text)]
    return BASIS | {"once": once, "csrf_token": token_of(browser, ADDRESS), "rule": ticks[:count]} | typed


def fresh(desk):
    desk.session.rollback()
    book = current_book(desk.session, desk.practice_id)
    return freshness(book, LATE.date(), verified_days(desk.session, desk.practice_id))["aetna"]


def test_several_rules_are_verified_on_one_basis_and_undo_takes_it_back(browser, desk):
    before = fresh(desk)
    assert before.ask == before.rules
    form = form_of(browser, 3)
    page = browser.post(ADDRESS, data=form, follow_redirects=True)
    assert "3 rules are verified." in words(page)
    assert "nothing was saved twice" in words(browser.post(ADDRESS, data=form, follow_redirects=True))
    assert f"{before.ask - 3} to ask 0 to verify soon 3 fresh" in words(page)
    after = fresh(desk)
    assert (after.ask, after.soon, after.newest) == (before.ask - 3, 0, LATE.date())
    assert f"{before.ask - 3:,} to ask 3 fresh" in words(browser.get("/rules"))
    verified = [*last_verifications(desk.session, desk.practice_id, "aetna").values()]
    assert {(one.how, one.note, one.by is not None) for one in verified} == {("call", "7781-A", True)}
    undo = re.search(r'action="(/rules/undo/[^"]+)"', page.text)[1]
    page = browser.post(undo, data={"csrf_token": token_of(browser, ADDRESS)}, follow_redirects=True)
    assert "It is undone: the rules count as they did before." in words(page)
    assert fresh(desk) == before


def test_one_rule_is_verified_from_the_payers_page_and_says_by_whom(browser, desk):
    address = unescape(re.search(r'href="(/rules/aetna/verify\?rule=[^"]+)"', browser.get("/rules/aetna").text)[1])
    page = browser.get(address)
    assert page.text.count('name="rule"') == page.text.count('name="rule" value="') == 1
    assert " checked" in re.search(r'<input[^>]+name="rule"[^>]*>', page.text)[0]
    form = form_of(browser, 0)
    form["rule"] = [unescape(re.search(r'name="rule" value="([^"]+)"', page.text)[1])]
    browser.post(address, data=form)
    assert "Last verified: Call 08/02/2027, reference 7781-A, by" in words(browser.get(f"{ADDRESS}?all=yes"))
    assert "Verified 08/02/2027 by the practice." in words(browser.get("/rules/aetna"))


WRONG = [
    ({"rule": []}, "Tick at least one rule that is as it is written."),
    ({"rule": ["phototherapy#x@short"]}, "Tick at least one rule that is as it is written."),
    ({"basis_kind": ""}, "Choose on what it rests, like the payer's look-up tool."),
    ({"basis_kind": "claims", "basis": "4 of 4"}, "Choose how it was verified, like the payer's look-up tool."),
    ({"basis": ""}, "Enter the reference of the call, like 7781-A."),
    ({"source_day": "8/3/2027"}, "The day must be today, 08/02/2027, or earlier; found Tue 08/03/2027."),
]


def test_what_cannot_be_verified_is_said_and_what_was_typed_stays(browser, desk):
    form = form_of(browser, 2)
    for typed, says in WRONG:
        page = browser.post(ADDRESS, data=form | typed)
        assert page.status_code == 422
        assert words(page).count(says) == 2
        assert "<title>Error: Verify rules - Cleared</title>" in page.text
        if "rule" not in typed:
            assert len(re.findall(r'name="rule" value="[^"]+" checked', page.text)) == 2
    assert verified_days(desk.session, desk.practice_id) == {}


def test_a_rule_that_says_otherwise_since_is_not_verified_and_a_verified_one_must_be_verified_anew(
    browser, desk, tmp_path
):
    folder = tmp_path / "rules"
    for part in ("_grid", "aetna"):
        shutil.copytree(SHIPPED / part, folder / part)
    put_in_force(desk.caller, folder)
    form = form_of(browser, 50)
    browser.post(ADDRESS, data=form)
    name = "phototherapy#"
    assert [tick for tick in form["rule"] if tick.startswith(name)]
    file = folder / "aetna" / "phototherapy.yaml"
    text = file.read_text()
    file.write_text(text.replace("approval: not_required", "approval: required", 1))
    put_in_force(desk.caller, folder)
    once = form_of(browser, 0)["once"]
    page = browser.post(ADDRESS, data=form | {"once": once})
    assert page.status_code == 409
    assert "A rule that was ticked says otherwise now. Read it again, then verify it." in words(page)
    assert any(f'value="{name}' in line for line in page.text.splitlines())


def test_verifying_a_rule_from_memory_changes_no_answer(browser, desk):
    book = current_book(desk.session, desk.practice_id)
    memory = next(rule for rule in book.rules.values() if rule.memory and rule.ref.startswith("aetna/"))
    tick = f"{memory.ref.partition('/')[2]}@{memory.content}"
    browser.post(ADDRESS, data=form_of(browser, 0) | {"rule": [tick]})
    desk.session.rollback()
    assert verified_days(desk.session, desk.practice_id) == {(memory.ref, memory.content): LATE.date()}
    assert current_book(desk.session, desk.practice_id).rules[memory.ref].memory
    assert "From memory, no source" in words(browser.get(f"{ADDRESS}?all=yes"))


def test_the_number_of_queries_does_not_grow_and_the_rest_is_paged(browser, desk):
    with counted(db.engine) as one:
        page = browser.get(ADDRESS)
    browser.post(ADDRESS, data=form_of(browser, 20))
    with counted(db.engine) as many:
        browser.get(f"{ADDRESS}?all=yes")
    assert len(one) == len(many)
    assert page.text.count('name="rule"') == min(50, fresh(desk).rules)
    assert Level.ASK in page.text


def test_who_may_only_see_rules_verifies_nothing(desk, sign_in):
    browser = sign_in(Role.SCHEDULER)
    assert "Verify" not in browser.get("/rules").text.replace("Verified", "")
    assert browser.get(ADDRESS).status_code == 403
    assert browser.get("/rules/nobody").status_code == 404
