"""What is done with ticked visits: assigned, asked about, marked self-pay, and each taken back."""

import re
from dataclasses import replace
from datetime import timedelta
from html import unescape

import pytest

from app.audit import store as audit_store
from app.platform.db import db
from app.practice.facts.staff import Role
from app.schedule import store as schedule_store
from app.schedule.facts import BillTo
from app.worklists import store
from app.worklists.actions import work
from tests.support.desk import DAY, Booking
from tests.support.queries import counted
from tests.support.web import TOKEN
from tests.web.worklists.support import LEE, PAT, desk, me_of, once, plain, post, ticks_of, undo_of

__all__ = ["desk"]
OFFICE = Booking(8, "Abbott", "Lena", "office")
ENDED = Booking(9, "Castillo", "Marisol", "ended")


def owners_of(desk, *visits):
    """Read who works on visits."""
    desk.session.rollback()
    works = store.works(desk.session, desk.practice_id, visits)
    return [works[one].owner_id if one in works else None for one in visits]


def records_of(desk, *visits):
    """Read visits with where their lines came from, without the count of their edits."""
    desk.session.rollback()
    found = schedule_store.visits_by_ids(desk.session, desk.practice_id, list(visits))
    records = schedule_store.records(desk.session, desk.practice_id, [one.reference for one in found.values()])
    desk.session.rollback()
    return {key: replace(one, visit=replace(one.visit, version=0)) for key, one in records.items()}


def assign(browser, desk, visits, owner, address="/schedule"):
    """Tick visits of a list and assign them."""
    ticks = ticks_of(browser.get(address))
    back = address.partition("?")[2]
    return post(
        browser, "/schedule/work", do="assign", owner=str(owner), tick=[ticks[one] for one in visits], back=back
    )


def test_ticked_visits_are_assigned_and_the_assignment_is_undone(desk, sign_in):
    first, second, third = desk.book(OFFICE, ENDED, replace(OFFICE, hour=10))
    desk.judge()
    browser = sign_in(Role.SCHEDULER)
    assign(browser, desk, [first], PAT)
    answer = assign(browser, desk, [first, second], LEE)
    assert answer.status_code == 303
    page = browser.get(answer.location)
    assert "2 visits assigned to Lee Example." in page.text
    assert re.findall(r'<td class="owner">(.*?)</td>', page.text) == ["Lee Example", "Lee Example", ""]
    assert owners_of(desk, first, second, third) == [LEE, LEE, None]
    undo = undo_of(page)
    again = post(browser, undo)
    assert "Taken back for 2 visits." in browser.get(again.location).text
    assert owners_of(desk, first, second, third) == [PAT, None, None]
    repeated = post(browser, undo)
    assert "This was taken back already" in browser.get(repeated.location).text
    assert owners_of(desk, first, second, third) == [PAT, None, None]


def test_the_list_comes_back_as_it_was(desk, sign_in):
    _first, second = desk.book(OFFICE, ENDED)
    desk.judge()
    browser = sign_in(Role.SCHEDULER)
    answer = assign(browser, desk, [second], "nobody", "/schedule?day=2026-03-02&badge=blocked")
    assert answer.location == "/schedule?day=2026-03-02&badge=blocked"


def test_nothing_ticked_or_chosen_is_said_and_what_was_ticked_stays(desk, sign_in):
    first, second = desk.book(OFFICE, ENDED)
    desk.judge()
    browser = sign_in(Role.SCHEDULER)
    page = post(browser, "/schedule/work", do="assign", owner=str(LEE))
    assert page.status_code == 422
    assert "Tick the visits first." in page.text and "<title>Error: Schedule" in page.text
    assert f'value="{LEE}" selected' in page.text
    ticks = ticks_of(browser.get("/schedule"))
    page = post(browser, "/schedule/work", do="assign", owner="", tick=[ticks[second]])
    assert page.status_code == 422
    assert "Choose to whom the visits are assigned" in page.text
    assert re.findall(r'value="([0-9a-f-]{36})\.0"[^>]*checked', page.text) == [str(second)]
    page = post(browser, "/schedule/work", do="assign", owner=str(first), tick=[ticks[second]])
    assert "This person cannot be given visits." in page.text
    assert owners_of(desk, first, second) == [None, None]


