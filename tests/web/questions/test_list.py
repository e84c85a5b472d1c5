"""The list of questions: what is not known, asked once for every visit that waits for it."""

import re
from dataclasses import replace
from datetime import timedelta
from html import unescape

from app.audit import store as audit_store
from app.clearance.models import QuestionRow
from app.clearance.store import questions
from app.platform.db import db
from app.practice.facts.staff import Role
from app.questions.actions.naming import named
from app.questions.views.listing import strip_of
from tests.support import make
from tests.support.desk import TODAY, Booking
from tests.support.queries import counted
from tests.web.questions.support import OPEN, rows_of

NEED = "Does Acme Health need approval for 11102 (Skin biopsies)?"
TYPE = "What does the visit type Light therapy stand for?"
COVERAGE = "Is the coverage of Dubois, Henri active?"


def test_each_unknown_is_asked_once_with_its_visits_and_first_day(desk, sign_in):
    desk.book(*OPEN, replace(OPEN[0], last="Later", day=TODAY + timedelta(days=3)))
    desk.judge()
    page = sign_in(Role.SCHEDULER).get("/questions")
    assert page.status_code == 200
    rows = rows_of(page)
    assert {sentence: visits for sentence, (_id, visits) in rows.items()} == {NEED: 4, TYPE: 2, COVERAGE: 1}
    assert list(rows) == [NEED, TYPE, COVERAGE]
    assert page.text.count("Mon 03/02/2026") == 3
    assert "3 questions, those that hold most visits first" in page.text


def test_counts_filter_by_kind(desk, sign_in):
    desk.book(*OPEN)
    desk.judge()
    browser = sign_in(Role.SCHEDULER)
    page = browser.get("/questions")
    strip = dict(re.findall(r'href="(/questions[^"]*)"[^>]*><span class="kind-number">([\d,]+)</span>', page.text))
    assert strip == {"/questions": "3", "/questions?kind=need": "1", "/questions?kind=coverage": "1",
                     "/questions?kind=type": "1"}  # fmt: skip
    assert list(rows_of(browser.get("/questions?kind=coverage"))) == [COVERAGE]
    assert "No open question of this kind" in browser.get("/questions?kind=referral").text


def test_pages_of_fifty_hold_every_question_once(desk, sign_in):
    desk.book(*(Booking(7 + place / 20, f"Name{place:03}", "Lee", "stale") for place in range(120)))
    desk.judge()
    browser = sign_in(Role.SCHEDULER)
    seen, address = [], "/questions"
    for size in (50, 50, 20):
        page = browser.get(address)
        rows = rows_of(page)
        assert len(rows) == size
        seen += rows
        found = re.search(r'href="([^"]+)">Next page</a>', page.text)
        address = unescape(found.group(1)) if found else None
    assert address is None
    assert len(set(seen)) == 120


def test_the_number_of_queries_does_not_grow_with_the_questions(desk, sign_in):
    browser = sign_in(Role.SCHEDULER)
    desk.book(*OPEN)
    desk.judge()
    browser.get("/questions")
    with counted(db.engine) as few:
        browser.get("/questions")
    crowd = [Booking(7 + place / 20, f"Name{place:03}", "Lee", ("stale", "unknown")[place % 2]) for place in range(80)]
    desk.book(*crowd)
    desk.judge()
    with counted(db.engine) as many:
        assert len(rows_of(browser.get("/questions"))) == 43
    assert len(few) == len(many)
    assert len(many) <= 30


def test_an_address_that_cannot_be_read_is_named_and_the_rest_is_shown(desk, sign_in):
    desk.book(*OPEN)
    desk.judge()
    browser = sign_in(Role.SCHEDULER)
    for address, sentence in (
        ("kind=color", "Kind must be one of need, unmet"),
        ("after=12", "The address of the next page is cut off. This is the first page."),
    ):
        page = browser.get(f"/questions?{address}")
        assert page.status_code == 422
        assert sentence in unescape(page.text)
        assert "<title>Error: Questions" in page.text
        assert len(rows_of(page)) == 3


def test_nothing_is_asked_of_past_days(desk, sign_in, web_clock):
    desk.book(*OPEN[:3], replace(OPEN[0], last="Later", day=TODAY + timedelta(days=3)))
    desk.judge()
    browser = sign_in(Role.SCHEDULER)
    assert rows_of(browser.get("/questions"))[NEED][1] == 4
    web_clock.instant += timedelta(days=1)
    assert rows_of(browser.get("/questions"))[NEED][1] == 1
    web_clock.instant += timedelta(days=3)
    page = browser.get("/questions")
    assert rows_of(page) == {}
    assert "Nothing is asked. Every booked visit from today on is known." in page.text


def test_one_audit_line_names_the_patients_named(desk, sign_in):
    desk.book(*OPEN)
    desk.judge()
    browser = sign_in(Role.SCHEDULER)
    before = list(audit_store.entries(desk.session, desk.practice_id))
    browser.get("/questions")
    desk.session.rollback()
    lines = [entry for entry, _mac in audit_store.entries(desk.session, desk.practice_id)][len(before) :]
    (seen,) = [line for line in lines if line.action == "questions.seen"]
    assert seen.subjects == (make.an_id(10_004),)


def test_addresses_and_the_title_name_nobody_and_no_service(desk, sign_in):
    desk.book(*OPEN)
    desk.judge()
    page = sign_in(Role.SCHEDULER).get("/questions")
    links = " ".join(re.findall(r'href="([^"]+)"', page.text)) + re.search("<title>(.*?)</title>", page.text).group(1)
    assert not [word for word in ("dubois", "11102", "acme", "light", "10004") if word in links.casefold()]
    keys = {row.id.hex for row in desk.session.query(QuestionRow)}
    assert len(keys) == 3


def test_the_strip_shows_the_biggest_and_how_many_there_are(desk):
    desk.book(*OPEN)
    desk.judge()
    top = named(desk.caller, questions.listed(desk.session, desk.practice_id, None, None, 2))
    strip = strip_of(top, sum(questions.counts(desk.session, desk.practice_id).values()))
    assert [(row.visits_words, row.sentence) for row in strip.rows] == [("3 visits", NEED), ("2 visits", TYPE)]
    assert (strip.count, strip.all_words) == (3, "All 3 questions")


def test_a_role_without_the_schedule_is_refused(desk, sign_in):
    assert sign_in(Role.PROVIDER).get("/questions").status_code == 403
