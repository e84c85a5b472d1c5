"""The eligibility page: whose coverage is not verified, or changed?"""

import re
from dataclasses import replace
from datetime import date, timedelta
from html import unescape

from app.audit import store as audit_store
from app.coverage.facts import Answered, CheckResult
from app.coverage.models import CoverageRow
from app.coverage.store import checks as check_store
from app.coverage.store import coverages as coverage_store
from app.eligibility.actions.answers import take_answer
from app.eligibility.actions.listing import read_list
from app.eligibility.facts.asking import Ask, AskState, Batch, Route
from app.eligibility.facts.listing import EligibilityQuery, Standing
from app.eligibility.store import asking as asking_store
from app.gateways.clearinghouse.recording import RecordingClearinghouse
from app.gateways.facts import Gateways
from app.platform.db import db
from app.practice.facts.staff import Role
from app.values.scope import Scope
from tests.support import make
from tests.support.desk import NORTH, PAYER, TODAY, Booking
from tests.support.eligible import check_of, ref, rejected, rejection, response
from tests.support.queries import counted
from tests.support.web import TOKEN

TOMORROW = TODAY + timedelta(days=1)
ROW = re.compile(r"<tr data-row>(.*?)</tr>", re.DOTALL)
NEXT = re.compile(r'href="([^"]+)" rel="next">Next page</a>')


def booking(number, last="Bauer", **values):
    """One visit of tomorrow."""
    return Booking(7 + number / 12, last, "Otto", "office", day=TOMORROW, **values)


def words(text):
    """What a piece of a page says."""
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", text)).split())


def rows_of(page):
    """The rows of the list, in words."""
    return [words(row) for row in ROW.findall(page.text)]


def edit(desk, number, **values):
    """Write on the coverage of the patient who was booked as so manieth."""
    patient = make.an_id(10_000 + number)
    held = next(iter(coverage_store.on_file(desk.session, desk.practice_id, patient)))
    coverage_store.change_coverages(desk.session, desk.practice_id, [replace(held, **values)])
    desk.session.commit()


def test_tomorrow_is_shown_with_result_age_and_what_changed(desk, sign_in):
    desk.book(booking(1), Booking(9, "Castillo", "Ana", "office"))
    desk.judge()
    take_answer(desk.caller, response(plan={"ends": "2026-12-31"}, subscriber={"group_number": "G7"}), ref())
    page = sign_in(Role.SCHEDULER).get("/eligibility")
    (row,) = rows_of(page)
    assert "Bauer, Otto MRN M00001 Acme Health, PPO Gold The plan says active" in row
    assert "The plan ends 12/31/2026 now." in row
    assert "Today, 03/02/2026" in row
    assert "By hand" in row


def test_inactive_and_could_not_ask_are_told_apart(desk, sign_in):
    desk.book(booking(1), booking(2, "Castillo"))
    desk.judge()
    take_answer(desk.caller, response(status="inactive"), ref())
    other = {"member_id": "W00000002", "last_name": "CASTILLO"}
    take_answer(
        desk.caller, rejected(rejection("42", "source"), subscriber=response(subscriber=other)["subscriber"]), ref(2)
    )
    inactive, failed = rows_of(sign_in(Role.SCHEDULER).get("/eligibility"))
    assert "The plan says inactive" in inactive
    assert "could not ask" not in inactive
    assert "We could not ask the plan The payer's system cannot answer now (42). Correct it and ask again." in failed
    assert "Its last answer was active, 1 day ago." in failed


def test_filters_find_what_the_rows_say_and_a_wrong_address_is_named(desk, sign_in):
    desk.book(*(booking(number, f"Name{number}") for number in range(1, 9)), booking(9, "North", site=NORTH))
    edit(desk, 1, result=CheckResult.INACTIVE)
    edit(desk, 2, ends=TODAY)
    edit(desk, 3, result=None, checked_on=None)
    edit(desk, 4, other_primary=True, other_payer="Sunrise")
    edit(desk, 5, result=CheckResult.UNKNOWN)
    edit(desk, 6, begins=date(2027, 1, 1))
    batch = Batch(make.an_id(801), "hub", 1, AskState.SENT, make.NOW, 1)
    patient, covered = make.an_id(10_007), make.an_id(50_007)
    ask = Ask(make.an_id(851), batch.id, 1, patient, covered, "T1", TODAY, TOMORROW, AskState.OVERDUE)
    asking_store.add_batch(desk.session, desk.practice_id, batch, b"ISA", [ask])
    failed = check_of(make.an_id(50_008), 8, TODAY, patient_id=make.an_id(10_008), result=Answered.NOT_ASKED)
    check_store.add_check(desk.session, desk.practice_id, failed)
    desk.session.commit()
    everything = read_list(desk.caller, EligibilityQuery(TOMORROW)).rows
    found = {one.standing for one in everything}
    assert found == set(Standing) - {Standing.NO_COVERAGE}
    for standing in Standing:
        listed = read_list(desk.caller, EligibilityQuery(TOMORROW, standing=standing)).rows
        assert [one.visit.id for one in listed] == [one.visit.id for one in everything if one.standing is standing]


