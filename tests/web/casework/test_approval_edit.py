"""Changing an approval, closing it, and taking a change back."""

import re
from datetime import date, timedelta

import pytest

from app.authorizations import store
from app.authorizations.facts import Counting, Item, Status
from app.coverage.models import CoverageRow
from app.platform.db import db
from app.practice.facts.staff import Role
from tests.support import make
from tests.support.desk import Booking
from tests.web.casework.support import errors_of, fields_of, fill, patient_id, said_yes, words_of

AT = f"/patients/{patient_id()}/approvals/{make.an_id(60_001)}"
PAGE = f"/patients/{patient_id()}"


def on_file():
    """The approval as it stands."""
    db.session.rollback()
    found = store.record_of(db.session(), make.PRACTICE_ID, make.an_id(60_001))
    assert found is not None
    return found[0]


def test_the_form_shows_what_is_on_file(desk, sign_in):
    desk.book(Booking(8, "Bauer", "Otto", "ended"))
    shown = fields_of(sign_in(Role.COORDINATOR).get(AT), AT)
    assert (shown["number"], shown["begins"], shown["ends"]) == ("PA-1041", "01/01/2026", "02/27/2026")
    assert (shown["codes"], shown["coverage"], shown["status"]) == ("96910/96912:36", "", "approved")


def test_a_changed_end_turns_the_badge_and_says_what_changed(desk, sign_in):
    (visit,) = desk.book(Booking(8, "Castillo", "Ana", "ended"))
    desk.judge()
    browser = sign_in(Role.COORDINATOR)
    answer = fill(browser, AT, ends="8/31/2026")
    text = words_of(browser.get(answer.location))
    assert "Approval saved. 1 visit changed: 1 is now cleared." in text
    assert "Saved. It covers the one booked visit." in text
    assert on_file().ends == date(2026, 8, 31)
    assert on_file().items == (Item(("96910", "96912"), None, Counting.UNITS, 36, 21),)
    assert "Ends 02/27/2026 → 08/31/2026" in words_of(browser.get(PAGE))
    assert "Cleared" in words_of(browser.get(f"/visits/{visit}"))


def test_a_change_is_taken_back_within_a_day_and_struck_through(desk, sign_in):
    desk.book(Booking(8, "Castillo", "Ana", "ended"))
    browser = sign_in(Role.COORDINATOR)
    fill(browser, AT, ends="8/31/2026", diagnoses="L40.0")
    undo = re.search(r'action="([^"]+/undo/[^"]+)"', browser.get(PAGE).text).group(1)
    token = fields_of(browser.get(AT), AT)["csrf_token"]
    answer = browser.post(undo, data={"csrf_token": token})
    assert answer.status_code == 303
    page = browser.get(PAGE)
    assert "Change taken back. 1 visit changed: 1 is now blocked." in words_of(page)
    assert (on_file().ends, on_file().diagnoses) == (date(2026, 2, 27), ())
    assert "<s>Approval PA-1041 changed</s>" in page.text
    assert "/undo/" not in page.text


def test_a_change_older_than_a_day_stays(desk, sign_in, web_clock):
    desk.book(Booking(8, "Castillo", "Ana", "ended"))
    browser = sign_in(Role.COORDINATOR)
    fill(browser, AT, ends="8/31/2026")
    undo = re.search(r'action="([^"]+/undo/[^"]+)"', browser.get(PAGE).text).group(1)
    token = fields_of(browser.get(AT), AT)["csrf_token"]
    for _ in range(100):
        web_clock.instant += timedelta(minutes=14)
        web_page = browser.get("/patients")
        if web_clock.instant > make.NOW + timedelta(hours=11):
            break
    assert web_page.status_code == 200
    event = store.events_of(db.session(), make.PRACTICE_ID, make.an_id(60_001))[-1]
    assert undo.endswith(str(event.id))
    assert browser.post(undo, data={"csrf_token": token}).status_code == 303
    assert on_file().ends == date(2026, 2, 27)


@pytest.mark.parametrize(
    ("typed", "check"),
    [
        ({"how": "void", "why": "duplicate"}, lambda row: row.status is Status.VOIDED),
        ({"how": "end", "last_day": "3/1/2026", "why": "payer_ended"}, lambda row: row.ends == date(2026, 3, 1)),
    ],
)
def test_an_approval_is_closed_with_the_reason(desk, sign_in, typed, check):
    desk.book(Booking(8, "Bauer", "Otto", "approved"))
    browser = sign_in(Role.COORDINATOR)
    asked = fill(browser, AT, f"{AT}/close", **typed)
    assert asked.status_code == 422
    assert "This change breaks 1 booked visit: Mon 03/02/2026 (96910) would be blocked" in words_of(asked)
    assert not check(on_file())
    answer = said_yes(browser, asked, f"{AT}/close")
    assert answer.status_code == 303
    assert "Approval closed. 1 visit changed: 1 is now blocked." in words_of(browser.get(answer.location))
    assert check(on_file())
    reason = "logged twice" if typed["why"] == "duplicate" else "the payer ended it"
    assert f"Reason {reason}" in words_of(browser.get(PAGE))