def test_a_visit_that_went_to_somebody_else_meanwhile_is_not_taken_from_them_unseen(desk, sign_in):
    first, second = desk.book(OFFICE, ENDED)
    desk.judge()
    browser = sign_in(Role.SCHEDULER)
    stale = ticks_of(browser.get("/schedule"))
    store.save_owners(desk.session, desk.practice_id, {first: PAT}, PAT, desk.caller.clock.now())
    desk.session.commit()
    page = post(browser, "/schedule/work", do="assign", owner=str(LEE), tick=[stale[first], stale[second]])
    assert page.status_code == 409
    assert "1 ticked visit got another owner after this page was loaded." in page.text
    assert re.findall(r'<td class="owner">(.*?)</td>', page.text) == ["Pat Example", ""]
    assert owners_of(desk, first, second) == [PAT, None]
    fresh = ticks_of(page)
    post(browser, "/schedule/work", do="assign", owner=str(LEE), tick=[fresh[first], fresh[second]])
    assert owners_of(desk, first, second) == [LEE, LEE]


def test_the_same_form_sent_twice_works_once(desk, sign_in):
    (first,) = desk.book(OFFICE)
    desk.judge()
    browser = sign_in(Role.COORDINATOR)
    tick = ticks_of(browser.get("/schedule"))[first]
    for sentence in ("1 visit assigned to Lee Example.", "were assigned to Lee Example already"):
        answer = post(browser, "/schedule/work", do="assign", owner=str(LEE), tick=[tick])
        assert sentence in browser.get(answer.location).text
    step = once()
    for _ in range(2):
        post(browser, "/schedule/ask", visit=[str(first)], note="Which drug?", step=step)
    desk.session.rollback()
    assert len(store.asks_of_visits(desk.session, desk.practice_id, [first])[first]) == 1
    for sentence in ("1 visit marked self-pay.", "Nothing was changed"):
        answer = post(browser, "/schedule/self-pay", visit=[str(first)])
        assert sentence in browser.get(answer.location).text


def test_self_pay_asks_once_takes_the_visit_out_of_insurance_and_is_undone_exactly(desk, sign_in):
    ended, two, typed = desk.book(
        ENDED, Booking(10, "Kowalski", "Ewa", "two"), Booking(11, "Moreau", "Anne", "unmapped")
    )
    desk.judge()
    before = records_of(desk, ended, two, typed)
    browser = sign_in(Role.COORDINATOR)
    ticks = ticks_of(browser.get("/schedule"))
    answer = post(browser, "/schedule/work", do="self_pay", tick=list(ticks.values()), back="day=2026-03-02")
    page = browser.get(answer.location)
    assert "Is this right? 3 visits marked self-pay" in plain(page)
    assert records_of(desk, ended, two, typed) == before
    answer = post(browser, "/schedule/self-pay", visit=[str(one) for one in (ended, two, typed)], back="day=2026-03-02")
    page = browser.get(answer.location)
    assert "3 visits marked self-pay." in page.text
    assert (
        page.text.count("visit-badge-self_pay") >= 3
        and 'href="/schedule?day=2026-03-02&amp;badge=blocked"' in page.text
    )
    after = records_of(desk, ended, two, typed)
    assert {line.bill_to for one in after.values() for line in one.visit.lines} == {BillTo.SELF_PAY}
    post(browser, undo_of(page))
    assert records_of(desk, ended, two, typed) == before
    assert "visit-badge-blocked" in browser.get("/schedule").text.split("<table")[1]