def test_site_payer_and_days_narrow_the_list_and_a_wrong_address_is_named(desk, sign_in):
    desk.book(*(booking(number, f"Name{number}") for number in range(1, 9)), booking(9, "North", site=NORTH))
    edit(desk, 1, result=CheckResult.INACTIVE)
    browser = sign_in(Role.SCHEDULER)
    assert len(rows_of(browser.get(f"/eligibility?site={NORTH}"))) == 1
    assert len(rows_of(browser.get(f"/eligibility?payer={PAYER}&standing=inactive"))) == 1
    assert "No visit of" in browser.get("/eligibility?payer=local:nobody").text
    wrong = browser.get("/eligibility?day=13/45/2026&standing=good&days=3")
    assert wrong.status_code == 422
    assert "Day must be a date, like 12/05/2026 or t+1; found 13/45/2026. Tomorrow is shown." in wrong.text
    assert len(rows_of(browser.get("/eligibility?day=t&days=7"))) == 9


def test_a_patient_without_coverage_is_listed_with_what_to_do(desk, sign_in):
    desk.book(booking(1))
    desk.session.query(CoverageRow).delete()
    desk.session.commit()
    page = sign_in(Role.COORDINATOR).get("/eligibility?standing=no_coverage")
    (row,) = rows_of(page)
    assert "No coverage on file" in row
    assert "Add coverage" in row


def test_fifty_stand_on_a_page_and_the_queries_do_not_grow(desk, sign_in):
    desk.book(booking(1), booking(2, "Castillo"))
    browser = sign_in(Role.SCHEDULER)
    with counted(db.engine) as few:
        browser.get("/eligibility")
    desk.book(*(booking(number, f"Name{number:03}") for number in range(3, 61)))
    with counted(db.engine) as many:
        page = browser.get("/eligibility")
    assert len(rows_of(page)) == 50
    assert len(many) == len(few)
    following = browser.get(unescape(NEXT.search(page.text).group(1)))
    assert len(rows_of(following)) == 10
    assert not set(rows_of(page)) & set(rows_of(following))


def test_what_is_out_of_sight_is_not_listed_and_who_was_shown_is_noted(desk):
    desk.book(booking(1), booking(2, "North", site=NORTH))
    limited = replace(desk.caller, scope=Scope(sites=frozenset({NORTH})))
    found = read_list(limited, EligibilityQuery(TOMORROW))
    assert [one.patient.id for one in found.rows] == [make.an_id(10_002)]
    assert [one.id for one in found.sites] == [NORTH]
    seen = [entry for entry, _mac in audit_store.entries(desk.session, desk.practice_id)]
    line = next(one for one in seen if one.action == "eligibility.seen")
    assert line.subjects == (make.an_id(10_002),)


def test_checking_what_is_ticked_says_why_nothing_can_be_asked_without_a_clearinghouse(desk, sign_in):
    (visit,) = desk.book(booking(1))
    browser = sign_in(Role.SCHEDULER)
    page = browser.get("/eligibility")
    assert "No clearinghouse is set up" in page.text
    form = {"csrf_token": TOKEN.search(page.text).group(1), "day": "03/03/2026"}
    nothing = browser.post("/eligibility/ask", data=form)
    assert nothing.status_code == 422
    assert "Tick the visits whose plans are to be asked." in nothing.text
    answer = browser.post("/eligibility/ask", data={**form, "tick": [str(visit)]})
    assert answer.status_code == 422
    assert "1 visit not asked: The payer's id at the clearinghouse is missing." in words(answer.text)
    assert f'value="{visit}" checked' in answer.text


def test_what_was_asked_in_part_is_not_told_as_a_success(desk, web_app, sign_in):
    asking_store.save_route(desk.session, desk.practice_id, Route(PAYER, "60054"))
    both = desk.book(booking(1), booking(2, "Castillo"))
    desk.session.query(CoverageRow).filter_by(patient_id=make.an_id(10_002)).delete()
    desk.session.commit()
    web_app.extensions["cleared_gateways"] = Gateways(clearinghouses={"main": RecordingClearinghouse()})
    browser = sign_in(Role.SCHEDULER)

    def ask(*ticks):
        form = {"csrf_token": TOKEN.search(browser.get("/eligibility").text).group(1), "day": "03/03/2026"}
        page = browser.post(
            "/eligibility/ask", data={**form, "tick": [str(one) for one in ticks]}, follow_redirects=True
        )
        return re.search(r'<div class="(notice[^"]*)">\s*<p>(.*?)</p>', page.text).groups()

    tone, told = ask(*both)
    assert told.startswith("Asking the plans about 1 coverage; answers come in by themselves. 1 visit not asked: ")
    assert tone == "notice notice-left"
    tone, told = ask(both[0])
    assert (tone, told.split(":")[0]) == ("notice notice-left", "Nothing was asked")


def test_on_an_evening_before_a_free_day_the_next_day_with_visits_is_offered(desk, sign_in):
    browser = sign_in(Role.SCHEDULER)
    nothing = browser.get("/eligibility").text
    assert "No visits are booked for Tue 03/03/2026." in nothing
    assert "Show Thu" not in nothing
    desk.book(replace(booking(1), day=TOMORROW + timedelta(days=2)))
    page = browser.get("/eligibility").text
    assert "No visits are booked for Tue 03/03/2026." in page
    following = re.search(r'href="([^"]+)">Show Thu 03/05/2026<', page)
    assert len(rows_of(browser.get(unescape(following.group(1))))) == 1
