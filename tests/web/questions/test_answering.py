"""Answering a question: its form, what it records, and what changed for the visits that waited."""

import re
from dataclasses import replace
from datetime import date, timedelta
from html import unescape
from uuid import UUID

import pytest
from sqlalchemy import delete

from app.audit import store as audit_store
from app.authorizations import store as authorization_store
from app.authorizations.facts import Item, Kind
from app.clearance.store import listing
from app.coverage.facts import CheckResult, NetworkAnswer
from app.coverage.models import CoverageRow
from app.coverage.store import coverages as coverage_store
from app.platform.changes import Changed, announce, announced
from app.platform.db import db
from app.policies.store.practice import practice_rules
from app.practice.facts.staff import Role
from app.practice.store import practice as practice_store
from app.questions import store as answer_store
from app.questions.jobs import forget_answers
from app.schedule import store as schedule_store
from app.values.insurance import Known, PlanKind, Rank
from tests.support import make
from tests.support.desk import PAYER, RIVERA, TODAY, Booking
from tests.support.queries import counted
from tests.support.web import TOKEN
from tests.web.questions.support import OPEN, approve, every_kind, insure, rows_of

NEED = "Does Acme Health need approval for 11102 (Skin biopsies)?"
TYPE = "What does the visit type Light therapy stand for?"
FORM = re.compile(r'name="form" value="([^"]+)"')
SAID = re.compile(r'<div class="notice">\s*<p>(.*?)</p>', re.DOTALL)
GOOD_NEED = {"need": "not_required", "basis": "Look-up tool of Acme Health", "source_day": "t-1", "until": "12/31/2026"}


def badges(desk):
    """Count all visits by badge."""
    desk.session.rollback()
    which = listing.Which((date(2000, 1, 1), date(2100, 1, 1)))
    return {badge.value: count for badge, count in listing.badge_counts(desk.session, desk.practice_id, which).items()}


def open_question(browser, start):
    """Find a question in the list by a part of its sentence, and open it. Returns its address and page."""
    rows = rows_of(browser.get("/questions"))
    address = next(f"/questions/{found}" for sentence, (found, _visits) in rows.items() if start in sentence)
    page = browser.get(address)
    assert page.status_code == 200
    return address, page


def send(browser, address, page, **fields):
    """Fill the form of a page in and send it."""
    hidden = {"csrf_token": TOKEN.search(page.text).group(1)}
    if found := FORM.search(page.text):
        hidden["form"] = found.group(1)
    for name, value in re.findall(r'<input type="hidden" name="(version[^"]*)" value="([^"]*)"', page.text):
        hidden[name] = value
    return browser.post(address, data=hidden | fields)


def answered(browser, start, **fields):
    """Answer a question and follow to what changed."""
    address, page = open_question(browser, start)
    sent = send(browser, address, page, **fields)
    assert sent.status_code == 303, unescape(re.sub("<[^>]+>", " ", sent.text))[-3000:]
    return browser.get(sent.headers["Location"])


def refused(browser, start, **fields):
    """Send a form that is refused; returns the page that came back."""
    address, page = open_question(browser, start)
    sent = send(browser, address, page, **fields)
    assert sent.status_code == 422
    assert "<title>Error: Question" in sent.text
    return unescape(sent.text)


def test_an_answer_clears_every_visit_that_waited_and_says_so(desk, sign_in):
    desk.book(*OPEN)
    desk.judge()
    browser = sign_in(Role.COORDINATOR)
    assert badges(desk) == {"not_checked": 6, "cleared": 1}
    page = answered(browser, NEED, **GOOD_NEED)
    assert SAID.search(page.text).group(1) == "3 visits answered: 3 cleared."
    assert "<h1" in page.text and "3 visits answered: 3 cleared</h1>" in page.text
    assert "Every visit of this answer is cleared." in page.text
    assert badges(desk) == {"not_checked": 3, "cleared": 4}
    assert NEED not in rows_of(browser.get("/questions"))
    (rule,) = [one for one in practice_rules(desk.session, desk.practice_id) if "11102" in one.codes]
    assert (rule.payer, rule.basis, rule.source_day) == (PAYER, GOOD_NEED["basis"], TODAY - timedelta(days=1))
    assert (rule.span.begins, rule.span.ends) == (TODAY, date(2026, 12, 31))


