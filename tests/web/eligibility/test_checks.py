"""A check by hand, all checks of a coverage, and one check in words."""

import re
from datetime import date, timedelta
from html import unescape

from app.coverage.facts import Answered, CheckResult, Method, NetworkAnswer
from app.coverage.store import checks as check_store
from app.coverage.store import coverages as coverage_store
from app.eligibility.actions.answers import take_answer
from app.platform.db import db
from app.policies.facts.answers import Need
from app.policies.store.answers import answers_of
from app.practice.facts.staff import Role
from app.values.insurance import Known
from tests.support import make
from tests.support.desk import TODAY, Booking
from tests.support.eligible import procedure, ref, response, row
from tests.web.casework.support import errors_of, fields_of

PATIENT, COVERAGE = make.an_id(10_001), make.an_id(50_001)
FORM, HISTORY = f"/eligibility/check/{COVERAGE}", f"/eligibility/coverages/{COVERAGE}"
CALL = {
    "method": "phone", "who": "Ann", "reference": "C-77", "answered_on": "t", "result": "active", "ends": "12/31/2026",
    "network": "in", "referral": "no", "copay": "$25", "coinsurance": "20 %", "deductible": "1,500",
    "deductible_left": "320.50", "needs": "96910", "needs_none": "99213", "said": "Ask again in June",
}  # fmt: skip


def words(page):
    """What a page says."""
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", page.text)).split())


def fill(browser, **typed):
    """Send the form as a person fills it."""
    return browser.post(FORM, data=fields_of(browser.get(FORM), FORM) | typed)


def held():
    """The coverage and its checks as they are on file."""
    db.session.rollback()
    session, practice_id = db.session(), make.PRACTICE_ID
    (coverage,) = coverage_store.on_file(session, practice_id, PATIENT)
    return coverage, check_store.of_coverage(session, practice_id, COVERAGE)


def test_a_call_is_recorded_with_all_that_was_said(desk, sign_in):
    desk.book(Booking(8, "Bauer", "Otto", "office"))
    desk.judge()
    browser = sign_in(Role.COORDINATOR)
    answer = fill(browser, **CALL)
    assert answer.status_code == 303, errors_of(answer)
    coverage, (check,) = held()
    assert (coverage.result, coverage.checked_on, coverage.source) == (CheckResult.ACTIVE, TODAY, "phone")
    assert (coverage.ends, coverage.network, coverage.referral_required) == (
        date(2026, 12, 31),
        NetworkAnswer.IN,
        Known.NO,
    )
    assert (check.method, check.who, check.reference, check.result) == (Method.PHONE, "Ann", "C-77", Answered.ACTIVE)
    kept = answers_of(db.session(), make.PRACTICE_ID, [PATIENT])[PATIENT]
    assert {(*one.names, one.need, one.reference) for one in kept} == {
        ("96910", Need.REQUIRED, "C-77"),
        ("99213", Need.NOT_REQUIRED, "C-77"),
    }
    page = browser.get(answer.location)
    assert "Check recorded. Need for approval noted for 2 codes." in words(page)
    assert "The plan says active 03/02/2026 The plan ends 12/31/2026 now. How Phone" in words(page)
    detail = browser.get(re.search(r'href="(/eligibility/checks/[^"]+)"', page.text).group(1))
    said = words(detail)
    assert "Copay Office visit $25.00" in said
    assert "Deductible Health plan $1,500.00 a calendar year" in said
    assert "Deductible Health plan $320.50 remaining" in said
    assert "Approval 96910 Not told Not told Needed" in said
    assert "In the words of who asked: Ask again in June" in said


def test_a_check_turns_the_badge_at_once(desk, sign_in):
    (visit,) = desk.book(Booking(8, "Bauer", "Otto", "stale"))
    desk.judge()
    browser = sign_in(Role.COORDINATOR)
    for result, turned in (("active", "cleared"), ("inactive", "blocked"), ("unknown", "not checked")):
        answer = fill(browser, method="portal", result=result, answered_on="t")
        assert f"1 visit changed: 1 is now {turned}." in words(browser.get(answer.location))
        assert turned.capitalize() in words(browser.get(f"/visits/{visit}"))


def test_a_call_needs_who_answered_and_a_reference_and_every_entry_stays(desk, sign_in):
    desk.book(Booking(8, "Bauer", "Otto", "office"))
    browser = sign_in(Role.COORDINATOR)
    wrong = {"who": "", "reference": "", "copay": "many", "needs": "96910", "needs_none": "96910 9x"}
    page = fill(browser, **(CALL | wrong))
    assert page.status_code == 422
    assert page.text.count("<title>Error: ") == 1
    assert set(errors_of(page)) == {
        "Enter the name of the person who answered the call",
        "Enter the reference of the call, or the person's name and the time",
        "Copay must be an amount, like 25 or 1,250.00; you entered many",
        "A code has five signs, like 96910 or J0585; you entered 9x",
    }
    back = fields_of(page, FORM)
    assert (back["deductible_left"], back["copay"]) == ("320.50", "many")
    assert "Ask again in June" in page.text
    assert held()[1] == ()