def test_self_pay_is_not_for_who_may_not_edit(desk, sign_in):
    (first,) = desk.book(OFFICE)
    desk.judge()
    browser = sign_in(Role.SCHEDULER)
    page = browser.get("/schedule")
    assert "Mark self-pay" not in page.text
    tick = ticks_of(page)[first]
    assert post(browser, "/schedule/work", do="self_pay", tick=[tick]).status_code == 403
    assert post(browser, "/schedule/self-pay", visit=[str(first)]).status_code == 403
    assert browser.get(f"/schedule/self-pay?visit={first}").status_code == 403


def test_an_undo_is_for_a_day_and_for_its_own_kind(desk, web_clock):
    first, second = desk.book(OFFICE, ENDED)
    assigned = work.assign(desk.caller, {first: 0, second: 0}, LEE)
    paid = work.mark_self_pay(desk.caller, [first])
    for undo, done in ((work.undo_self_pay, assigned), (work.undo, paid)):
        with pytest.raises(work.CannotUndoError):
            undo(desk.caller, done.step_id)
    web_clock.instant += timedelta(hours=23, minutes=59)
    assert work.undo_self_pay(desk.caller, paid.step_id) == 1
    web_clock.instant += timedelta(minutes=1)
    with pytest.raises(work.CannotUndoError):
        work.undo(desk.caller, assigned.step_id)
    assert owners_of(desk, first, second) == [LEE, LEE]


def test_a_question_reaches_the_owner_and_the_answer_comes_back(desk, sign_in):
    first, second = desk.book(OFFICE, ENDED)
    desk.judge()
    browser = sign_in(Role.COORDINATOR)
    me = me_of(desk)
    assign(browser, desk, [first], me)
    page = browser.get(f"/visits/{first}/ask?back=day%3D2026-03-02")
    assert "Abbott, Lena" in page.text and "The visit&#39;s owner" in page.text
    post(
        browser,
        "/schedule/ask",
        visit=[str(first), str(second)],
        note="Is Lena's plan still active?",
        step=once(),
        to="owner",
    )
    desk.session.rollback()
    asks = store.asks_of_visits(desk.session, desk.practice_id, [first, second])
    assert [asks[one][0].asked_of for one in (first, second)] == [me, None]
    page = browser.get(f"/visits/{first}/ask")
    assert "Is Lena&#39;s plan still active?" in page.text
    ask = asks[first][0].id
    empty = post(browser, f"/asks/{ask}/answer", answer=" ")
    assert empty.status_code == 422 and "Answer: write what the person who asked needs to know." in empty.text
    answer = post(browser, f"/asks/{ask}/answer", answer="Yes, until June.")
    assert answer.location == f"/visits/{first}/ask"
    assert "Yes, until June." in browser.get(answer.location).text
    late = post(browser, f"/asks/{ask}/answer", answer="No.")
    assert late.status_code == 409 and "answered this already" in late.text and ">No.</textarea>" in late.text


def test_a_question_without_an_answer_is_taken_back_by_undo(desk, sign_in):
    (first,) = desk.book(OFFICE)
    desk.judge()
    browser = sign_in(Role.SCHEDULER)
    answer = post(browser, "/schedule/ask", visit=[str(first)], step=once())
    assert answer.location.endswith(f"#v-{first}")
    page = browser.get(answer.location)
    assert "Asked about 1 visit." in page.text
    post(browser, undo_of(page))
    desk.session.rollback()
    assert store.asks_of_visits(desk.session, desk.practice_id, [first]) == {}


def test_a_scheduler_does_not_answer_what_coordinators_were_asked(desk, sign_in):
    (first,) = desk.book(OFFICE)
    desk.judge()
    browser = sign_in(Role.SCHEDULER)
    post(browser, "/schedule/ask", visit=[str(first)], step=once())
    desk.session.rollback()
    (ask,) = store.asks_of_visits(desk.session, desk.practice_id, [first])[first]
    assert "Not answered yet." in browser.get(f"/visits/{first}/ask").text
    assert post(browser, f"/asks/{ask.id}/answer", answer="Yes.").status_code == 404


