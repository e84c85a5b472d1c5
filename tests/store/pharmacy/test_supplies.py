"""How drugs come to visits: kept with each step, read in bulk with one query, and judged at once."""

from datetime import date, timedelta

import pytest

from app.audit import store as audit_store
from app.authorizations import store as authorization_store
from app.authorizations.facts import AuthorizationRecord, Counting, Item, Status
from app.clearance.actions.book import rejudge_all
from app.clearance.actions.judging import files_of
from app.clearance.facts.reasons import Reason
from app.clearance.rules.packing import unpack
from app.clearance.store import verdicts
from app.pharmacy import actions, store
from app.pharmacy.facts import SupplyMark, SupplyPlan, SupplyStep
from app.policies.facts.answers import Need
from app.web.wiring import wire
from tests.support import make
from tests.support.desk import PAYER, PAYER_NAME, TODAY, Booking, Desk
from tests.support.queries import counted

CASE, PATIENT = make.an_id(70_001), make.an_id(10_001)
SPECIALTY = SupplyPlan.SPECIALTY_PHARMACY


@pytest.fixture
def desk(caller):
    """Two visits with a drug tomorrow, the first of a patient whose case names it."""
    wire()
    desk = Desk(caller).furnish()
    desk.rule(62, Need.NOT_REQUIRED, "J0585")
    desk.book(Booking(8, "Abbott", "Lena", "hospital", day=TODAY + timedelta(days=1)))
    desk.book(Booking(9, "Bauer", "Otto", "hospital", day=TODAY + timedelta(days=1)))
    items = (Item(("J0585",), None, Counting.UNITS, 100, 0),)
    row = AuthorizationRecord(
        CASE, PATIENT, "A1", PAYER, PAYER_NAME, Status.APPROVED, "approved", items=items, number="PA-1",
        begins=date(2026, 1, 1), ends=date(2026, 12, 31), decided_on=date(2026, 1, 5),
    )  # fmt: skip
    authorization_store.add_authorizations(caller.session, make.PRACTICE_ID, [row], [])
    caller.session.commit()
    return desk.judge()


def a_mark(number: int = 1, step: SupplyStep = SupplyStep.RECEIVED, **said: object) -> SupplyMark:
    """Make a step that was done today."""
    return SupplyMark(make.an_id(80_000 + number), step, TODAY, make.NOW, None, **said)


def findings(caller) -> set[Reason]:
    """All that the stored verdict of the patient's visit finds."""
    stored = verdicts.stored_of(caller.session, make.PRACTICE_ID, [PATIENT])[PATIENT]
    return {reason for one in stored.values() for line in unpack(one.content) for reason in line.reasons}


def test_a_plan_and_its_steps_turn_the_visit_at_once_and_back(desk, caller):
    assert Reason.DRUG_NOT_RECEIVED not in findings(caller)
    actions.plan_supply(caller, CASE, 0, SPECIALTY)
    assert Reason.DRUG_NOT_RECEIVED in findings(caller)
    actions.mark_supply(caller, CASE, a_mark(lot="L-77", ndc="00023114501", doses=2))
    assert Reason.DRUG_NOT_RECEIVED not in findings(caller)
    assert actions.take_back_mark(caller, CASE, a_mark().id)
    assert Reason.DRUG_NOT_RECEIVED in findings(caller)
    assert rejudge_all(caller, processes=1).changed == 0
    noted = [entry.action for entry, _mac in audit_store.entries(caller.session, make.PRACTICE_ID)]
    assert {"pharmacy.planned", "pharmacy.marked", "pharmacy.taken_back"} <= set(noted)


def test_what_came_is_kept_and_the_lot_is_sealed(desk, caller):
    actions.plan_supply(caller, CASE, 0, SPECIALTY)
    actions.mark_supply(caller, CASE, a_mark(lot="L-77", ndc="00023114501", doses=2))
    kept = store.of_case(caller.session, make.PRACTICE_ID, CASE)
    (mark,) = kept.marks
    assert (mark.lot, mark.ndc, mark.doses, mark.on) == ("L-77", "00023114501", 2, TODAY)
    judged = store.of_patients(caller.session, make.PRACTICE_ID, [PATIENT, make.an_id(10_002)])
    assert [one.lot for one in judged[PATIENT][0].marks] == [None]
    assert list(judged) == [PATIENT]
    assert dict(store.in_patient_order(caller.session, make.PRACTICE_ID)) == dict(judged)


def test_a_form_sent_twice_does_its_work_once(desk, caller):
    first = actions.plan_supply(caller, CASE, 0, SPECIALTY)
    assert actions.plan_supply(caller, CASE, 0, SPECIALTY) == first
    assert actions.mark_supply(caller, CASE, a_mark())
    assert not actions.mark_supply(caller, CASE, a_mark())
    assert actions.take_back_mark(caller, CASE, a_mark().id)
    assert not actions.take_back_mark(caller, CASE, a_mark().id)


def test_the_second_of_two_people_learns_what_is_on_file(desk, caller):
    actions.plan_supply(caller, CASE, 0, SPECIALTY)
    with pytest.raises(actions.StaleSupplyError) as refused:
        actions.plan_supply(caller, CASE, 0, SupplyPlan.BUY_AND_BILL)
    assert refused.value.now.plan is SPECIALTY


def test_what_cannot_be_is_refused_with_a_sentence(desk, caller):
    with pytest.raises(actions.SupplyNotFoundError):
        actions.plan_supply(caller, make.an_id(1), 0, SPECIALTY)
    with pytest.raises(actions.SupplyNotFoundError):
        actions.mark_supply(caller, CASE, a_mark())
    actions.plan_supply(caller, CASE, 0, SPECIALTY)
    others_visit = make.an_id(20_002)
    for mark in (
        a_mark(step=SupplyStep.SHIPPED, lot="L-77"),
        a_mark(doses=0),
        a_mark(for_visit=others_visit),
        a_mark(for_visit=make.an_id(1)),
    ):
        with pytest.raises(actions.MarkRefusedError):
            actions.mark_supply(caller, CASE, mark)
    bought = actions.plan_supply(caller, CASE, 1, SupplyPlan.BUY_AND_BILL)
    assert bought.version == 2
    with pytest.raises(actions.MarkRefusedError):
        actions.mark_supply(caller, CASE, a_mark())


def test_files_take_the_same_number_of_queries_with_supplies_and_without(desk, caller):
    engine = caller.session.get_bind()
    with counted(engine) as without:
        files_of(caller.session, make.PRACTICE_ID, [PATIENT])
    actions.plan_supply(caller, CASE, 0, SPECIALTY)
    for number in range(5):
        actions.mark_supply(caller, CASE, a_mark(number))
    with counted(engine) as many:
        files_of(caller.session, make.PRACTICE_ID, [PATIENT, make.an_id(10_002)])
    assert len(many) == len(without)