def test_that_a_plan_could_not_be_asked_is_kept_and_leaves_the_last_answer(desk, sign_in):
    desk.book(Booking(8, "Bauer", "Otto", "office"))
    before, _none = desk and held()
    answer = fill(sign_in(Role.COORDINATOR), method="portal", result="not_asked", answered_on="t")
    assert answer.status_code == 303
    coverage, (check,) = held()
    assert (coverage, check.result) == (before, Answered.NOT_ASKED)


def test_a_card_that_shows_active_is_asked_about_once(desk, sign_in):
    desk.book(Booking(8, "Bauer", "Otto", "office"))
    browser = sign_in(Role.COORDINATOR)
    page = fill(browser, method="card", result="active", answered_on="t")
    assert page.status_code == 422
    assert "A card does not show whether the plan is active today" in words(page)
    answer = browser.post(FORM, data=fields_of(page, FORM))
    assert answer.status_code == 303


def test_a_form_sent_twice_counts_once_and_a_stale_one_changes_nothing(desk, sign_in):
    desk.book(Booking(8, "Bauer", "Otto", "office"))
    browser = sign_in(Role.COORDINATOR)
    typed = fields_of(browser.get(FORM), FORM) | {"method": "portal", "result": "inactive", "answered_on": "t"}
    assert browser.post(FORM, data=typed).status_code == 303
    again = browser.post(FORM, data=typed)
    assert "This check is on file already" in words(browser.get(again.location))
    stale = browser.post(FORM, data=typed | {"key": str(make.an_id(99)), "result": "active"})
    assert stale.status_code == 409
    assert "Somebody changed this while you were typing" in stale.text
    coverage, checks = held()
    assert (coverage.result, len(checks)) == (CheckResult.INACTIVE, 1)


def test_an_older_check_is_kept_and_changes_nothing(desk, sign_in):
    desk.book(Booking(8, "Bauer", "Otto", "office"))
    browser = sign_in(Role.COORDINATOR)
    answer = fill(browser, method="portal", result="inactive", answered_on="t-5")
    assert "A later answer is on file" in words(browser.get(answer.location))
    coverage, (check,) = held()
    assert (coverage.result, check.answered_on) == (CheckResult.ACTIVE, TODAY - timedelta(days=5))


def test_undo_puts_the_coverage_back_and_marks_the_check(desk, sign_in):
    desk.book(Booking(8, "Bauer", "Otto", "office"))
    browser = sign_in(Role.COORDINATOR)
    page = browser.get(fill(browser, method="portal", result="inactive", answered_on="t").location)
    undo = re.search(r'action="(/patients/[^"]+/undo/[^"]+)"', page.text).group(1)
    token = re.search(r'name="csrf_token" value="([^"]+)"', page.text).group(1)
    assert browser.post(undo, data={"csrf_token": token}).status_code == 303
    coverage, (check,) = held()
    assert coverage.result is CheckResult.ACTIVE
    assert check.taken_back_at is not None
    assert "(taken back)" in browser.get(HISTORY).text


def test_checks_of_the_patient_page_and_of_answers_stand_in_one_history(desk, sign_in):
    desk.book(Booking(8, "Bauer", "Otto", "office"))
    take_answer(desk.caller, response(plan={"name": "GOLD", "ends": "2026-12-31"}), ref())
    browser = sign_in(Role.COORDINATOR)
    patient = browser.get(f"/patients/{PATIENT}").text
    assert re.search(r'href="([^"]+)">Record a check<', patient).group(1) == FORM
    assert "All checks" in patient
    assert fill(browser, method="portal", result="inactive", answered_on="t").status_code == 303
    said = words(browser.get(HISTORY))
    assert said.index("The plan says inactive 03/02/2026") < said.index("The plan says active 03/02/2026")
    assert "Inactive; before: active." in said


def test_one_answer_stands_in_words_and_a_biller_does_not_read_notes(desk, sign_in):
    desk.book(Booking(8, "Bauer", "Otto", "office"))
    limit = row("F", ("DG",), quantity_qualifier="VS", quantity="12", period="23", messages=["PLAN LIMITS APPLY"])
    filed = take_answer(desk.caller, response(row(), limit, procedure("96910", True), status="active"), ref())
    page = sign_in(Role.BILLER).get(f"/eligibility/checks/{filed.subject_id}")
    said = words(page)
    assert "Limit Dermatology" in said
    assert "12 visits a calendar year PLAN LIMITS APPLY" in said
    assert "W00000001" not in page.text.split("<main")[0]
    assert "member W00000001" in said
