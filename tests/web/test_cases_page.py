"""The list of cases: which need work, in what order?"""

import csv
import io
import re
import zipfile
from datetime import timedelta
from html import unescape

import pytest

from app.audit import store as audit_store
from app.authorizations.facts import Kind, Status
from app.casework import jobs
from app.casework.actions import placing
from app.casework.actions.casebook import read_casebook
from app.casework.facts.casebook import CaseQuery, View, case_code
from app.platform.caller import Caller
from app.platform.db import db
from app.practice.facts.staff import Role
from app.practice.store import staff as practice_store
from tests.support import make
from tests.support.casebook import Cases, one_of_each
from tests.support.desk import TODAY, Desk
from tests.support.queries import counted
from tests.support.web import EMAIL, TOKEN, equipped

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


def ticks_of(page):
    """Read what the ticks of a page would send, by the case's code."""
    return {code: tick for row in ROW.findall(page.text) for tick in re.findall(r'name="tick" value="([^"]+)"', row)
            for code in CODE.findall(row)}  # fmt: skip


def work(browser, page, *codes, **fields):
    """Send the form around the list with some cases ticked."""
    ticks = ticks_of(page)
    form = {"csrf_token": TOKEN.search(page.text).group(1), "back": "view=open", "tick": [ticks[one] for one in codes]}
    return browser.post("/cases/work", data={**form, **fields})


def undo_address(page):
    """Read where Undo leads."""
    return unescape(re.search(r'action="(/cases/steps/[^"]+)"', page.text).group(1))


def test_ticked_cases_are_assigned_and_taken_back(cases, sign_in):
    browser = sign_in(Role.COORDINATOR)
    one, two = case_code(cases.add(due=TODAY)), case_code(cases.add(due=TODAY))
    cases.listed()
    answer = work(browser, browser.get("/cases"), one, two, do="assign", owner=str(me(cases)))
    assert answer.status_code == 303
    page = browser.get("/cases?view=mine")
    assert "2 cases assigned to Kim Example." in page.text
    assert set(codes_of(page)) == {one, two}
    browser.post(undo_address(page), data={"csrf_token": TOKEN.search(page.text).group(1)})
    page = browser.get("/cases?view=unassigned")
    assert "Taken back for 2 cases." in page.text
    assert set(codes_of(page)) == {one, two}


def test_who_was_slower_changes_nothing_and_sees_how_it_stands(cases, sign_in):
    browser = sign_in(Role.COORDINATOR)
    case = cases.add(due=TODAY)
    cases.listed()
    before = browser.get("/cases")
    work(browser, before, case_code(case), do="next", next_action="Send records", next_on="t+1")
    late = work(browser, before, case_code(case), do="next", next_action="Call again", next_on="t+2")
    assert late.status_code == 409
    assert "Nothing was changed" in late.text
    assert "Send records" in late.text
    assert 'value="Call again"' in late.text


def test_a_next_action_is_set_and_taken_back(cases, sign_in):
    browser = sign_in(Role.COORDINATOR)
    case = case_code(cases.add(due=TODAY))
    cases.listed()
    assert (
        work(browser, browser.get("/cases"), case, do="next", next_action="Send records", next_on="t+3").status_code
        == 303
    )
    page = browser.get("/cases")
    assert "Send records" in ROW.findall(page.text)[0]
    browser.post(undo_address(page), data={"csrf_token": TOKEN.search(page.text).group(1)})
    assert "Call the payer" in ROW.findall(browser.get("/cases").text)[0]


def test_a_snoozed_case_is_hidden_until_its_day_and_comes_back_by_itself(cases, sign_in, web_clock):
    browser = sign_in(Role.COORDINATOR)
    case, other = case_code(cases.add(due=TODAY)), case_code(cases.add(due=TODAY))
    cases.listed()
    work(browser, browser.get("/cases"), case, do="snooze", until="t+5")
    assert codes_of(browser.get("/cases")) == [other]
    assert codes_of(browser.get("/cases?view=week")) == [other]
    assert codes_of(browser.get("/cases?view=all")) == [case, other]
    snoozed = browser.get("/cases?view=snoozed")
    assert codes_of(snoozed) == [case]
    assert "Snoozed until Sat 03/07" in snoozed.text
    caller = cases.desk.caller
    for days, shown in ((4, {other}), (1, {case, other})):
        web_clock.instant += days * DAY
        assert {case_code(one.record.id) for one in read_casebook(caller, CaseQuery()).lines} == shown
    jobs.keep_cases(caller)
    assert read_casebook(caller, CaseQuery(View.SNOOZED)).lines == ()
    assert placing.prove(caller).differences == 0


