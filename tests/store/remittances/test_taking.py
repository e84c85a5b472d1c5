"""Claims of remittances: tied to their visits, once, in any order; a denial ends the rule that it contradicts."""

from datetime import date
from itertools import permutations
from uuid import UUID

import pytest
from sqlalchemy import select

from app.clearance.facts.reasons import Badge, Check
from app.clearance.store import history, questions
from app.policies.store.practice import kept_rules
from app.remittances.actions.taking import take_claim, tie_claim
from app.remittances.facts.claims import ClaimState, Why
from app.remittances.models import RemittanceClaimRow, RemittanceLineRow
from app.values.records import Outcome, RecordRef
from app.web.wiring import wire
from tests.support import make
from tests.support.desk import DAY, PAYER, Booking, Desk
from tests.support.remittances import PAYMENT, adjustment, claim, line, reversal

REF = RecordRef(make.an_id(900), 1)
DENIED = adjustment("CO", "197", "100.00")
LATER = {**PAYMENT, "date": "2026-04-10", "trace": "CHK-900"}
LAST = {**PAYMENT, "date": "2026-04-20", "trace": "CHK-901"}


@pytest.fixture
def desk(caller):
    wire()
    made = Desk(caller).furnish()
    made.book(
        *DAY[:3], Booking(8, "Abbott", "Lukas", "office"), Booking(15, "Quist", "Ada", "office", day=date(2026, 3, 30))
    )
    return made.judge()


def rows(caller):
    return caller.session.scalars(select(RemittanceClaimRow).order_by(RemittanceClaimRow.id)).all()


def test_a_claim_is_tied_to_its_visit_and_to_what_was_shown_when_it_began(caller, desk):
    filed = take_claim(caller, PAYMENT, claim(line()), REF)
    assert (filed.outcome, filed.patient_id, filed.why) == (Outcome.MATCHED, make.an_id(10_001), None)
    (row,) = rows(caller)
    assert (row.id, row.visit_id, row.state, row.denied) == (
        filed.subject_id,
        make.an_id(20_001),
        ClaimState.STANDS,
        False,
    )
    # The visit began at 8:00; its verdict was stored at 10:00: Cleared had said nothing by then.
    assert row.said_badge is None


def test_what_was_shown_that_day_is_kept_though_it_changed_since(caller, desk):
    visit = make.an_id(20_005)
    shown = history.shown_now(caller.session, caller.practice_id, visit)
    assert shown is not None
    assert shown.badge is Badge.CLEARED
    sent = claim(
        line("99213", "2026-03-30", DENIED),
        claim_id="V20005",
        patient={"last_name": "QUIST", "first_name": "ADA", "member_id": "W00000005"},
        service_dates={"begins": "2026-03-30", "ends": "2026-03-30"},
    )
    caller.clock.instant = caller.clock.instant.replace(month=4, day=12)
    filed = take_claim(caller, LATER, sent, REF)
    assert filed.outcome is Outcome.MATCHED
    (row,) = rows(caller)
    assert (row.said_badge, row.said_check) == (Badge.CLEARED, None)
    (kept,) = caller.session.scalars(select(RemittanceLineRow))
    assert (kept.said_badge, kept.categories, kept.visit_id) == (Badge.CLEARED, ["authorization"], visit)


def test_the_check_that_made_the_badge_is_kept(caller, desk):
    desk.book(Booking(15, "Iversen", "Ole", "used_up", day=date(2026, 3, 30)))
    desk.judge()
    sent = claim(
        line("96910", "2026-03-30", adjustment("CO", "198", "100.00")),
        claim_id="ours-1",
        patient={"last_name": "IVERSEN", "first_name": "OLE", "member_id": "W00000006"},
        service_dates={"begins": None, "ends": None},
    )
    caller.clock.instant = caller.clock.instant.replace(month=4, day=12)
    assert take_claim(caller, LATER, sent, REF).outcome is Outcome.MATCHED
    (row,) = rows(caller)
    assert (row.said_badge, row.said_check) == (Badge.BLOCKED, Check.UNITS)
    (kept,) = caller.session.scalars(select(RemittanceLineRow))
    assert kept.authorization_id == make.an_id(60_006)