def test_visits_that_are_not_cleared_are_listed_with_their_badge_before_and_now(desk, sign_in):
    desk.book(OPEN[0], OPEN[1])
    desk.judge()
    page = answered(sign_in(Role.COORDINATOR), NEED, **{**GOOD_NEED, "need": "required"})
    assert "2 visits answered: 2 blocked</h1>" in page.text
    rows = re.findall(r"<tr>(.*?)</tr>", page.text, re.DOTALL)[1:]
    assert len(rows) == 2
    assert all(re.findall(r"visit-badge-(\w+)", row) == ["not_checked", "blocked"] for row in rows)


def test_an_answer_for_one_plan_leaves_the_others_open(desk, sign_in):
    desk.book(*OPEN[:2])
    desk.judge()
    page = answered(sign_in(Role.COORDINATOR), NEED, **GOOD_NEED, plan="Silver", places="11 22")
    assert "2 visits answered: 2 not checked</h1>" in page.text
    assert "2 visits still wait for an answer to this question." in page.text


def test_an_answer_is_taken_back(desk, sign_in):
    desk.book(*OPEN)
    desk.judge()
    browser = sign_in(Role.COORDINATOR)
    before = badges(desk)
    page = answered(browser, NEED, **GOOD_NEED)
    undo = re.search(r'<form method="post" action="(/questions/answers/[^"]+/undo)"', page.text).group(1)
    sent = send(browser, undo, page)
    assert (sent.status_code, sent.headers["Location"]) == (303, "/questions")
    assert badges(desk) == before
    assert rows_of(browser.get("/questions"))[NEED][1] == 3
    send(browser, undo, page)
    assert (
        SAID.search(browser.get("/questions").text).group(1)
        == "This answer cannot be taken back any more. Record another."
    )


def test_a_form_sent_twice_answers_once(desk, sign_in):
    desk.book(*OPEN[:2])
    desk.judge()
    browser = sign_in(Role.COORDINATOR)
    address, page = open_question(browser, NEED)
    first = send(browser, address, page, **GOOD_NEED)
    second = send(browser, address, page, **GOOD_NEED)
    assert (first.status_code, second.status_code) == (303, 303)
    assert first.headers["Location"] == second.headers["Location"]
    desk.session.rollback()
    assert len([one for one in practice_rules(desk.session, desk.practice_id) if "11102" in one.codes]) == 1


def test_an_answer_that_came_second_is_not_recorded_and_leads_to_the_first(desk, sign_in):
    desk.book(*OPEN[:2])
    desk.judge()
    browser = sign_in(Role.COORDINATOR)
    address, page = open_question(browser, NEED)
    _address, other = open_question(browser, NEED)
    first = send(browser, address, other, **GOOD_NEED)
    second = send(browser, address, page, **{**GOOD_NEED, "need": "required"})
    assert second.headers["Location"] == first.headers["Location"]
    said = SAID.findall(browser.get(second.headers["Location"]).text)
    assert "This question was answered meanwhile. What you entered was not recorded." in said
    desk.session.rollback()
    assert len([one for one in practice_rules(desk.session, desk.practice_id) if "11102" in one.codes]) == 1
    assert browser.get(address).headers["Location"] == first.headers["Location"]


def test_a_question_that_was_never_asked_leads_to_the_list(desk, sign_in):
    browser = sign_in(Role.SCHEDULER)
    sent = browser.get(f"/questions/{make.an_id(77)}")
    assert (sent.status_code, sent.headers["Location"]) == (303, "/questions")
    assert browser.get(f"/questions/answers/{make.an_id(77)}").status_code == 404


def test_the_page_says_why_and_who_waits(desk, sign_in):
    desk.book(*OPEN)
    desk.judge()
    _address, page = open_question(sign_in(Role.SCHEDULER), NEED)
    text = unescape(page.text)
    assert "It is not known whether Acme Health requires approval for 11102" in text
    assert "3 booked visits wait for it, the first on Mon 03/02/2026." in text
    assert re.findall(r'class="who">(.*?) <span', text) == ["Abbott, Lena", "Bauer, Otto", "Castillo, Marisol"]
    assert "A coordinator or a manager records the answer." in text
    assert not re.search(r'<form method="post" action="/questions', text)


def test_who_may_not_edit_is_refused(desk, sign_in):
    desk.book(*OPEN)
    desk.judge()
    browser = sign_in(Role.SCHEDULER)
    address, page = open_question(browser, NEED)
    assert send(browser, address, page, **GOOD_NEED).status_code == 403


