"""The first hour: one next step at a time, from what is on file; and the sample's way out."""

from dataclasses import replace

import pytest
from flask import render_template_string

from app.clearance.actions.book import rejudge_all
from app.clearance.facts.questions import QuestionKind
from app.platform.caller import Caller
from app.platform.db import db
from app.policies.facts.records import PayerChoice
from app.policies.store import payers
from app.practice.facts.staff import Role
from app.practice.store import practice as store
from app.web.first_hour import STEPS, on_file
from app.web.models import all_tables
from tests.support import make
from tests.support.desk import Booking, Desk
from tests.support.queries import counted
from tests.support.web import equipped, open_everybody, token_of

LATER = ("coverage", "authorization", "practice_rule")
CARD = '{% from "components/next_step.html" import next_step_card %}{{ next_step_card() }}'


@pytest.fixture
def acting(web_app, web_clock):
    """`acting(work)` does something as the practice, outside the browser."""

    def act(work):
        with web_app.app_context():
            return work(equipped(Caller(db.session(), make.PRACTICE_ID, web_clock, via="test")))

    return act


@pytest.fixture
def card(web_app):
    """A page that holds the card and nothing else, as Today and Schedule show it. Gives its address."""
    view = lambda: render_template_string(CARD)  # noqa: E731
    open_everybody(web_app, "/card", "card", view)
    return "/card"


def put_aside(caller):
    """Empty the tables of later steps. Returns what they held."""
    tables = [all_tables().tables[name] for name in LATER]
    held = {table.name: [dict(row) for row in caller.session.execute(table.select()).mappings()] for table in tables}
    for table in tables:
        caller.session.execute(table.delete())
    caller.session.commit()
    return held


def put_back(name, rows):
    """Fill a table again with what it held."""

    def work(caller):
        caller.session.execute(all_tables().tables[name].insert(), rows)
        caller.session.commit()

    return work


def book_what_is_not_known(caller):
    """One more visit, of a type without codes."""
    desk = Desk(caller)
    desk.count = 1
    desk.book(Booking(9, "Bauer", "Otto", "unmapped"))


def answer_one(caller):
    """Somebody answered a question; others are left."""
    table = all_tables().tables["question_answer"]
    key = {"practice_id": caller.practice_id, "id": make.an_id(900), "question_id": make.an_id(901)}
    said = {"kind": QuestionKind.NEED, "key": "x", "answered_at": caller.clock.now()}
    caller.session.execute(table.insert().values(**key, **said))
    caller.session.commit()


def choose_a_payer(caller):
    """Turn one payer on."""
    choice = PayerChoice("aetna", True, caller.clock.now(), None)
    payers.choose_payers(caller.session, caller.practice_id, [choice])
    caller.session.commit()


def test_each_step_comes_when_the_one_before_is_done_and_the_last_ends_it(sign_in, acting, card):
    browser = sign_in(Role.MANAGER)
    assert "Step 1 of 6." in browser.get(card).text
    assert 'href="/rules"' in browser.get(card).text
    acting(choose_a_payer)
    assert "Step 2 of 6." in browser.get(card).text
    assert 'href="/imports"' in browser.get(card).text
    acting(lambda caller: Desk(caller).furnish().book(Booking(8, "Abbott", "Lena", "approved")))
    held = acting(put_aside)
    for number, name in enumerate(LATER, 3):
        assert f"Step {number} of 6." in browser.get(card).text
        acting(put_back(name, held[name]))
    assert "Step" not in browser.get(card).text
    acting(book_what_is_not_known)
    acting(lambda caller: rejudge_all(caller, processes=1))
    page = browser.get(card).text
    assert "Step 6 of 6." in page
    assert 'href="/questions"' in page
    acting(answer_one)
    assert "Step" not in browser.get(card).text


def test_what_may_be_skipped_is_skipped_and_what_may_not_is_not(sign_in, acting, card):
    browser = sign_in(Role.MANAGER)
    acting(lambda caller: Desk(caller).furnish().book(Booking(8, "Abbott", "Lena", "office")))
    assert "Step 4 of 6." in browser.get(card).text
    token = token_of(browser, card)
    for name in ("schedule", "payers", "nothing"):
        assert browser.post(f"/next-step/{name}/skip", data={"csrf_token": token}).status_code == 404
    assert browser.post("/next-step/log/skip", data={"csrf_token": token}).status_code == 303
    assert "Step" not in browser.get(card).text  # the rules of the desk are there, and nothing is asked


def test_whoever_may_not_import_is_not_told_of_a_step(sign_in, card):
    browser = sign_in(Role.SCHEDULER)
    assert "Step" not in browser.get(card).text


def test_the_sample_has_no_next_step_and_says_how_to_leave_it(sign_in, acting, card):
    browser = sign_in(Role.MANAGER)
    assert browser.get("/leave-sample").status_code == 404
    acting(_make_sample)
    assert "Step" not in browser.get(card).text
    page = browser.get("/leave-sample").text
    assert "scripts/start --empty" in page
    assert "scripts/manage sample remove" in page
    assert 'href="/leave-sample"' in browser.get("/settings").text


def _make_sample(caller):
    store.save_practice(caller.session, make.PRACTICE_ID, replace(make.practice(), sample=True))
    caller.session.commit()


def test_what_is_on_file_is_found_in_one_query_and_only_of_the_practice(caller, engine):
    Desk(replace(caller, practice_id=make.OTHER_PRACTICE_ID)).furnish().book(Booking(8, "Abbott", "Lena", "office"))
    with counted(engine) as seen:
        assert on_file(caller) == frozenset()
    assert len(seen) == 1
    assert on_file(replace(caller, practice_id=make.OTHER_PRACTICE_ID)) >= {"visit", "coverage", "practice_rule"}


def test_every_step_leads_to_a_page_that_exists(web_app):
    assert {step.endpoint for step in STEPS} <= set(web_app.view_functions)