def test_the_same_claim_twice_does_its_work_once(caller, desk):
    first = take_claim(caller, PAYMENT, claim(line()), REF)
    again = take_claim(caller, PAYMENT, claim(line()), RecordRef(make.an_id(901), 7))
    assert (again.outcome, again.subject_id) == (Outcome.ALREADY, first.subject_id)
    assert len(rows(caller)) == 1


@pytest.mark.parametrize(
    ("more", "why"),
    [
        (
            {"claim_id": "X", "patient": {"last_name": "NOBODY", "first_name": "NIL", "member_id": "Z99"}},
            Why.NO_PATIENT,
        ),
        (
            {"claim_id": None, "patient": {"last_name": "ABBOTT", "first_name": "JONAS", "member_id": "W00000001"}},
            Why.OTHER_PATIENT,
        ),
        ({"patient": {"last_name": "ABBOTT", "first_name": "JONAS", "member_id": "Z99"}}, Why.OTHER_PATIENT),
        ({"claim_id": "X", "service_dates": {"begins": "2026-02-01", "ends": "2026-02-01"}}, Why.NO_VISIT),
        ({"claim_id": "X", "service_dates": {"begins": None, "ends": None}}, Why.NO_VISIT),
    ],
)
def test_a_claim_that_fits_nobody_or_no_visit_waits_and_is_kept(caller, desk, more, why):
    sent = claim(line("99213", None), **more)
    filed = take_claim(caller, PAYMENT, sent, REF)
    assert (filed.outcome, filed.why) == (Outcome.UNMATCHED, why)
    assert (filed.patient_id is not None) == (why is Why.NO_VISIT)
    (row,) = rows(caller)
    assert (row.visit_id, row.why) == (None, why.value)
    assert take_claim(caller, PAYMENT, sent, REF).outcome is Outcome.UNMATCHED
    assert len(rows(caller)) == 1


def test_a_member_id_with_a_suffix_and_no_control_number_is_enough(caller, desk):
    sent = claim(
        line(), claim_id=None, patient={"last_name": "ABBOTT", "first_name": "LENA", "member_id": "w 00000001-01"}
    )
    assert take_claim(caller, PAYMENT, sent, REF).outcome is Outcome.MATCHED


def test_a_person_ties_a_claim_that_waits(caller, desk):
    filed = take_claim(
        caller,
        PAYMENT,
        claim(line(), claim_id="X", service_dates={"begins": "2026-02-01", "ends": "2026-02-01"})
        | {"lines": [line("99213", "2026-02-01")]},
        REF,
    )
    assert filed.outcome is Outcome.UNMATCHED
    tied = tie_claim(caller, filed.subject_id, make.an_id(20_001))
    assert tied is not None
    assert (tied.outcome, tied.subject_id) == (Outcome.MATCHED, filed.subject_id)
    assert rows(caller)[0].visit_id == make.an_id(20_001)
    again = tie_claim(caller, filed.subject_id, make.an_id(20_002))
    assert again is not None
    assert again.outcome is Outcome.ALREADY
    assert rows(caller)[0].visit_id == make.an_id(20_001)
    assert tie_claim(caller, make.an_id(5), make.an_id(20_002)) is None


