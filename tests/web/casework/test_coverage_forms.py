"""Adding and changing a coverage."""

import re
from datetime import date

import pytest

from app.coverage.facts import CheckResult
from app.coverage.store import coverages as store
from app.platform.db import db
from app.practice.facts.staff import Role
from app.values.insurance import Benefit, Known, Line, PlanKind, Rank
from tests.support import make
from tests.support.desk import Booking
from tests.web.casework.support import errors_of, fields_of, fill, patient_id, said_yes, words_of

HERE = f"/patients/{patient_id()}/coverages"
FIRST = f"{HERE}/{make.an_id(50_001)}"
GOOD = {"payer": "acme health", "member": "w-77 01.", "rank": "secondary"}


def coverages():
    """What is on file of the patient's coverages."""
    db.session.rollback()
    return store.records_of(db.session(), make.PRACTICE_ID, [patient_id()]).get(patient_id(), [])


def test_a_coverage_is_added_with_all_that_the_card_says(desk, sign_in):
    desk.book(Booking(8, "Bauer", "Otto", "office"))
    typed = {"begins": "1/1/2026", "ends": "12/31/2026", "plan": "Silver", "plan_id": "P9", "group_number": "G7"}
    lists = {"line": "medicaid", "plan_kind": "hmo", "state": "ny", "benefit": "medical", "referral_required": "no"}
    browser = sign_in(Role.COORDINATOR)
    answer = fill(browser, f"{HERE}/new", **GOOD, **typed, **lists)
    assert answer.status_code == 303
    row = next(one for one in coverages() if one.rank is Rank.SECONDARY)
    assert (row.payer, row.member_id, row.begins, row.ends) == (
        "local:acme-health",
        "W-77 01",
        date(2026, 1, 1),
        date(2026, 12, 31),
    )
    assert (row.line, row.plan_kind, row.state, row.benefit) == (Line.MEDICAID, PlanKind.HMO, "NY", Benefit.MEDICAL)
    assert (row.plan, row.plan_id, row.group_number, row.referral_required) == ("Silver", "P9", "G7", Known.NO)
    assert (row.checked_on, row.result) == (None, None)
    text = words_of(browser.get(answer.location))
    assert "Coverage added." in text
    assert "Secondary Acme Health, Silver" in text, text
    assert "Never checked" in text
    assert "Coverage Acme Health added 03/02/2026 10:00 AM, Kim Example" in text


def test_the_next_free_order_is_offered_first(desk, sign_in):
    desk.book(Booking(8, "Bauer", "Otto", "office"))
    assert fields_of(sign_in(Role.COORDINATOR).get(f"{HERE}/new"), f"{HERE}/new")["rank"] == "secondary"


def test_a_form_sent_twice_adds_the_coverage_once(desk, sign_in):
    desk.book(Booking(8, "Bauer", "Otto", "office"))
    browser = sign_in(Role.COORDINATOR)
    typed = fields_of(browser.get(f"{HERE}/new"), f"{HERE}/new") | GOOD
    assert [browser.post(f"{HERE}/new", data=typed).status_code for _ in range(2)] == [303, 303]
    assert len(coverages()) == 2


def test_the_same_coverage_is_not_added_again(desk, sign_in):
    desk.book(Booking(8, "Bauer", "Otto", "office"))
    typed = {"payer": "Acme Health", "member": "W00000001", "rank": "primary", "begins": "1/1/2026"}
    answer = fill(sign_in(Role.COORDINATOR), f"{HERE}/new", **typed)
    assert errors_of(answer) == ["This patient has a coverage of this payer, member ID, order and start date already"]


def test_a_payer_that_nobody_knows_is_asked_about_once(desk, sign_in):
    desk.book(Booking(8, "Bauer", "Otto", "office"))
    browser = sign_in(Role.COORDINATOR)
    answer = fill(browser, f"{HERE}/new", **GOOD | {"payer": "Zenith Mutual"})
    assert answer.status_code == 422
    assert "No payer called Zenith Mutual is known." in words_of(answer)
    assert len(coverages()) == 1
    assert browser.post(f"{HERE}/new", data=fields_of(answer, f"{HERE}/new")).status_code == 303
    assert {one.payer for one in coverages()} == {"local:acme-health", "local:zenith-mutual"}


FAULTS = [
    ({"payer": ""}, "payer", "Enter the payer, as on the card"),
    (
        {"payer": "none"},
        "payer",
        "Enter the payer by its name, like Aetna; record a patient without insurance on the patient's page",
    ),
    ({"member": " - "}, "member", "Enter the member ID, as on the card"),
    ({"member": "7" * 41}, "member", "Member ID must have at most 40 characters; you entered 41"),
    ({"state": "Texas"}, "state", "State must be two letters, like TX; you entered TEXAS"),
    (
        {"begins": "12/01/2026", "ends": "11/01/2026"},
        "ends",
        "End date must be the same as or after the start date, 12/01/2026",
    ),
    ({"begins": "soon"}, "begins", "Start date must be a date, like 12/5, 12/05/2026 or t+30; you entered soon"),
    ({"line": "gold"}, "line", "Line of business must be one of the list; choose it again"),
    ({"rank": ""}, "rank", "Choose whether this coverage pays first, second or third"),
]