def test_a_snooze_is_taken_back(cases, sign_in):
    browser = sign_in(Role.SCHEDULER)
    case = case_code(cases.add(due=TODAY))
    cases.listed()
    work(browser, browser.get("/cases"), case, do="snooze", until="t+5")
    page = browser.get("/cases")
    assert codes_of(page) == []
    browser.post(undo_address(page), data={"csrf_token": TOKEN.search(page.text).group(1)})
    assert codes_of(browser.get("/cases")) == [case]


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"do": "assign"}, "Choose to whom the cases are assigned"),
        ({"do": "next", "next_on": "t+1"}, "Say what comes next"),
        ({"do": "next", "next_action": "Call"}, "Enter the day by which it is to be done"),
        ({"do": "snooze", "until": "t"}, "Until must be after today"),
        ({"do": "snooze", "until": "soon"}, "Until must be a date"),
        ({"do": "dance"}, "Choose what to do"),
    ],
)
def test_what_cannot_be_done_is_said_beside_the_field_and_keeps_the_ticks(cases, sign_in, fields, sentence):
    browser = sign_in(Role.COORDINATOR)
    case = case_code(cases.add(due=TODAY))
    cases.listed()
    answer = work(browser, browser.get("/cases"), case, **fields)
    assert answer.status_code == 422
    assert "<title>Error: " in answer.text
    assert sentence in answer.text
    assert re.search(r'name="tick" value="[^"]+" checked', answer.text)


def test_one_call_is_written_on_every_ticked_case_once(cases, sign_in):
    browser = sign_in(Role.COORDINATOR)
    one, two = cases.add(due=TODAY), cases.add(due=TODAY)
    cases.listed()
    answer = work(browser, browser.get("/cases"), case_code(one), case_code(two), do="call")
    form = browser.get(answer.location)
    assert "One call about 2 cases" in form.text
    key = re.search(r'name="key" value="([^"]+)"', form.text).group(1)
    call = {
        "csrf_token": TOKEN.search(form.text).group(1), "key": key, "case": [str(one), str(two)], "back": "",
        "person": "Dana", "reference": "CALL-77", "outcome": "still_pending",
        "next_action": "Call again", "next_on": "t+2",
    }  # fmt: skip
    faulty = browser.post("/cases/call", data={**call, "outcome": ""})
    assert faulty.status_code == 422
    assert "Choose how it ended" in faulty.text
    assert 'value="CALL-77"' in faulty.text
    for _twice in range(2):
        assert browser.post("/cases/call", data=call).status_code == 303
    assert "One call saved on 2 cases." in browser.get("/cases").text
    for case in (one, two):
        page = browser.get(f"/cases/{case}").text
        assert page.count("CALL-77") >= 1
        assert "Call again" in page


def today_of(browser, address="/today"):
    """Read the blocks of cases on the page of today: by heading, the cases in their order."""
    page = browser.get(address)
    assert page.status_code == 200
    blocks = re.findall(r'<h2 id="[^"]+">([^<]+)</h2>(.*?)</section>', page.text, re.DOTALL)
    return {title: codes_of_text(block) for title, block in blocks}, page.text


def codes_of_text(text):
    """Read the cases that a part of a page names."""
    return CODE.findall(text)