def test_a_denial_for_authorization_ends_the_rule_for_its_code_and_its_visits_are_not_checked(caller, desk):
    ahead = make.an_id(20_005)
    session, practice_id = caller.session, caller.practice_id
    assert history.shown_now(session, practice_id, ahead).badge is Badge.CLEARED
    assert questions.needs(session, practice_id) == ()
    filed = take_claim(caller, PAYMENT, claim(line("99213", "2026-03-02", DENIED)), REF)
    assert filed.outcome is Outcome.MATCHED
    now = history.shown_now(session, practice_id, ahead)
    assert now.badge is Badge.NOT_CHECKED
    rule = next(one for one in kept_rules(session, practice_id) if one.id == make.an_id(61))
    assert [(end.code, end.last_day) for end in rule.ends] == [("99213", date(2026, 3, 1))]
    (kept,) = session.scalars(select(RemittanceLineRow))
    assert kept.ended == [str(rule.id)]
    # The task: whether approval is needed is asked anew, for every visit that waits for it.
    assert (PAYER, "99213") in {(payer, code) for payer, code, _visits in questions.needs(session, practice_id)}
    # The other code of the rule stands, and another denial of the same ends nothing twice.
    take_claim(caller, LATER, claim(line("99213", "2026-03-02", DENIED)), REF)
    again = next(one for one in kept_rules(session, practice_id) if one.id == make.an_id(61))
    assert len(again.ends) == 1


@pytest.mark.parametrize(
    "sent",
    [
        claim(line("99213", "2026-03-02", adjustment("CO", "45", "40.00"))),
        claim(line("99213", "2026-03-02", adjustment("CO", "50", "100.00"))),
        claim(line("96910", "2026-03-02", DENIED)),
        claim(
            line("99213", "2026-03-02", DENIED),
            claim_id="X",
            patient={"last_name": "N", "first_name": "N", "member_id": "Z9"},
        ),
        reversal(claim(line("99213", "2026-03-02", DENIED))),
    ],
    ids=["contract", "necessity", "strict rule", "nobody", "reversal"],
)
def test_nothing_else_ends_a_rule(caller, desk, sent):
    take_claim(caller, PAYMENT, sent, REF)
    assert not any(one.ends for one in kept_rules(caller.session, caller.practice_id))


def test_a_denial_of_the_whole_claim_ends_the_rules_of_what_was_planned(caller, desk):
    sent = claim(adjustments=[adjustment("CO", "197", "100.00")], charge="100.00", paid="0.00", status="4")
    assert take_claim(caller, PAYMENT, sent, REF).outcome is Outcome.MATCHED
    assert sum(len(one.ends) for one in kept_rules(caller.session, caller.practice_id)) == 1


def test_reversal_and_correction_end_the_same_in_every_order(caller, desk):
    first = claim(line("99213", "2026-03-02", DENIED))
    records = ((PAYMENT, first), (LATER, reversal(first)), (LAST, claim(line(), payer_control_number="PCN-2")))
    ends = set()
    for number, order in enumerate(permutations(records)):
        control = f"C{number}"
        for payment, one in order:
            take_claim(caller, payment, {**one, "claim_id": control}, REF)
        found = [one for one in rows(caller) if one.visit_id == make.an_id(20_001)]
        mine = sorted((one.paid_on, one.state, one.denied) for one in found[-3:])
        ends.add(tuple(mine))
    assert ends == {
        (
            (date(2026, 3, 20), ClaimState.REVERSED, False),
            (date(2026, 4, 10), ClaimState.REVERSAL, False),
            (date(2026, 4, 20), ClaimState.STANDS, False),
        )
    }


def test_an_answer_paid_later_takes_the_place_of_a_denial(caller, desk):
    denied = claim(line("99213", "2026-03-02", adjustment("CO", "16", "100.00")), status="4")
    take_claim(caller, LATER, claim(line()), REF)
    take_claim(caller, PAYMENT, denied, REF)
    assert {(one.paid_on, one.state, one.denied) for one in rows(caller)} == {
        (date(2026, 3, 20), ClaimState.FOLLOWED, False),
        (date(2026, 4, 10), ClaimState.STANDS, False),
    }


def test_nobody_is_named_in_what_is_not_sealed(caller, desk):
    take_claim(caller, PAYMENT, claim(line()), REF)
    table = RemittanceClaimRow.__table__
    (row,) = caller.session.execute(select(table)).all()
    plain = " ".join(str(value) for value in row if not isinstance(value, bytes | UUID))
    assert not any(name in plain.upper() for name in ("ABBOTT", "LENA", "W00000001", "V20001", "PCN-1"))