@pytest.mark.parametrize(("typed", "name", "sentence"), FAULTS, ids=[one[1] for one in FAULTS])
def test_what_cannot_be_read_of_a_coverage_is_said_beside_its_field(desk, sign_in, typed, name, sentence):
    desk.book(Booking(8, "Bauer", "Otto", "office"))
    answer = fill(sign_in(Role.COORDINATOR), f"{HERE}/new", **GOOD | typed)
    assert answer.status_code == 422
    assert errors_of(answer) == [sentence]
    assert f'id="{name}-error"' in answer.text
    assert "<title>Error: Coverage" in answer.text
    assert len(coverages()) == 1


def test_another_member_id_forgets_the_last_answer(desk, sign_in):
    desk.book(Booking(8, "Bauer", "Otto", "office"))
    browser = sign_in(Role.COORDINATOR)
    answer = said_yes(browser, fill(browser, FIRST, member="W99999999"), FIRST)
    assert "1 visit changed: 1 is now not checked." in words_of(browser.get(answer.location))
    (row,) = coverages()
    assert (row.member_id, row.checked_on, row.result, row.source) == ("W99999999", None, None, None)


def test_another_plan_name_keeps_the_last_answer(desk, sign_in):
    desk.book(Booking(8, "Bauer", "Otto", "office"))
    browser = sign_in(Role.COORDINATOR)
    answer = fill(browser, FIRST, plan="PPO Platinum", ends="12/31/2026")
    text = words_of(browser.get(answer.location))
    assert "Ends none → 12/31/2026" in text and "Plan PPO Gold → PPO Platinum" in text
    assert coverages()[0].result is CheckResult.ACTIVE


def test_an_event_never_holds_the_member_id(desk, sign_in):
    desk.book(Booking(8, "Bauer", "Otto", "office"))
    browser = sign_in(Role.COORDINATOR)
    said_yes(browser, fill(browser, FIRST, member="W99999999"), FIRST)
    (event,) = store.latest_events(db.session(), make.PRACTICE_ID, patient_id(), 9)
    assert event.changes["member_id"] == [None, None]
    assert "W9" not in str(event.changes) and "W0" not in str(event.changes)


def test_the_second_to_save_sees_both_values_and_chooses(desk, sign_in):
    desk.book(Booking(8, "Bauer", "Otto", "office"))
    browser = sign_in(Role.COORDINATOR)
    late = fields_of(browser.get(FIRST), FIRST) | {"plan": "Silver"}
    fill(browser, FIRST, plan="PPO Bronze")
    answer = browser.post(FIRST, data=late)
    assert answer.status_code == 409
    assert "Somebody changed this while you were typing" in words_of(answer)
    assert "Plan PPO Bronze Silver" in words_of(answer)
    assert coverages()[0].plan == "PPO Bronze"
    again = browser.post(FIRST, data=fields_of(answer, FIRST))
    assert again.status_code == 303


def test_a_coverage_of_somebody_else_is_not_found(desk, sign_in):
    desk.book(Booking(8, "Bauer", "Otto", "office"), Booking(9, "Castillo", "Ana", "office"))
    browser = sign_in(Role.COORDINATOR)
    assert browser.get(f"{HERE}/{make.an_id(50_002)}").status_code == 404
    assert browser.get(f"/patients/{make.an_id(7)}/coverages/new").status_code == 404


def test_a_change_is_taken_back_within_a_day_and_struck_through(desk, sign_in):
    desk.book(Booking(8, "Bauer", "Otto", "office"))
    before = coverages()
    browser = sign_in(Role.COORDINATOR)
    shown = browser.get(said_yes(browser, fill(browser, FIRST, plan="Silver", ends="3/1/2026"), FIRST).location)
    assert coverages() != before
    undo = re.search(r'action="([^"]+/undo/[^"]+)"', shown.text).group(1)
    token = fields_of(browser.get(FIRST), FIRST)["csrf_token"]
    page = browser.get(browser.post(undo, data={"csrf_token": token}).location)
    assert "Change taken back. 1 visit changed: 1 is now cleared." in words_of(page)
    assert coverages() == before
    assert "<s>Coverage Acme Health" in page.text and "/undo/" not in page.text
    again = browser.get(browser.post(undo, data={"csrf_token": token}).location)
    assert "This change cannot be taken back" in words_of(again)
    assert coverages() == before


def test_a_change_of_the_member_id_offers_no_undo(desk, sign_in):
    desk.book(Booking(8, "Bauer", "Otto", "office"))
    browser = sign_in(Role.COORDINATOR)
    fill(browser, FIRST, member="W99999999")
    assert "/undo/" not in browser.get(f"/patients/{patient_id()}").text


def test_a_scheduler_cannot_edit_coverages(desk, sign_in):
    desk.book(Booking(8, "Bauer", "Otto", "office"))
    browser = sign_in(Role.SCHEDULER)
    token = fields_of(browser.get("/patients"), "/patients")["csrf_token"]
    for address in (f"{HERE}/new", FIRST, f"{FIRST}/undo/{make.an_id(3)}"):
        assert browser.post(address, data={"csrf_token": token} | GOOD).status_code == 403, address
    assert coverages()[0].checked_on == date(2026, 3, 1)