@pytest.mark.parametrize("size", [3, 60])
def test_the_visits_of_a_question_are_paged_with_a_fixed_number_of_queries(desk, sign_in, size):
    browser = sign_in(Role.SCHEDULER)
    desk.book(*(Booking(7 + place / 20, f"Name{place:03}", "Lee", "unknown") for place in range(size)))
    desk.judge()
    address, _page = open_question(browser, NEED)
    with counted(db.engine) as seen:
        page = browser.get(address)
    assert len(seen) <= 40
    names = re.findall(r'class="who">(.*?) <span', page.text)
    following = re.search(r'href="([^"]+)">Next page</a>', page.text)
    while following:
        page = browser.get(unescape(following.group(1)))
        names += re.findall(r'class="who">(.*?) <span', page.text)
        following = re.search(r'href="([^"]+)">Next page</a>', page.text)
    assert sorted(names) == [f"Name{place:03}, Lee" for place in range(size)]


def test_the_number_of_queries_does_not_grow_with_the_visits(desk, sign_in):
    browser = sign_in(Role.SCHEDULER)
    counts = []
    for size in (2, 48):
        desk.book(*(Booking(7 + place / 20, f"Name{size}-{place:03}", "Lee", "unknown") for place in range(size)))
        desk.judge()
        address, _page = open_question(browser, NEED)
        with counted(db.engine) as seen:
            browser.get(address)
        counts.append(len(seen))
    assert counts[0] == counts[1]


NEED_ERRORS = (
    ({"need": ""}, "Choose what the payer says: approval needed, or not needed."),
    ({"basis": "  "}, "Say on what it rests: the payer's list, its look-up tool, or a call with its reference."),
    ({"basis": "x" * 201}, "Write at most 200 characters; this has 201."),
    ({"source_day": ""}, "Enter the day on which the payer's word was read or heard."),
    ({"source_day": "13/45/2026"}, "Day of the source must be a day, like 12/05/2026; found 13/45/2026."),
    ({"source_day": "t+1"}, "Day of the source must be 03/02/2026 or earlier: it cannot lie in the future."),
    ({"until": ""}, "Enter the last day for which the answer holds, at most 12 months from today."),
    ({"until": "t-1"}, "Last day must be 03/02/2026 or later: the answer holds from today on."),
    ({"until": "m+13"}, "Last day must be 03/02/2027 or earlier: ask the payer again every 12 months."),
    ({"places": "11, office"}, "Places of service are two digits, like 11 or 22; found office."),
)


def test_each_error_of_a_need_is_said_beside_its_field_and_nothing_is_lost(desk, sign_in):
    desk.book(*OPEN[:2])
    desk.judge()
    browser = sign_in(Role.COORDINATOR)
    for change, sentence in NEED_ERRORS:
        (name,) = change
        text = refused(browser, NEED, **{**GOOD_NEED, "plan": "Gold PPO", **change})
        assert sentence in text, change
        assert re.search(rf'id="{name}-error">', text), change
        assert 'value="Gold PPO"' in text
        assert f'value="{GOOD_NEED["basis"]}"' in text or name == "basis"
    assert badges(desk) == {"not_checked": 2}


def test_a_visit_type_is_answered_with_its_lines(desk, sign_in):
    desk.book(*OPEN)
    desk.judge()
    browser = sign_in(Role.COORDINATOR)
    for lines, sentence in (
        ("", "Enter at least one line: a code with its units, like 17311:1, or self_pay."),
        ("light", "'light' is not a line: write a CPT or HCPCS code"),
        ("\n".join(["99213"] * 13), "A visit type stands for at most 12 lines; this has 13."),
    ):
        assert sentence in refused(browser, TYPE, lines=lines)
    assert len(schedule_store.visit_types(desk.session, desk.practice_id)) == 0
    page = answered(browser, TYPE, lines="99213:1\r\n")
    assert "2 visits answered: " in page.text
    desk.session.rollback()
    (meaning,) = schedule_store.visit_types(desk.session, desk.practice_id).values()
    assert [(line.code, line.units) for line in meaning.lines] == [("99213", 1)]