def test_today_shows_what_is_due_what_is_to_be_answered_what_to_renew_and_what_nobody_steers(cases, sign_in):
    browser = sign_in(Role.COORDINATOR)
    mine = me(cases)
    late = cases.add(Status.DRAFT, owner=mine, due=TODAY - DAY)
    owed = cases.add(Status.SUBMITTED, owner=mine, due=TODAY)
    ending = cases.add(Status.APPROVED, number="PA-9", begins=TODAY - 90 * DAY, ends=TODAY + 20 * DAY)
    later = cases.add(Status.SUBMITTED, owner=mine, due=TODAY + DAY)
    lacking = cases.add(Status.READY)
    cases.listed()
    blocks, text = today_of(browser)
    assert blocks["Cases due and overdue"] == [case_code(late)]
    assert blocks["Answers to record"] == [case_code(owed)]
    assert blocks["Renewals to start"] == [case_code(ending)]
    assert blocks["No owner or no next action"] == [case_code(lacking)]
    assert "1 open case has no owner, or no next action with a date." in text
    assert case_code(later) not in text
    blocks, _text = today_of(browser, "/today?mine=yes")
    assert "No owner or no next action" not in blocks
    assert blocks["Cases due and overdue"] == [case_code(late)]


def test_a_renewal_that_was_begun_takes_the_place_of_the_approval_that_ends(cases, sign_in):
    browser = sign_in(Role.COORDINATOR)
    ending = cases.add(Status.APPROVED, number="PA-9", begins=TODAY - 90 * DAY, ends=TODAY + 20 * DAY)
    begun = cases.add(Status.DRAFT, kind=Kind.RENEWAL, parent_id=ending, due=TODAY + 3 * DAY, patient_of=ending)
    cases.listed()
    blocks, _text = today_of(browser)
    assert blocks["Renewals to start"] == [case_code(begun)]


def test_the_count_of_queries_does_not_grow_with_the_cases(cases, sign_in, web_app):
    browser = sign_in(Role.MANAGER)
    seen = []
    for more in (3, 57):
        for _ in range(more):
            cases.add(due=TODAY - DAY)
        cases.listed()
        with counted(db.engine) as statements:
            assert browser.get("/cases").status_code == 200
        first = len(statements)
        with counted(db.engine) as statements:
            assert browser.get("/today").status_code == 200
        seen.append((first, len(statements)))
    assert seen[0] == seen[1]


def test_pages_follow_one_another_and_lead_back(cases, sign_in):
    browser = sign_in(Role.COORDINATOR)
    made = [cases.add(due=TODAY + (place % 5) * DAY if place % 3 else None) for place in range(120)]
    cases.listed()
    page = browser.get("/cases")
    pages = [codes_of(page)]
    while found := NEXT.search(page.text):
        page = browser.get(unescape(found.group(1)))
        pages.append(codes_of(page))
    assert [len(one) for one in pages] == [50, 50, 20]
    read = [code for one in pages for code in one]
    assert sorted(read) == sorted(case_code(one) for one in made)
    back = []
    while found := PREVIOUS.search(page.text):
        page = browser.get(unescape(found.group(1)))
        back.append(codes_of(page))
    assert back == pages[-2::-1]
    assert count_beside(page, "All open") == "120"


def test_filters_stand_in_the_address_and_nothing_found_says_which_hold(cases, sign_in):
    browser = sign_in(Role.COORDINATOR)
    cases.add(Status.DRAFT)
    ready = cases.add(Status.READY, owner=me(cases))
    cases.listed()
    found = browser.get(f"/cases?status=ready&owner={me(cases)}&payer=local:acme-health")
    assert codes_of(found) == [case_code(ready)]
    page = browser.get("/cases?status=denied&owner=nobody")
    assert "No case fits: All open, owner nobody, status denied." in unescape(page.text)
    assert "Clear filters" in page.text


@pytest.mark.parametrize("address", ["view=dreams", "owner=me", "status=lost", "after=20260101", "payer=<b>"])
def test_an_address_that_cannot_be_read_is_named_and_the_rest_is_shown(cases, sign_in, address):
    browser = sign_in(Role.COORDINATOR)
    case = cases.add(due=TODAY)
    cases.listed()
    page = browser.get(f"/cases?{address}")
    assert page.status_code == 422
    assert "<title>Error: " in page.text
    assert codes_of(page) == [case_code(case)]


