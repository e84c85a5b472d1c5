"""The page of a case: where it stands, what happened, who owns it and what comes next."""

import pytest

from app.practice.facts.staff import Role
from tests.support import make
from tests.support.desk import Booking
from tests.web.casework.support import errors_of, fields_of, fill, patient_id, words_of

CASE = make.an_id(60_001)
AT = f"/cases/{CASE}"


@pytest.fixture
def asked(desk):
    """A practice with one patient whose request waits for the payer."""
    desk.book(Booking(8, "Dubois", "Henri", "pending"))
    return desk


def test_the_page_says_where_the_case_stands(asked, sign_in):
    page = sign_in(Role.COORDINATOR).get(AT)
    text = words_of(page)
    assert page.status_code == 200
    assert f"Case A-{CASE.hex[-6:].upper()}" in text
    assert "Dubois, Henri MRN M00001" in text
    assert "Submitted Asked for. The payer has not decided." in text
    assert "Nobody owns this case. Choose an owner." in text


def test_a_call_is_kept_with_person_reference_and_next_action(asked, sign_in):
    browser = sign_in(Role.COORDINATOR)
    answer = fill(
        browser,
        f"{AT}?write=call",
        f"{AT}/entries/call",
        person="Dana, agent 412",
        reference="CR-77 120",
        outcome="still_pending",
        line="Provider line",
        started="",
        hold="12",
        words="In clinical review.",
        next_action="Call for the status",
        next_on="t+2",
    )
    assert answer.status_code == 303
    text = words_of(browser.get(AT))
    assert "Call: Still pending" in text
    assert "Spoke to Dana, agent 412 Reference CR-77 120 Payer line Provider line" in text
    assert "Next action Call for the status, by Wed 03/04/2026 (in 2 days)" in text
    found = fill(browser, "/patients", words="cr77120")
    assert found.location.endswith(f"/patients/{patient_id()}")


def test_an_approval_turns_badges_at_once_and_can_be_undone(asked, sign_in):
    browser = sign_in(Role.COORDINATOR)
    at = f"{AT}/decision"
    first = fields_of(browser.get(at), at)
    assert first["codes"] == "96910/96912:36"
    answer = browser.post(at, data=first | {"number": "PA-9001"})
    assert answer.status_code == 303, errors_of(answer)
    page = browser.get(AT)
    text = words_of(page)
    assert "Approval logged. 1 visit changed: 1 is now cleared." in text
    assert "Approved The payer granted what was asked." in text
    assert "Authorization PA-9001" in text
    assert "Authorization number: PA-9001" in text