def test_a_coverage_is_answered_with_a_check(desk, sign_in):
    desk.book(OPEN[3])
    desk.judge()
    browser = sign_in(Role.COORDINATOR)
    good = {"result": "active", "checked_on": "t", "source": "portal", "reference": "R-77"}
    for change, sentence in (
        ({"result": ""}, "Choose what the plan answered."),
        ({"checked_on": ""}, "Enter the day on which the plan answered."),
        ({"checked_on": "t+1"}, "Day of the check must be 03/02/2026 or earlier: it cannot lie in the future."),
        ({"source": ""}, "Say how it was checked, like portal or phone."),
    ):
        assert sentence in refused(browser, "Is the coverage", **{**good, **change})
    page = answered(browser, "Is the coverage", **good)
    assert "1 visit answered: 1 cleared</h1>" in page.text
    desk.session.rollback()
    (record,) = coverage_store.records_of(desk.session, desk.practice_id, [make.an_id(10_001)])[make.an_id(10_001)]
    assert (record.result, record.checked_on, record.source, record.reference) == (
        CheckResult.ACTIVE, TODAY, "portal", "R-77",
    )  # fmt: skip
    assert coverage_store.latest_events(desk.session, desk.practice_id, make.an_id(10_001), 5)


def test_two_people_on_one_coverage_see_both_values(desk, sign_in):
    desk.book(OPEN[3])
    desk.judge()
    browser = sign_in(Role.COORDINATOR)
    address, page = open_question(browser, "Is the coverage")
    patient = make.an_id(10_001)
    with announced(desk.caller) as session:
        (record,) = coverage_store.records_of(session, desk.practice_id, [patient])[patient]
        changed = replace(record, result=CheckResult.UNKNOWN, checked_on=TODAY, source="phone")
        coverage_store.change_coverages(session, desk.practice_id, [changed])
        announce(session, Changed(frozenset({patient})))
    good = {"result": "active", "checked_on": "03/02/2026", "source": "portal", "reference": ""}
    sent = send(browser, address, page, **good)
    assert sent.status_code == 409
    text = unescape(sent.text)
    assert "Somebody changed this while you were typing" in text
    assert re.search(r"Source</th>.*?phone.*?portal", text, re.DOTALL)
    assert 'value="portal"' in text
    again = send(browser, address, sent, **good)
    assert again.status_code == 303


def test_a_check_that_is_older_than_the_one_on_file_clears_nothing(desk, sign_in):
    desk.book(OPEN[3])
    patient = make.an_id(10_001)
    (record,) = coverage_store.records_of(desk.session, desk.practice_id, [patient])[patient]
    changed = replace(record, result=CheckResult.UNKNOWN, checked_on=TODAY)
    coverage_store.change_coverages(desk.session, desk.practice_id, [changed])
    desk.session.commit()
    desk.judge()
    browser = sign_in(Role.COORDINATOR)
    page = answered(browser, "Is the coverage", result="active", checked_on="t-3", source="portal", reference="R-1")
    assert "1 visit still waits for an answer to this question." in page.text
    desk.session.rollback()
    (stays,) = coverage_store.records_of(desk.session, desk.practice_id, [patient])[patient]
    assert (stays.result, stays.checked_on) == (CheckResult.UNKNOWN, TODAY)


APPROVAL_ERRORS = (
    ({}, "Enter what the approval lacks, as the payer's letter says it."),
    ({"ends": "soon"}, "Last day must be a day, like 12/05/2026; found soon."),
    ({"ends": "12/31/2025"}, "Last day must be 01/01/2026 or later: it must be the same as or after the first day."),
    ({"ends": "12/31/2026", "no_end": "yes"}, "Enter the last day, or tick that the payer set none; not both."),
    ({"count-0": "many"}, "Units must be a whole number, like 36; found many."),
    ({"count-0": "0", "counting-0": "visits"}, "Visits must be a whole number, like 36; found 0."),
)


