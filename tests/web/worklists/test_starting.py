"""Requests that ticked visits need are begun at once: what is begun, what is there already, and what cannot be."""

import re
from dataclasses import replace
from datetime import timedelta

import pytest

from app.audit import store as audit_store
from app.authorizations import store as authorization_store
from app.authorizations.facts import Counting, Item, Kind, Status
from app.casework.actions.starting import start_requests
from app.casework.facts.casebook import case_code
from app.deadlines import store as clock_store
from app.platform.db import db
from app.practice.facts.staff import Role
from app.schedule.facts import VisitStatus
from tests.support import make
from tests.support.desk import DAY, TODAY, Booking
from tests.support.queries import counted
from tests.web.worklists.support import desk, me_of, once, plain, post, ticks_of

__all__ = ["desk"]
NEEDS = Booking(8, "Abbott", "Lena", "none")
ADDRESS = "/schedule/requests"


def start(browser, visits, key=None):
    """Send the form that begins what visits need, and follow it."""
    answer = post(browser, ADDRESS, visit=[str(one) for one in visits], key=key or once(), back="day=2026-03-02")
    assert answer.status_code == 303
    return browser.get(answer.location)


def show(browser, visits):
    """Open the page that says what visits need."""
    return browser.get(ADDRESS, query_string={"visit": [str(one) for one in visits]})


def cases_of(desk, visit):
    """Read the records of a visit's patient that are on file."""
    desk.session.rollback()
    patient = patient_of(visit)
    rows = authorization_store.of_patients(desk.session, desk.practice_id, [patient]).get(patient, ())
    found = authorization_store.records_by_ids(desk.session, desk.practice_id, [one.id for one in rows])
    return list(found.values())


def patient_of(visit):
    """Whose a visit of the desk is."""
    return type(visit)(int=visit.int - 10_000)


def test_ticked_visits_go_to_a_page_that_says_what_would_be_begun_and_then_it_is(desk, sign_in):
    (first,) = desk.book(NEEDS)
    desk.judge()
    browser = sign_in(Role.COORDINATOR)
    tick = ticks_of(browser.get("/schedule"))[first]
    answer = post(browser, "/schedule/work", do="start", tick=[tick], back="day=2026-03-02")
    assert answer.status_code == 303
    words = plain(browser.get(answer.location))
    assert "To begin" in words and "Abbott, Lena MRN M00001 96910" in words and "Start 1 request" in words
    assert cases_of(desk, first) == []
    page = start(browser, [first])
    (case,) = cases_of(desk, first)
    assert (case.status, case.kind, case.payer_name) == (Status.DRAFT, Kind.INITIAL, "Acme Health")
    assert case.items == (Item(("96910",), None, Counting.UNITS, 1),)
    assert (case.begins, case.ends, case.diagnoses, case.places) == (TODAY, None, ("L40.0",), ("11",))
    assert (case.next_action, case.next_action_on) == ("Complete the request", TODAY)
    assert clock_store.cases(desk.session, desk.practice_id, [case.id])[case.id].owner_id == me_of(desk)
    assert "1 request begun, in draft and yours." in plain(page)
    assert re.search(rf'Begun now.*href="/cases/{case.id}"[^>]*>{case_code(case.id)}<', page.text, re.DOTALL)
    assert browser.get(f"/patients/{patient_of(first)}/requests/{case.id}").status_code == 200


def test_several_visits_of_a_patient_make_one_request_with_the_units_of_all(desk, sign_in):
    (first,) = desk.book(NEEDS)
    later = desk._visit(NEEDS, patient_of(first), 40_001, TODAY + timedelta(days=7))
    (other,) = desk.book(replace(NEEDS, hour=9, last="Bauer"))
    desk.session.commit()
    desk.judge()
    page = start(sign_in(Role.COORDINATOR), [other, later, first])
    assert "2 requests begun" in plain(page)
    (case,) = cases_of(desk, first)
    assert case.items == (Item(("96910",), None, Counting.UNITS, 2),)
    assert (case.begins, case.ends) == (TODAY, TODAY + timedelta(days=7))
    assert len(cases_of(desk, other)) == 1


def test_a_form_sent_twice_and_a_second_form_begin_nothing_more(desk, sign_in):
    (first,) = desk.book(NEEDS)
    desk.judge()
    browser, key = sign_in(Role.COORDINATOR), once()
    start(browser, [first], key)
    again = plain(start(browser, [first], key))
    assert "No request was begun. 1 request on file already." in again and "Begun now" in again
    other = plain(start(browser, [first]))
    assert "On file already" in other and "Begun now" not in other and "To begin" not in other
    assert len(cases_of(desk, first)) == 1


