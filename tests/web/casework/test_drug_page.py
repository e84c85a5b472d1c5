"""The page of a case's drug: who brings it, and each step until it is received."""

from datetime import date, timedelta

import pytest

from app.authorizations import store as authorization_store
from app.authorizations.facts import AuthorizationRecord, Counting, Item, Status
from app.pharmacy import store
from app.pharmacy.facts import SupplyPlan
from app.policies.facts.answers import Need
from app.practice.facts.staff import Role
from tests.support import make
from tests.support.desk import PAYER, PAYER_NAME, TODAY, Booking
from tests.support.queries import counted
from tests.web.casework.support import errors_of, fields_of, words_of

CASE, PATIENT, VISIT = make.an_id(70_001), make.an_id(10_001), make.an_id(20_001)
AT = f"/cases/{CASE}/drug"
STEPS = f"{AT}/steps"


@pytest.fixture
def drug(desk):
    """A visit with a drug tomorrow, whose case is approved."""
    desk.rule(62, Need.NOT_REQUIRED, "J0585")
    desk.book(Booking(8, "Dubois", "Henri", "hospital", day=TODAY + timedelta(days=1)))
    items = (Item(("J0585",), None, Counting.UNITS, 100, 0),)
    row = AuthorizationRecord(
        CASE, PATIENT, "A1", PAYER, PAYER_NAME, Status.APPROVED, "approved", items=items, number="PA-1",
        begins=date(2026, 1, 1), ends=date(2026, 12, 31), decided_on=date(2026, 1, 5),
    )  # fmt: skip
    authorization_store.add_authorizations(desk.session, make.PRACTICE_ID, [row], [])
    desk.session.commit()
    return desk.judge()


def planned(browser, plan="specialty_pharmacy"):
    """Say who brings the drug."""
    return browser.post(AT, data=fields_of(browser.get(AT), AT) | {"plan": plan})


def step(browser, **typed):
    """Record a step."""
    return browser.post(STEPS, data=fields_of(browser.get(AT), STEPS) | typed)


def test_a_pharmacy_drug_goes_from_its_plan_to_received_and_the_visit_follows(drug, sign_in):
    browser = sign_in(Role.COORDINATOR)
    assert planned(browser).status_code == 303
    text = words_of(browser.get(AT))
    assert "Saved who brings the drug." in text
    assert "A specialty pharmacy sends it." in text
    assert "Tue 03/03/2026 Fri 02/27/2026 Drug not received" in text
    assert "no delivery for this visit is on file" in words_of(browser.get(f"/visits/{VISIT}"))
    for name in ("benefit_verified", "prescription_sent", "approved", "consent_to_ship", "shipped"):
        assert step(browser, step=name, on="t").status_code == 303
    done = step(browser, step="received", on="t", doses="2", lot="L-77", ndc="00023-1145-01", for_visit=str(VISIT))
    assert done.status_code == 303, errors_of(done)
    text = words_of(browser.get(AT))
    assert "Received 03/02/2026: 2 doses, NDC 00023114501, lot L-77, for the visit of 03/03/2026" in text
    assert "Drug not received" not in text
    assert "Received 03/02/2026: 2 doses" in words_of(browser.get(f"/cases/{CASE}"))


def test_a_step_can_be_taken_back_and_stays_readable(drug, sign_in):
    browser = sign_in(Role.COORDINATOR)
    planned(browser)
    step(browser, step="received", on="t", doses="1")
    drug.session.rollback()
    mark = store.of_case(drug.session, make.PRACTICE_ID, CASE).marks[0]
    where = f"{STEPS}/{mark.id}/take-back"
    assert browser.post(where, data=fields_of(browser.get(AT), where)).status_code == 303
    text = words_of(browser.get(AT))
    assert "Received 03/02/2026: 1 dose taken back" in text
    assert "Drug not received" in text


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ({"step": "received", "on": ""}, "Enter the day on which it was done, like 12/5 or t"),
        ({"step": "received", "on": "t+1"}, "Done on must be today or before; you entered 03/03/2026"),
        ({"step": "received", "on": "t", "doses": "0"}, "Doses must be a whole number from 1 to 99, like 2"),
        (
            {"step": "received", "on": "t", "ndc": "123"},
            "NDC must have 11 digits, or 10 digits with dashes; you entered 3",
        ),
        (
            {"step": "shipped", "on": "t", "lot": "L"},
            "Only what was received has this. Choose Received, or leave it empty",
        ),
    ],
)
def test_what_cannot_be_is_told_beside_the_field(drug, sign_in, typed, says):
    browser = sign_in(Role.COORDINATOR)
    planned(browser)
    answer = step(browser, **typed)
    assert answer.status_code == 422
    assert errors_of(answer) == [says]
    drug.session.rollback()
    assert store.of_case(drug.session, make.PRACTICE_ID, CASE).marks == ()


def test_the_second_of_two_people_is_shown_both_plans(drug, sign_in):
    browser = sign_in(Role.COORDINATOR)
    form = fields_of(browser.get(AT), AT)
    assert browser.post(AT, data=form | {"plan": "specialty_pharmacy"}).status_code == 303
    answer = browser.post(AT, data=form | {"plan": "patient_brought"})
    assert answer.status_code == 409
    assert "A specialty pharmacy sends it The patient brings it" in words_of(answer)
    assert browser.post(AT, data=fields_of(answer, AT)).status_code == 303
    drug.session.rollback()
    assert store.of_case(drug.session, make.PRACTICE_ID, CASE).plan is SupplyPlan.PATIENT_BROUGHT


def test_others_read_it_and_do_not_change_it(drug, sign_in):
    browser = sign_in(Role.SCHEDULER)
    page = browser.get(AT)
    assert page.status_code == 200
    assert '<form method="post" action="/cases' not in page.text
    assert browser.post(AT, data={"plan": "buy_and_bill"}).status_code in (400, 403)


def test_the_page_asks_a_fixed_number_of_queries(drug, sign_in):
    browser = sign_in(Role.COORDINATOR)
    planned(browser)
    step(browser, step="approved", on="t")
    browser.get(AT)
    engine = drug.session.get_bind()
    with counted(engine) as few:
        browser.get(AT)
    for _ in range(4):
        step(browser, step="received", on="t")
    browser.get(AT)
    with counted(engine) as many:
        browser.get(AT)
    assert len(few) == len(many)