def test_what_an_approval_lacks_is_filled_in_and_taken_back(desk, sign_in):
    desk.book(Booking(9, "Abbott", "Lena", "needed"))
    approve(desk, 1, number=None, ends=None, items=(Item(("96910", "96912")),))
    desk.judge()
    browser = sign_in(Role.COORDINATOR)
    start = "What are the number, last day and count of the approval"
    for typed, sentence in APPROVAL_ERRORS:
        assert sentence in refused(browser, start, **typed), typed
    good = {"number": "PA-77", "ends": "6/30/2026", "count-0": "12", "counting-0": "units"}
    page = answered(browser, start, **good)
    assert "1 visit answered: 1 cleared</h1>" in page.text
    desk.session.rollback()
    row, _version = authorization_store.record_of(desk.session, desk.practice_id, make.an_id(60_501))
    assert (row.number, row.ends, row.items[0].count) == ("PA-77", date(2026, 6, 30), 12)
    undo = re.search(r'<form method="post" action="(/questions/answers/[^"]+/undo)"', page.text).group(1)
    send(browser, undo, page)
    desk.session.rollback()
    row, _version = authorization_store.record_of(desk.session, desk.practice_id, make.an_id(60_501))
    assert (row.number, row.ends, row.items[0].count, row.status) == (None, None, None, "approved")
    assert badges(desk) == {"not_checked": 1}


@pytest.mark.parametrize(
    ("typed", "asked"),
    [
        ({"count-0": "401"}, "The count is 401."),
        ({"ends": "01/05/2028", "count-0": "4"}, "The approval lasts longer than 24 months."),
        ({"ends": "03/01/2026", "count-0": "4"}, "The last day lies in the past."),
    ],
)
def test_what_is_unlikely_is_asked_once(desk, sign_in, typed, asked):
    desk.book(Booking(9, "Abbott", "Lena", "needed"))
    approve(desk, 1, number=None, ends=None, items=(Item(("96910", "96912")),))
    desk.judge()
    browser = sign_in(Role.COORDINATOR)
    address, page = open_question(browser, "What are the number")
    sent = send(browser, address, page, number="PA-77", **typed)
    assert sent.status_code == 422
    assert "Is this right?" in sent.text and asked in sent.text
    again = send(browser, address, sent, number="PA-77", sure="yes", **typed)
    assert again.status_code == 303


def test_two_people_on_one_approval_see_both_values(desk, sign_in):
    desk.book(Booking(9, "Abbott", "Lena", "needed"))
    approve(desk, 1, number=None, ends=None)
    desk.judge()
    browser = sign_in(Role.COORDINATOR)
    address, page = open_question(browser, "What are the number and last day")
    with announced(desk.caller) as session:
        row, _version = authorization_store.record_of(session, desk.practice_id, make.an_id(60_501), hold=True)
        authorization_store.change_authorizations(session, desk.practice_id, [replace(row, number="PA-5")], [])
        announce(session, Changed(frozenset({row.patient_id})))
    sent = send(browser, address, page, number="PA-6", ends="06/30/2026")
    assert sent.status_code == 409
    assert re.search(r"Number</th>.*?PA-5.*?PA-6", sent.text, re.DOTALL)
    again = send(browser, address, sent, number="PA-6", ends="06/30/2026")
    assert again.status_code == 303
    desk.session.rollback()
    row, _version = authorization_store.record_of(desk.session, desk.practice_id, make.an_id(60_501))
    assert (row.number, row.ends) == ("PA-6", date(2026, 6, 30))


def test_a_network_is_answered_by_the_practices_word(desk, sign_in):
    desk.book(OPEN[6])
    insure(desk, 1, plan_kind=PlanKind.HMO, network=NetworkAnswer.UNKNOWN)
    desk.judge()
    browser = sign_in(Role.COORDINATOR)
    start = "Is Dr. Rivera in the network of Acme Health"
    good = {"network": "in", "plan": "PPO Gold", "begins": "1/1/2026", "until": ""}
    for change, sentence in (
        ({"network": ""}, "Choose whether the provider is in the network or not."),
        ({"begins": ""}, "Enter the first day for which this holds, like the contract's first day."),
        ({"until": "12/31/2025"}, "Last day must be 01/01/2026 or later: it cannot end before its first day."),
    ):
        assert sentence in refused(browser, start, **{**good, **change})
    page = answered(browser, start, **good)
    assert "1 visit answered: 1 cleared</h1>" in page.text
    desk.session.rollback()
    (word,) = practice_store.participations(desk.session, desk.practice_id)
    assert (word.payer, word.plan, word.provider_npi, word.network) == (PAYER, "PPO Gold", RIVERA, "in")


