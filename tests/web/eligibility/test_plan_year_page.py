"""The January list: everybody with a visit in the year, once, by the first one; how far asking has come; asking."""

import re
from dataclasses import replace
from datetime import date, timedelta
from html import unescape

from app.coverage.facts import CheckResult
from app.coverage.store import coverages as coverage_store
from app.eligibility.actions import plan_year
from app.eligibility.actions.asking import ask_for
from app.eligibility.actions.plan_year import read_year
from app.eligibility.facts.asking import Route
from app.eligibility.facts.plan_year import YearQuery, YearState
from app.eligibility.store import asking as asking_store
from app.gateways.clearinghouse.recording import RecordingClearinghouse
from app.gateways.facts import Gateways
from app.platform.db import db
from app.practice.facts.staff import Role
from tests.support import make
from tests.support.desk import PAYER, TODAY, Booking
from tests.support.queries import counted
from tests.support.web import TOKEN

ROW = re.compile(r"<tr data-row>(.*?)</tr>", re.DOTALL)


def words(text):
    """What a piece of a page says."""
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", text)).split())


def edit(desk, number, **values):
    """Write on the coverage of the patient who was booked as so manieth."""
    held = next(iter(coverage_store.on_file(desk.session, desk.practice_id, make.an_id(10_000 + number))))
    coverage_store.change_coverages(desk.session, desk.practice_id, [replace(held, **values)])
    desk.session.commit()


def book(desk):
    """Four patients: one asked last year, one active and one inactive this year, one without a clear answer."""
    names = ("Adler", "Bauer", "Castillo", "Dubois")
    desk.book(*(Booking(8 + n, name, "Kim", "office", day=TODAY + timedelta(days=n)) for n, name in enumerate(names)))
    last = (date(2025, 11, 3), CheckResult.ACTIVE), (TODAY, CheckResult.ACTIVE)
    last += (TODAY, CheckResult.INACTIVE), (TODAY, CheckResult.UNKNOWN)
    for number, (checked, result) in enumerate(last, 1):
        edit(desk, number, checked_on=checked, result=result)


def test_everybody_is_listed_once_by_the_first_visit_with_state_and_counts(desk, sign_in):
    book(desk)
    browser = sign_in(Role.SCHEDULER)
    page = browser.get("/eligibility/plan-year")
    rows = [words(row) for row in ROW.findall(page.text)]
    assert [re.search(r"(Adler|Bauer|Castillo|Dubois)", row)[0] for row in rows] == [
        "Adler",
        "Bauer",
        "Castillo",
        "Dubois",
    ]
    assert "Not asked 11/03/2025" in rows[0] and "Answered, the same" in rows[1]
    assert "Answered, changed The plan says inactive." in rows[2]
    assert "Could not ask The plan gave no clear answer." in rows[3]
    counts = words(re.search(r'<ul class="year-counts".*?</ul>', page.text, re.DOTALL)[0])
    assert counts.startswith("All 4 Not asked 1 Asked, answer to come 0 Answered, the same 1")
    assert counts.endswith("Answered, changed 1 Could not ask 1")
    one = browser.get("/eligibility/plan-year?state=changed")
    assert [("Castillo" in row) for row in ROW.findall(one.text)] == [True]
    assert "No patient of this list is like that." in browser.get("/eligibility/plan-year?payer=nobody").text


def test_checking_what_is_ticked_says_why_nothing_can_be_asked(desk, sign_in):
    book(desk)
    browser = sign_in(Role.SCHEDULER)
    page = browser.get("/eligibility/plan-year")
    form = {"csrf_token": TOKEN.search(page.text).group(1), "year": "2026"}
    nothing = browser.post("/eligibility/plan-year/ask", data=form)
    assert nothing.status_code == 422 and "Tick the patients whose plans are to be asked." in nothing.text
    ticked = re.findall(r'name="tick" value="([^"]+)"', page.text)
    answer = browser.post("/eligibility/plan-year/ask", data={**form, "tick": ticked[:1]})
    assert answer.status_code == 422
    assert "1 visit not asked: The payer's id at the clearinghouse is missing." in words(answer.text)
    assert f'value="{ticked[0]}" checked' in answer.text


def test_who_was_asked_this_year_waits_and_nobody_is_asked_twice(desk):
    book(desk)
    asking_store.save_route(desk.session, desk.practice_id, Route(PAYER, "60054"))
    desk.session.commit()
    desk.session.info["gateways"] = Gateways(clearinghouses={"main": RecordingClearinghouse()})
    first = read_year(desk.caller, YearQuery()).rows[0]
    assert first.state is YearState.NOT_ASKED
    made = ask_for(desk.caller, [first.one.visit.id])
    assert made.asks == 1
    assert read_year(desk.caller, YearQuery()).rows[0].state is YearState.ASKED
    assert ask_for(desk.caller, [first.one.visit.id]).asks == 0


def test_a_repeated_visit_lists_nobody_twice_and_stretches_follow_one_another(desk, monkeypatch):
    book(desk)
    held = desk.book(Booking(16, "Eder", "Kim", "office", day=TODAY + timedelta(days=9)))
    assert held
    whole = read_year(desk.caller, YearQuery(whole=True))
    assert len({row.one.visit.patient_id for row in whole.rows}) == len(whole.rows) == 5
    assert whole.next_stretch is None and whole.counts[YearState.SAME] >= 1
    monkeypatch.setattr(plan_year, "STRETCH", 2)
    seen, behind = [], None
    for _turn in range(3):
        part = read_year(desk.caller, YearQuery(begins=behind))
        seen += [row.one.visit.patient_id for row in part.rows]
        behind = part.next_stretch
    assert behind is None and seen == [row.one.visit.patient_id for row in whole.rows]


def test_the_number_of_queries_does_not_grow_with_the_rows(desk):
    desk.book(Booking(8, "Adler", "Kim", "office"))
    read_year(desk.caller, YearQuery())  # what is read once for a program is not counted
    with counted(db.engine) as few:
        read_year(desk.caller, YearQuery())
    desk.book(*(Booking(9 + n / 12, f"Name{n}", "Kim", "office") for n in range(20)))
    with counted(db.engine) as many:
        read_year(desk.caller, YearQuery())
    assert len(many) == len(few)