@pytest.mark.parametrize(
    ("typed", "sentences"),
    [
        ({}, ["Choose whether it ended early or never counted", "Choose the reason"]),
        ({"how": "end", "why": "mistake"}, ["Enter the last day of the approval"]),
        (
            {"how": "end", "why": "mistake", "last_day": "12/31/2025"},
            ["Last day must be the same as or after the start date, 01/01/2026"],
        ),
    ],
)
def test_what_is_missing_to_close_an_approval_is_said(desk, sign_in, typed, sentences):
    desk.book(Booking(8, "Bauer", "Otto", "approved"))
    answer = fill(sign_in(Role.COORDINATOR), AT, f"{AT}/close", **typed)
    assert answer.status_code == 422
    assert errors_of(answer) == sentences
    assert on_file().status is Status.APPROVED


def test_the_second_to_save_sees_both_values_and_chooses(desk, sign_in):
    desk.book(Booking(8, "Bauer", "Otto", "approved"))
    browser = sign_in(Role.COORDINATOR)
    late = fields_of(browser.get(AT), AT) | {"ends": "9/30/2026"}
    fill(browser, AT, ends="7/31/2026")
    answer = browser.post(AT, data=late)
    assert answer.status_code == 409
    assert "End date 07/31/2026 9/30/2026" in words_of(answer)
    assert on_file().ends == date(2026, 7, 31)
    assert browser.post(AT, data=fields_of(answer, AT)).status_code == 303
    assert on_file().ends == date(2026, 9, 30)


def test_a_status_that_cannot_follow_is_asked_once_and_kept_as_a_marked_correction(desk, sign_in):
    desk.book(Booking(8, "Bauer", "Otto", "approved"))
    browser = sign_in(Role.COORDINATOR)
    asked = fill(browser, AT, status="submitted")
    assert asked.status_code == 422
    assert "This case is approved; it cannot become submitted." in words_of(asked)
    assert "Was the status logged wrongly, so that this corrects it?" in words_of(asked)
    assert on_file().status is Status.APPROVED
    breaks = browser.post(AT, data=fields_of(asked, AT))
    assert "This change breaks 1 booked visit: Mon 03/02/2026 (96910) would be waiting" in words_of(breaks)
    assert said_yes(browser, breaks, AT).status_code == 303
    assert on_file().status is Status.SUBMITTED
    event = store.events_of(db.session(), make.PRACTICE_ID, make.an_id(60_001))[-1]
    assert event.changes["why"] == [None, "mistake"]
    assert "Reason entered by mistake" in words_of(browser.get(PAGE))


def test_a_move_of_the_payer_is_asked_nothing(desk, sign_in):
    desk.book(Booking(8, "Bauer", "Otto", "approved"))
    assert fill(sign_in(Role.COORDINATOR), AT, status="partly_approved").status_code == 303
    assert on_file().status is Status.PARTLY_APPROVED


def test_fewer_units_than_are_used_are_refused_beside_the_field(desk, sign_in):
    desk.book(Booking(8, "Bauer", "Otto", "approved"))
    answer = fill(sign_in(Role.COORDINATOR), AT, codes="96910/96912", units="20")
    assert answer.status_code == 422
    assert errors_of(answer) == ["21 units of 96910 are used already; enter at least as many"]
    assert on_file().items[0].count == 36


def test_nothing_changed_leaves_no_trace(desk, sign_in):
    desk.book(Booking(8, "Bauer", "Otto", "approved"))
    browser = sign_in(Role.COORDINATOR)
    answer = fill(browser, AT)
    assert "Nothing was different, so nothing was changed." in words_of(browser.get(answer.location))
    assert store.events_of(db.session(), make.PRACTICE_ID, make.an_id(60_001)) == ()


def test_an_approval_of_somebody_else_is_not_found(desk, sign_in):
    desk.book(Booking(8, "Bauer", "Otto", "approved"), Booking(9, "Castillo", "Ana", "approved"))
    browser = sign_in(Role.COORDINATOR)
    assert browser.get(f"/patients/{patient_id()}/approvals/{make.an_id(60_002)}").status_code == 404


@pytest.mark.parametrize("role", [Role.SCHEDULER, Role.BILLER, Role.PROVIDER])
def test_a_scheduler_cannot_edit_approvals(desk, sign_in, role):
    desk.book(Booking(8, "Bauer", "Otto", "approved"))
    browser = sign_in(role)
    token = re.search(r'name="csrf_token" value="([^"]+)"', browser.get(PAGE).text).group(1)
    event = make.an_id(5)
    for address in (AT, f"{AT}/close", f"{AT}/undo/{event}", f"{PAGE}/approvals/new"):
        assert browser.post(address, data={"csrf_token": token, "ends": "9/30/2026"}).status_code == 403, address
    assert on_file().ends == date(2026, 6, 30)


def test_an_approval_of_a_patient_without_coverage_keeps_its_payer(desk, sign_in):
    desk.book(Booking(8, "Bauer", "Otto", "approved"))
    desk.session.query(CoverageRow).delete()
    desk.session.commit()
    assert fill(sign_in(Role.COORDINATOR), AT, ends="9/30/2026").status_code == 303
    assert (on_file().ends, on_file().payer, on_file().member_id) == (
        date(2026, 9, 30),
        "local:acme-health",
        "W00000001",
    )


def test_units_used_stay_when_codes_are_written_anew(desk, sign_in):
    desk.book(Booking(8, "Bauer", "Otto", "approved"))
    browser = sign_in(Role.COORDINATOR)
    said_yes(browser, fill(browser, AT, codes="96910:20; 96912:16"), AT)
    assert [item.used for item in on_file().items] == [21, 21]