def test_a_note_that_is_too_long_is_kept_and_said(desk, sign_in):
    (first,) = desk.book(OFFICE)
    browser = sign_in(Role.SCHEDULER)
    page = post(browser, "/schedule/ask", visit=[str(first)], note="x" * 501, step=once())
    assert page.status_code == 422
    assert "Note must be 500 characters or fewer; it has 501." in page.text
    assert "x" * 501 in page.text


def test_notes_are_sealed_and_audit_lines_hold_ids_alone(desk, sign_in):
    (first,) = desk.book(OFFICE)
    desk.judge()
    browser = sign_in(Role.COORDINATOR)
    post(browser, "/schedule/ask", visit=[str(first)], note="Lena asked twice", step=once())
    desk.session.rollback()
    (ask,) = store.asks_of_visits(desk.session, desk.practice_id, [first])[first]
    raw = desk.session.connection().exec_driver_sql("SELECT note FROM visit_ask").scalar()
    assert b"Lena" not in bytes(raw) and ask.note == "Lena asked twice"
    lines = [entry for entry, _mac in audit_store.entries(desk.session, desk.practice_id)]
    (asked,) = [line for line in lines if line.action == "worklists.asked"]
    assert asked.subjects == (first,) and dict(asked.details) == {"visits": 1}


def test_a_visit_that_is_removed_takes_its_work_along(desk, sign_in):
    (first,) = desk.book(replace(OFFICE))
    browser = sign_in(Role.COORDINATOR)
    store.save_owners(desk.session, desk.practice_id, {first: LEE}, None, desk.caller.clock.now())
    desk.session.commit()
    post(browser, "/schedule/ask", visit=[str(first)], step=once())
    desk.session.rollback()
    for table in ("visit_verdict", "service_line", "visit"):
        desk.session.connection().exec_driver_sql(f"DELETE FROM {table}")
    desk.session.commit()
    assert store.works(desk.session, desk.practice_id, [first]) == {}
    assert store.asks_of_visits(desk.session, desk.practice_id, [first]) == {}


def test_asking_about_an_unknown_visit_is_not_found(desk, sign_in):
    browser = sign_in(Role.SCHEDULER)
    assert browser.get(f"/visits/{LEE}/ask").status_code == 404
    answer = browser.get(f"/schedule/ask?visit={LEE}")
    assert "no longer on file" in browser.get(answer.location).text


@pytest.mark.parametrize("way", ["assign", "ask", "self_pay"])
def test_the_queries_of_each_form_do_not_grow_with_the_ticks(desk, sign_in, way):
    visits = desk.book(*(replace(OFFICE, last=f"Name{place}", hour=8 + place / 10) for place in range(20)))
    desk.judge()
    browser = sign_in(Role.COORDINATOR)
    page = browser.get("/schedule")
    ticks, token = ticks_of(page), TOKEN.search(page.text).group(1)
    seen = []
    for chosen in (visits[:2], visits[2:]):
        with counted(db.engine) as statements:
            if way == "assign":
                browser.post(
                    "/schedule/work",
                    data={
                        "csrf_token": token,
                        "do": "assign",
                        "owner": str(LEE),
                        "tick": [ticks[one] for one in chosen],
                    },
                )
            else:
                address = "/schedule/ask" if way == "ask" else "/schedule/self-pay"
                browser.post(address, data={"csrf_token": token, "visit": [str(one) for one in chosen], "step": once()})
        seen.append(len([one for one in statements if "INSERT INTO visit_ask" not in one]))
    assert seen[0] == seen[1]


def test_all_of_a_page_is_ticked_without_script(desk, sign_in):
    desk.book(*DAY)
    desk.judge()
    browser = sign_in(Role.SCHEDULER)
    address = unescape(re.search(r'href="([^"]+)" data-tick-all', browser.get("/schedule").text).group(1))
    page = browser.get(address)
    assert len(re.findall(r'name="tick"[^>]* checked>', page.text)) == len(DAY)