def test_what_is_on_file_or_not_needed_is_named_with_the_reason_and_not_begun(desk, sign_in):
    kinds = ("pending", "ended", "approved", "office", "cosmetic", "unmapped", "unknown")
    visits = desk.book(*(Booking(8 + at, f"Last{kind}", "Pat", kind) for at, kind in enumerate(kinds)))
    done = desk.book(replace(NEEDS, last="Gone", status=VisitStatus.DONE))
    before = {one: cases_of(desk, one) for one in [*visits, *done]}
    desk.judge()
    browser = sign_in(Role.MANAGER)
    words = plain(show(browser, [*visits, *done]))
    assert "No request is to be begun for these visits." in words
    held, barred = words.split("On file already", 1)[1].rsplit("Nothing to begin", 1)
    assert "Lastpending, Pat" in held and "Submitted" in held
    for name, sentence in (
        ("Lastended", "An approval is on file that does not fit this visit."),
        ("Lastapproved", "An approval is on file that fits."),
        ("Lastoffice", "No approval is needed."),
        ("Lastcosmetic", "Insurance is not asked for it."),
        ("Lastunmapped", "It is not known whether approval is needed. Answer that first."),
        ("Lastunknown", "It is not known whether approval is needed. Answer that first."),
        ("Gone", "The visit is not booked any more."),
    ):
        assert re.search(rf"{name}, \w+ MRN M\d+ [^,]*?{re.escape(sentence)}", barred), name
    page = plain(start(browser, [*visits, *done]))
    assert "No request was begun. 1 request on file already. Nothing to begin for 7 planned services." in page
    assert {one: cases_of(desk, one) for one in before} == before


def test_a_request_that_somebody_is_writing_for_the_service_is_not_doubled(desk, sign_in):
    (first,) = desk.book(NEEDS)
    desk.judge()
    start_requests(desk.caller, [first], make.an_id(97_100))
    desk.session.commit()
    (draft,) = cases_of(desk, first)
    words = plain(show(sign_in(Role.MANAGER), [first]))
    assert "On file already These are not begun a second time. On file already Case Patient" in words
    assert case_code(draft.id) in words and "Draft" in words


@pytest.mark.parametrize("role", [Role.SCHEDULER, Role.BILLER, Role.PROVIDER])
def test_whoever_may_not_edit_cases_neither_sees_nor_begins(desk, sign_in, role):
    (first,) = desk.book(NEEDS)
    desk.judge()
    browser = sign_in(role)
    assert show(browser, [first]).status_code == 403
    if role is Role.SCHEDULER:
        page = browser.get("/schedule")
        assert "Start requests" not in page.text
        assert post(browser, "/schedule/work", do="start", tick=[ticks_of(page)[first]]).status_code == 403
        assert post(browser, ADDRESS, visit=[str(first)], key=once()).status_code == 403
    assert cases_of(desk, first) == []


def test_whom_the_page_shows_and_what_it_began_is_audited(desk, sign_in):
    (first,) = desk.book(NEEDS)
    desk.judge()
    browser = sign_in(Role.COORDINATOR)
    start(browser, [first])
    desk.session.rollback()
    lines = {one.action: one for one, _mac in audit_store.entries(desk.session, desk.practice_id)}
    (case,) = cases_of(desk, first)
    assert set(lines["casework.requests_begun"].subjects) == {case.id, first}
    assert set(lines["casework.starting_seen"].subjects) == {patient_of(first), first}


def test_visits_out_of_sight_or_gone_lead_back_to_the_list(desk, sign_in):
    browser = sign_in(Role.COORDINATOR)
    answer = show(browser, [patient_of(desk.book(NEEDS)[0])])
    assert answer.status_code == 303
    assert "These visits are no longer on file." in browser.get(answer.location).text


def test_queries_do_not_grow_with_the_visits(desk, sign_in, web_app):
    few = desk.book(*DAY[:3])
    many = desk.book(*(replace(one, last=f"More{at}") for at, one in enumerate([*DAY, *DAY])))
    desk.judge()
    browser = sign_in(Role.COORDINATOR)
    show(browser, few)
    with web_app.app_context():
        engine = db.engine
    with counted(engine) as one:
        show(browser, few)
    with counted(engine) as other:
        show(browser, [*few, *many])
    assert len(other) <= len(one) + 2