def test_a_group_is_answered_once_for_its_provider(desk, sign_in):
    desk.book(Booking(9, "Abbott", "Lena", "needed"))
    provider = next(one for one in practice_store.providers(desk.session, desk.practice_id) if one.npi == RIVERA)
    practice_store.add_provider(desk.session, desk.practice_id, replace(provider, group_npi=None))
    practice = practice_store.practice_of(desk.session, desk.practice_id)
    practice_store.save_practice(desk.session, practice.id, replace(practice, group_npi=None))
    approve(desk, 1, provider_group=make.GROUP_NPI)
    desk.judge()
    browser = sign_in(Role.COORDINATOR)
    start = "Under which group NPI does Dr. Rivera bill?"
    for typed, sentence in (
        ("", "Enter the group NPI under which claims are sent: 10 digits."),
        ("123456789", "Group NPI must have 10 digits; you entered 9."),
        ("1234567890", "Group NPI does not add up: its last digit checks the others."),
    ):
        assert sentence in refused(browser, start, group_npi=typed)
    page = answered(browser, start, group_npi=make.GROUP_NPI)
    assert "1 visit answered: 1 cleared</h1>" in page.text


def test_a_referral_is_logged_or_not_needed(desk, sign_in):
    desk.book(OPEN[6])
    insure(desk, 1, plan_kind=PlanKind.HMO, referral_required=Known.UNKNOWN)
    desk.judge()
    browser = sign_in(Role.COORDINATOR)
    start = "Which referral does Greene, Walter have?"
    good = {"referral": "number", "number": "REF-1", "begins": "1/1/2026", "ends": "12/31/2026", "visits": "6"}
    for change, sentence in (
        ({"referral": ""}, "Choose whether there is a referral or none is needed."),
        ({"number": ""}, "Enter the referral's number, as the plan or the referring office wrote it."),
        ({"begins": ""}, "Enter the first day for which the referral holds."),
        ({"ends": ""}, "Enter the last day for which the referral holds."),
        ({"ends": "12/31/2025"}, "Last day must be 01/01/2026 or later"),
        ({"visits": "six"}, "Visits must be a whole number up to 400, like 6; found six."),
        ({"referral": "not_needed"}, "Say who said so: the plan's page, or a call with its reference."),
    ):
        assert sentence in refused(browser, start, **{**good, **change})
    page = answered(browser, start, **good)
    assert "1 visit answered: 1 cleared</h1>" in page.text
    desk.session.rollback()
    (row,) = authorization_store.of_patients(desk.session, desk.practice_id, [make.an_id(10_001)])[make.an_id(10_001)]
    assert (row.kind, row.number, row.items[0].count) == (Kind.REFERRAL, "REF-1", 6)
    undo = re.search(r'<form method="post" action="(/questions/answers/[^"]+/undo)"', page.text).group(1)
    send(browser, undo, page)
    page = answered(browser, start, referral="not_needed", said_by="Plan page, 3/2")
    assert "1 visit answered: 1 cleared</h1>" in page.text


def test_every_kind_of_question_has_its_form(desk, sign_in):
    every_kind(desk)
    browser = sign_in(Role.COORDINATOR)
    rows = rows_of(browser.get("/questions"))
    kinds = set(re.findall(r'class="kind" id="(\w+)"', browser.get("/questions").text)) - {"kind"}
    assert kinds == {
        "need", "type", "coverage", "approval", "participation", "referral", "group", "class", "unmet"
    }  # fmt: skip
    for sentence, (found, _visits) in rows.items():
        page = browser.get(f"/questions/{found}")
        assert page.status_code == 200
        assert "Record answer</button>" in page.text, sentence


def test_a_case_is_answered_for_its_patient(desk, sign_in):
    every_kind(desk)
    browser = sign_in(Role.COORDINATOR)
    start = "need approval for J0585"
    good = {"need": "not_required", "reference": "C-7", "until": ""}
    for change, sentence in (
        ({"need": ""}, "Choose what the payer says: approval needed, or not needed."),
        ({"reference": ""}, "Enter the payer's reference: of the call, the portal page or the letter."),
        ({"until": "1/1/2027"}, "Last day must be 12/31/2026 or earlier: an answer for a patient ends with the year."),
        ({"until": "t-1"}, "Last day must be 03/02/2026 or later: the answer holds from today on."),
    ):
        assert sentence in refused(browser, start, **{**good, **change})
    page = answered(browser, start, **good)
    assert "1 visit answered: " in page.text


