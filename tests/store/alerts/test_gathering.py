"""Deadlines are made of what is on file in every room."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from app.alerts.actions.gathering import deadlines_of_patients
from app.authorizations import store as authorization_store
from app.authorizations.actions import change_authorization
from app.authorizations.facts import Status
from app.clearance.store import verdicts
from app.deadlines import actions
from app.deadlines.facts import AppealLevel, BasisKind, Information, PeerToPeer, Reason, Receipt
from app.platform.clock import FixedClock
from app.practice.facts.staff import Role, Staff
from app.practice.store import staff as practice_store
from tests.store.alerts.clocks import Clocks, series, visit
from tests.support import make
from tests.support.desk import MAIN, TODAY
from tests.support.queries import counted

END = date(2026, 3, 31)
PENDING = {"status": "pending", "number": "", "reference": "R9", "requested_on": str(TODAY - timedelta(days=3)),
           "decided_on": "", "begins": "", "ends": "", "used": "", "used_on": ""}  # fmt: skip


@pytest.fixture
def clocks(caller, tmp_path):
    """An empty practice whose payer asks approval for light therapy."""
    return Clocks(caller, tmp_path)


def _authorization(clocks):
    rows = authorization_store.of_patients(clocks.caller.session, make.PRACTICE_ID, clocks.patients())
    (row,) = [row for them in rows.values() for row in them]
    return row


def test_an_approval_that_ends_with_visits_after_it_is_told_with_their_count(clocks):
    clocks.bring([*series(TODAY, 3, 7), visit(8, date(2026, 4, 2)), visit(9, date(2026, 4, 6))], [{}])
    found = clocks.one(Reason.APPROVAL_ENDS)
    assert (found.due_on, found.counts["visits_after"]) == (END, 2)
    assert (found.zone, found.site_id, found.patient_id) == (make.ZONE, MAIN, clocks.patients()[0])
    assert found.subject.key == _authorization(clocks).id.hex
    assert "2026-03-31-ended" in [step.name for step in found.steps]
    assert clocks.one(Reason.RENEWAL_DUE).due_on == date(2026, 3, 1)


def test_canceled_visits_and_those_before_the_end_do_not_count_as_after_it(clocks):
    clocks.bring([visit(1, END), visit(2, date(2026, 4, 2), status="canceled")], [{}])
    assert clocks.one(Reason.APPROVAL_ENDS).counts["visits_after"] == 0


def test_visits_for_something_else_do_not_count_as_after_it(clocks):
    clocks.bring([visit(1, date(2026, 4, 2), code="99213")], [{}])
    assert clocks.one(Reason.APPROVAL_ENDS).counts["visits_after"] == 0


def test_an_approval_without_care_planned_has_one_step(clocks):
    clocks.bring([], [{}])
    assert [step.name for step in clocks.one(Reason.APPROVAL_ENDS).steps] == ["2026-03-31-14d"]
    assert clocks.reasons() == ["approval_ends"]


def test_a_later_approval_of_the_same_service_takes_both_clocks_away(clocks):
    later = {"number": "A2", "begins": "2026-04-01", "ends": "2026-12-31", "used": "96910:0"}
    clocks.bring([*series(TODAY, 3, 7), visit(8, date(2026, 4, 2))], [{}, later])
    assert [one.due_on for one in clocks.all() if one.reason is Reason.APPROVAL_ENDS] == [date(2026, 12, 31)]


@pytest.mark.parametrize(
    "later",
    [
        {"begins": "2026-04-05"},
        {"codes": "J2357:36", "used": ""},
        {"payer": "Other Health"},
        {"status": "pending", "number": "", "reference": "R2"},
        {"status": "voided"},
        {"ends": ""},
    ],
    ids=["a gap with a visit in it", "another service", "another payer", "not decided", "voided", "no known end"],
)
def test_what_does_not_surely_go_on_takes_nothing_away(clocks, later):
    row = {"number": "A2", "begins": "2026-04-01", "ends": "2026-12-31", "used": "96910:0"} | later
    clocks.bring([visit(1, TODAY), visit(8, date(2026, 4, 2))], [{}, row])
    ends = [one for one in clocks.all() if one.reason is Reason.APPROVAL_ENDS and one.due_on == END]
    assert len(ends) == 1


def test_an_ended_approval_is_told_while_visits_fall_after_it_and_an_older_one_is_not(clocks):
    older = {"number": "A0", "begins": "2025-01-01", "ends": "2025-06-30"}
    clocks.bring([visit(1, date(2026, 3, 5))], [{"ends": "2026-02-20"}, older])
    assert clocks.one(Reason.APPROVAL_ENDS).due_on == date(2026, 2, 20)
    clocks.bring([visit(1, date(2026, 3, 5), status="canceled")])
    assert clocks.reasons() == []


def test_a_referral_that_ends_before_booked_visits_is_told_until_a_later_one_goes_on(clocks):
    referral = {"kind": "referral", "codes": "*:6", "used": "", "number": "RF1", "ends": "2026-03-20"}
    office = {"code": "99213"}
    clocks.bring([visit(1, date(2026, 3, 10), **office), visit(2, date(2026, 3, 24), **office)], [referral])
    found = clocks.one(Reason.APPROVAL_ENDS)
    assert (found.due_on, found.counts["visits_after"]) == (date(2026, 3, 20), 1)
    assert "2026-03-20-ended" in [step.name for step in found.steps]
    clocks.bring([], [referral | {"number": "RF2", "begins": "2026-03-21", "ends": "2026-12-31"}])
    assert [one.due_on for one in clocks.all()] == [date(2026, 12, 31)]


def test_a_request_for_renewal_on_file_is_asked_and_its_answer_is_owed(clocks):
    clocks.bring([visit(1, TODAY), visit(8, date(2026, 4, 2))], [{}, PENDING])
    assert clocks.reasons() == ["answer_owed", "approval_ends"]
    assert clocks.one(Reason.APPROVAL_ENDS).counts["visits_after"] == 1


@pytest.mark.parametrize(
    ("used", "visits", "told"),
    [
        (30, 6, None),
        (31, 1, (5, 36, 1)),
        (31, 5, (5, 36, 5)),
        (20, 17, (16, 36, 17)),
        (36, 1, (0, 36, 1)),
    ],
)
def test_units_are_counted_from_what_booked_visits_were_given(clocks, used, visits, told):
    clocks.bring(series(TODAY, visits, 1), [{"used": f"96910:{used}", "ends": "2026-12-31"}])
    low = [one for one in clocks.all() if one.reason is Reason.UNITS_LOW]
    assert [tuple(one.counts[name] for name in ("units_left", "units_total", "units_booked")) for one in low] == (
        [told] if told else []
    )


def test_the_visit_on_which_units_run_short_is_named_by_its_day(clocks):
    clocks.bring(series(TODAY, 17, 1), [{"ends": "2026-12-31"}])
    found = clocks.one(Reason.UNITS_LOW)
    assert found.due_on == TODAY + timedelta(days=16)
    renewal = clocks.one(Reason.RENEWAL_DUE)
    assert renewal.counts["by_units"] == 1
    assert renewal.due_on == TODAY + timedelta(days=15) - timedelta(days=30)


def test_done_visits_since_the_files_count_are_taken_off(clocks):
    done = [visit(20 + n, TODAY - timedelta(days=10 - n), status="done") for n in range(3)]
    clocks.bring(done, [{"used": "96910:28", "used_on": "2026-02-15", "ends": "2026-12-31"}])
    assert clocks.one(Reason.UNITS_LOW).counts["units_left"] == 5


def test_the_count_is_the_same_whether_lines_are_called_back_or_judged(clocks):
    done = [visit(20 + n, TODAY - timedelta(days=10 - n), status="done") for n in range(3)]
    booked = series(TODAY + timedelta(days=1), 5, 1)
    clocks.bring([*done, *booked], [{"used": "96910:28", "used_on": "2026-02-15", "ends": "2026-12-31"}])
    called_back = clocks.one(Reason.UNITS_LOW)
    verdicts.mark_all_stale(clocks.caller.session, make.PRACTICE_ID, date.min)
    assert clocks.one(Reason.UNITS_LOW) == called_back
    assert called_back.counts["units_left"] == 5


def test_a_shared_or_uncounted_item_is_not_told(clocks):
    clocks.bring(series(TODAY, 3, 1), [{"codes": "96910:*", "used": "", "ends": "2026-12-31"}])
    assert Reason.UNITS_LOW.value not in clocks.reasons()


def test_the_payers_answer_is_owed_by_the_clock_of_its_line(clocks):
    clocks.bring([visit(1, date(2026, 3, 20))], [PENDING])
    found = clocks.one(Reason.ANSWER_OWED)
    assert (found.due_on, found.basis.kind) == (TODAY + timedelta(days=12), BasisKind.FEDERAL)
    assert "29 CFR 2560.503-1" in found.basis.words


def test_an_unknown_line_has_no_legal_clock_and_says_so(clocks):
    clocks.bring([visit(1, date(2026, 3, 20))], [PENDING], [{"line": ""}])
    found = clocks.one(Reason.ANSWER_OWED)
    assert (found.due_on, found.due_at, found.basis.kind) == (None, None, BasisKind.TARGET)
    assert "No legal clock" in found.basis.words


def test_a_recorded_receipt_and_urgency_count_before_the_log(clocks):
    clocks.bring([visit(1, date(2026, 3, 20))], [PENDING])
    received = datetime(2026, 3, 2, 14, tzinfo=UTC)
    actions.record_receipt(clocks.caller, _authorization(clocks).id, Receipt(TODAY, received, urgent=True))
    assert clocks.one(Reason.ANSWER_OWED).due_at == received + timedelta(hours=72)


def test_an_urgent_request_of_the_log_has_the_urgent_time(clocks):
    clocks.bring([visit(1, date(2026, 3, 20))], [PENDING | {"urgent": "yes"}])
    assert clocks.one(Reason.ANSWER_OWED).due_on == TODAY  # 72 hours from the end of 02/27


def test_while_the_payer_waits_for_information_it_is_owed_by_us(clocks):
    clocks.bring([visit(1, date(2026, 3, 20))], [PENDING | {"status": "more info asked"}])
    assert clocks.reasons() == ["information_owed"]
    asked = Information(make.an_id(900), make.NOW, due_on=date(2026, 3, 10))
    actions.ask_information(clocks.caller, _authorization(clocks).id, asked)
    assert clocks.one(Reason.INFORMATION_OWED).due_on == date(2026, 3, 10)
    actions.answer_information(clocks.caller, asked.id, make.NOW + timedelta(days=1))
    assert clocks.reasons() == ["answer_owed"]


def test_a_call_and_an_appeal_are_told_until_they_are_done(clocks):
    clocks.bring([visit(1, date(2026, 3, 20))], [{"status": "denied", "number": "", "reference": "R1", "used": ""}])
    case = _authorization(clocks).id
    call = PeerToPeer(make.an_id(901), make.NOW, make.NOW + timedelta(days=2))
    level = AppealLevel(make.an_id(902), 1, TODAY, date(2026, 8, 28))
    actions.offer_call(clocks.caller, case, call)
    actions.open_level(clocks.caller, case, level)
    assert clocks.reasons() == ["appeal", "peer_to_peer"]
    actions.hold_call(clocks.caller, call.id, make.NOW + timedelta(hours=3))
    actions.file_appeal(clocks.caller, level.id, TODAY)
    assert clocks.reasons() == []


def test_a_filed_appeal_is_owed_its_answer(clocks):
    clocks.bring([visit(1, date(2026, 3, 20))], [{"status": "in appeal", "number": "", "reference": "R1", "used": ""}])
    case = _authorization(clocks).id
    level = AppealLevel(make.an_id(902), 1, TODAY - timedelta(days=9), date(2026, 8, 28))
    actions.open_level(clocks.caller, case, level)
    assert clocks.reasons() == ["appeal"]
    actions.file_appeal(clocks.caller, level.id, TODAY)
    found = clocks.one(Reason.ANSWER_OWED)
    assert (found.due_on, found.basis.kind) == (TODAY + timedelta(days=30), BasisKind.FEDERAL)
    actions.decide_appeal(clocks.caller, level.id, TODAY)
    assert clocks.reasons() == []


def test_a_decision_is_news_when_the_status_turned_and_not_when_it_came_on_file_so(clocks):
    clocks.bring([visit(1, date(2026, 3, 20))], [PENDING])
    assert Reason.DENIED.value not in clocks.reasons()
    _turn(clocks, Status.DENIED)
    found = clocks.one(Reason.DENIED)
    assert found.steps[0].tell_at == make.NOW
    assert (found.counts["visits_after"], date.fromordinal(found.counts["next_visit"])) == (1, date(2026, 3, 20))
    _turn(clocks, Status.APPROVED)
    assert Reason.DENIED.value not in clocks.reasons()
    assert clocks.one(Reason.APPROVED).counts["visits_cleared"] == 0


def _turn(clocks, status):
    row = _authorization(clocks)
    changes = {"status": status, "raw_status": status.value, "decided_on": TODAY}
    change_authorization(clocks.caller, row.id, row.version, changes)
    clocks.judge()


def test_the_owner_of_a_case_is_on_all_its_deadlines(clocks):
    clocks.bring([visit(1, TODAY), visit(8, date(2026, 4, 2))], [{}])
    person = Staff(make.an_id(700), make.PRACTICE_ID, "kim@example.com", "Kim", frozenset({Role.COORDINATOR}))
    practice_store.add_staff(clocks.caller.session, make.PRACTICE_ID, person, "hash")
    clocks.caller.session.commit()
    assert {one.owner_id for one in clocks.all()} == {None}
    actions.own_case(clocks.caller, _authorization(clocks).id, person.id)
    assert {one.owner_id for one in clocks.all()} == {person.id}
    actions.own_case(clocks.caller, _authorization(clocks).id, None)
    assert {one.owner_id for one in clocks.all()} == {None}


def test_a_time_to_look_again_always_lies_ahead(clocks):
    clocks.bring([*series(TODAY, 3, 7), visit(8, date(2026, 4, 2))], [{}, PENDING])
    for days in (0, 20, 31, 40):
        moved = replace(clocks.caller, clock=FixedClock(make.NOW + timedelta(days=days)))
        for made in deadlines_of_patients(moved, clocks.patients()).values():
            assert all(one.again_at is None or one.again_at > moved.clock.now() for one in made)


def test_an_unknown_patient_has_no_deadlines(clocks):
    assert deadlines_of_patients(clocks.caller, [make.an_id(1)]) == {}
    assert deadlines_of_patients(clocks.caller, []) == {}


def test_the_number_of_queries_is_the_same_for_one_patient_and_for_many(clocks, engine):
    rows = [(n, f"M{n}") for n in range(12)]
    clocks.bring(
        [visit(n, date(2026, 4, 2), patient_mrn=mrn) for n, mrn in rows],
        [{"patient_mrn": mrn} for _, mrn in rows] + [{"patient_mrn": mrn} | PENDING for _, mrn in rows],
        [{"patient_mrn": mrn, "member_id": f"W{n}"} for n, mrn in rows],
    )
    people = clocks.patients()
    with counted(engine) as one:
        deadlines_of_patients(clocks.caller, people[:1])
    with counted(engine) as many:
        assert len(deadlines_of_patients(clocks.caller, people)) == 12
    assert len(many) == len(one)