def search(browser, words):
    """Search by the field at the top of every page."""
    token = TOKEN.search(browser.get("/patients").text).group(1)
    return browser.post("/patients", data={"words": words, "csrf_token": token})


def test_a_case_is_found_by_its_code_its_number_and_the_reference_of_a_call(cases, sign_in):
    browser = sign_in(Role.COORDINATOR)
    case = cases.add(due=TODAY, number="PA-2201", reference="R 88-17")
    other = cases.add(due=TODAY)
    cases.listed()
    call = {
        "csrf_token": TOKEN.search(browser.get("/cases").text).group(1), "case": str(case), "back": "",
        "person": "Dana", "reference": "HL-CALL-7204", "outcome": "still_pending",
    }  # fmt: skip
    browser.post("/cases/call", data=call)
    code = case_code(case)
    for words in (code, code.lower(), code[2:], "pa2201", "R-8817", "hl call 7204"):
        answer = search(browser, words)
        assert answer.status_code == 303, words
        assert answer.location == f"/cases/{case}", words
    assert search(browser, case_code(other)).location == f"/cases/{other}"
    assert "No patient fits" in search(browser, "A-FFFFFF").text


def test_two_cases_of_one_number_are_both_listed(cases, sign_in):
    browser = sign_in(Role.COORDINATOR)
    made = [cases.add(due=TODAY, number="PA-2201") for _ in range(2)]
    cases.listed()
    page = search(browser, "PA-2201")
    assert codes_of(page) == [case_code(one) for one in made]
    assert "2 cases and 2 patients found." in page.text


def exported(browser, **fields):
    """Take the list as a file."""
    page = browser.get("/cases/export")
    return browser.post("/cases/export", data={"csrf_token": TOKEN.search(page.text).group(1), **fields})


HARMFUL = '=HYPERLINK("http://example.test","x")'


def test_the_csv_of_a_view_runs_nothing_and_who_took_it_is_noted(cases, sign_in):
    browser = sign_in(Role.MANAGER)
    case = cases.add(due=TODAY, number="+1-555", next_action=HARMFUL)
    cases.add(Status.CLOSED)
    cases.listed()
    answer = exported(browser, format="csv", back="view=open")
    assert answer.status_code == 200
    assert answer.headers["Content-Disposition"] == 'attachment; filename="cases-2026-03-02.csv"'
    assert answer.headers["Cache-Control"] == "no-store"
    header, row = csv.reader(io.StringIO(answer.data.decode("utf-8-sig"), newline=""))
    told = dict(zip(header, row, strict=True))
    assert told["Case"] == case_code(case)
    assert told["Payer's number"] == "'+1-555"
    assert told["Next action"] == f"'{HARMFUL}"
    assert not any(cell.startswith(("=", "+", "-", "@")) for cell in row)
    cases.session.rollback()
    entries = [entry for entry, _mac in audit_store.entries(cases.session, cases.practice_id)]
    (taken,) = [entry for entry in entries if entry.action == "casework.cases_exported"]
    assert case in taken.subjects


def test_the_workbook_of_a_view_holds_words_only(cases, sign_in):
    browser = sign_in(Role.MANAGER)
    case = cases.add(due=TODAY, next_action=HARMFUL)
    cases.listed()
    answer = exported(browser, format="xlsx", back="")
    with zipfile.ZipFile(io.BytesIO(answer.data)) as book:
        sheet = book.read("xl/worksheets/sheet1.xml").decode()
        words = book.read("xl/sharedStrings.xml").decode()
    assert "<f>" not in sheet and "hyperlink" not in sheet.lower()
    assert case_code(case) in words
    assert "HYPERLINK" in words


def test_an_unknown_kind_of_file_is_said(cases, sign_in):
    browser = sign_in(Role.MANAGER)
    cases.add(due=TODAY)
    cases.listed()
    answer = exported(browser, format="pdf", back="")
    assert answer.status_code == 422
    assert "Choose what kind of file you want" in answer.text


@pytest.mark.parametrize("role", [Role.COORDINATOR, Role.SCHEDULER, Role.BILLER])
def test_only_managers_export(cases, sign_in, role):
    assert sign_in(role).get("/cases/export").status_code == 403