def test_the_class_of_a_line_is_answered_by_what_the_note_documents(desk, sign_in):
    every_kind(desk)
    browser = sign_in(Role.COORDINATOR)
    start = "Is 17110"
    assert "Tick what the note of this patient documents" in refused(browser, start, triggers="nonsense")
    _address, page = open_question(browser, start)
    assert re.search(r'href="/schedule/self-pay\?visit=[0-9a-f-]{36}"', page.text)
    first = re.search(r'name="triggers" value="(\w+)"', page.text).group(1)
    page = answered(browser, start, triggers=first)
    assert "1 visit answered: " in page.text
    visit = schedule_store.visit_by_reference(desk.session, desk.practice_id, "V20012")
    assert first in visit.lines[0].documented


def test_an_answer_is_on_the_audit_log_and_names_nobody_in_the_notice(desk, sign_in):
    desk.book(*OPEN)
    desk.judge()
    browser = sign_in(Role.COORDINATOR)
    page = answered(browser, NEED, **GOOD_NEED)
    desk.session.rollback()
    lines = [entry for entry, _mac in audit_store.entries(desk.session, desk.practice_id)]
    (line,) = [one for one in lines if one.action == "questions.answered"]
    assert dict(line.details) == {"kind": "need", "visits": 3}
    said = SAID.search(page.text).group(1)
    assert not [word for word in ("Acme", "11102", "Abbott") if word in said]


def test_what_an_answer_changed_is_forgotten_after_ninety_days_and_what_it_recorded_stays(desk, sign_in, web_clock):
    desk.book(*OPEN[:2])
    desk.judge()
    page = answered(sign_in(Role.COORDINATOR), NEED, **{**GOOD_NEED, "need": "required"})
    answer = UUID(re.search(r"/questions/answers/([^/]+)/undo", page.text).group(1))
    web_clock.instant += timedelta(days=89)
    assert forget_answers(desk.caller) == 0
    assert answer_store.answer_of(desk.session, desk.practice_id, answer) is not None
    web_clock.instant += timedelta(days=2)
    assert (forget_answers(desk.caller), forget_answers(desk.caller)) == (1, 0)
    assert answer_store.answer_of(desk.session, desk.practice_id, answer) is None
    assert [one for one in practice_rules(desk.session, desk.practice_id) if "11102" in one.codes]


def test_who_has_several_coverages_chooses_one(desk, sign_in):
    desk.book(OPEN[3])
    patient = make.an_id(10_001)
    (record,) = coverage_store.records_of(desk.session, desk.practice_id, [patient])[patient]
    second = replace(record, id=make.an_id(50_900), rank=Rank.SECONDARY, member_id="Z1", plan="Second plan")
    coverage_store.add_coverages(desk.session, desk.practice_id, [second])
    desk.session.commit()
    desk.judge()
    browser = sign_in(Role.COORDINATOR)
    good = {"result": "active", "checked_on": "t", "source": "portal", "reference": ""}
    assert "Choose the coverage that was checked." in refused(browser, "Is the coverage", **good)
    answered(browser, "Is the coverage", coverage=str(record.id), **good)
    desk.session.rollback()
    found = {one.id: one for one in coverage_store.records_of(desk.session, desk.practice_id, [patient])[patient]}
    assert (found[record.id].checked_on, found[second.id].checked_on) == (TODAY, record.checked_on)


def test_questions_without_a_form_say_where_they_are_settled(desk, sign_in):
    desk.book(OPEN[3], OPEN[4], OPEN[5])
    desk.session.execute(delete(CoverageRow).where(CoverageRow.patient_id == make.an_id(10_001)))
    for reference, changes in (("V20002", {"visit_type": None}), ("V20003", {"refused_row": 3})):
        record = schedule_store.records(desk.session, desk.practice_id, [reference])[reference]
        lines = tuple(replace(line, **changes) for line in record.visit.lines)
        changed = replace(record, visit=replace(record.visit, lines=lines))
        schedule_store.change_visits(desk.session, desk.practice_id, [changed])
    desk.session.commit()
    desk.judge()
    browser = sign_in(Role.COORDINATOR)
    for sentence, said in (
        ("Is the coverage", "No coverage is on file for this patient."),
        ("names neither a code nor a visit type", "Enter a code or a visit type for these visits"),
        ("refused rows", "Mend them in the file and import it again."),
    ):
        address, page = open_question(browser, sentence)
        assert said in unescape(page.text)
        assert "Record answer</button>" not in page.text
        token = {"csrf_token": TOKEN.search(page.text).group(1)}
        assert browser.post(address, data=token).status_code == 422
