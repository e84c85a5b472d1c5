"""Answers of plans: matched, kept once, compared, written on the coverage, and the visits judged with them."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import select

from app.clearance.actions.answering import check_visit
from app.clearance.views.shapes import visit_shape
from app.coverage.facts import Answered, CheckResult, NetworkAnswer
from app.coverage.models import EligibilityCheckRow
from app.coverage.store import checks as check_store
from app.coverage.store import coverages as coverage_store
from app.eligibility.actions.answers import take_answer, take_crd
from app.eligibility.facts.asking import Ask, AskState, Batch, Route
from app.eligibility.store import asking as asking_store
from app.patients import store as patient_store
from app.patients.facts import PatientDetails
from app.policies.facts.answers import Need
from app.policies.store.answers import answers_of
from app.values.records import Outcome
from app.web.wiring import wire
from tests.support import make
from tests.support.desk import TODAY, Booking, Desk
from tests.support.eligible import procedure, ref, rejected, rejection, response, row

PATIENT, COVERAGE = make.an_id(10_001), make.an_id(50_001)
TRACE = "K7QX2M9A"


@pytest.fixture
def desk(caller):
    wire()
    desk = Desk(caller).furnish()
    desk.book(Booking(8.5, "Bauer", "Otto", "approved"))
    return desk.judge()


def coverage(desk, number=0):
    """A coverage of the patient as it is on file."""
    desk.session.rollback()
    return list(coverage_store.on_file(desk.session, desk.practice_id, PATIENT))[number]


def checks(desk):
    """The checks of the coverage, oldest first."""
    return check_store.of_coverage(desk.session, desk.practice_id, COVERAGE)


def has(desk, check="coverage"):
    """What one check of the visit says: result, and what is there."""
    desk.session.rollback()
    answer = visit_shape(check_visit(desk.caller, "V20001"))
    found = next(one for one in answer["lines"][0]["checks"] if one["id"] == check)
    return found["result"], found["has"]


def asked(desk, asked_on=TODAY, trace=TRACE, state=AskState.SENT, number=1, patient=PATIENT, covered=COVERAGE):
    """Put a request of ours on file."""
    batch = Batch(make.an_id(800 + number), "hub", number, state, make.NOW, 1)
    ask = Ask(make.an_id(850 + number), batch.id, 1, patient, covered, trace, asked_on, asked_on, state)
    asking_store.add_batch(desk.session, desk.practice_id, batch, b"ISA", [ask])
    desk.session.commit()
    return ask


def test_an_answer_is_matched_by_member_name_and_birth_date_and_taken_once(desk):
    said = response(
        row(in_network=True), plan={"name": "GOLD", "ends": "2026-12-31"}, subscriber={"group_number": "G7"}
    )
    filed = take_answer(desk.caller, said, ref())
    assert (filed.outcome, filed.patient_id) == (Outcome.MATCHED, PATIENT)
    held = coverage(desk)
    assert (held.result, held.checked_on, held.source) == (CheckResult.ACTIVE, TODAY, "271")
    assert (held.group_number, held.ends, held.network) == ("G7", date(2026, 12, 31), NetworkAnswer.IN)
    assert held.plan == "PPO Gold"
    (check,) = checks(desk)
    assert (check.id, check.result, check.record) == (filed.subject_id, Answered.ACTIVE, ref())
    assert check.plan.plan == "GOLD"
    assert check.on_file.group_number is None
    again = take_answer(desk.caller, said, ref(2))
    assert (again.outcome, len(checks(desk))) == (Outcome.ALREADY, 1)


def test_a_plan_that_says_again_in_the_same_words_that_it_is_inactive_is_heard(desk):
    inactive = response(row("6"), status="inactive", trace=[])
    assert take_answer(desk.caller, inactive, ref(1), TODAY - timedelta(days=9)).outcome is Outcome.MATCHED
    assert (
        take_answer(desk.caller, response(row(), trace=[]), ref(2), TODAY - timedelta(days=5)).outcome
        is Outcome.MATCHED
    )
    assert coverage(desk).result is CheckResult.ACTIVE
    assert take_answer(desk.caller, inactive, ref(3), TODAY - timedelta(days=9)).outcome is Outcome.ALREADY
    assert coverage(desk).result is CheckResult.ACTIVE
    assert take_answer(desk.caller, inactive, ref(4), TODAY).outcome is Outcome.MATCHED
    assert coverage(desk).result is CheckResult.INACTIVE
    assert has(desk)[0] == "fail"


def test_an_active_answer_to_one_question_is_no_younger_for_coming_in_another_envelope(desk):
    said = response(row(), trace=["T-1"])
    assert take_answer(desk.caller, said, ref(1), TODAY - timedelta(days=9)).outcome is Outcome.MATCHED
    assert take_answer(desk.caller, said, ref(2), TODAY).outcome is Outcome.ALREADY
    untraced = response(row(), trace=[])
    assert take_answer(desk.caller, untraced, ref(3), TODAY - timedelta(days=3)).outcome is Outcome.MATCHED
    assert take_answer(desk.caller, untraced, ref(4), TODAY).outcome is Outcome.MATCHED
    assert coverage(desk).checked_on == TODAY


def test_an_inactive_answer_blocks_the_visit_at_once_and_a_rejected_one_does_not_clear_it(desk):
    assert take_answer(desk.caller, response(status="inactive"), ref()).outcome is Outcome.MATCHED
    assert has(desk)[0] == "fail"
    take_answer(desk.caller, rejected(rejection("42", "source")), ref(2), TODAY)
    assert coverage(desk).result is CheckResult.INACTIVE


@pytest.mark.parametrize(
    "said",
    [
        response(row(dates={"349": "2025-12-31"})),
        response(row(dates={"348": "2026-04-01"})),
        response(row(dates={"291": "2025-01-01/2025-12-31"})),
        response(plan={"ends": "2025-12-31"}),
    ],
)
def test_an_active_plan_whose_own_dates_leave_out_the_day_clears_no_visit(desk, said):
    assert has(desk)[0] == "pass"
    assert take_answer(desk.caller, said, ref()).outcome is Outcome.MATCHED
    assert coverage(desk).result is CheckResult.UNKNOWN
    assert has(desk)[0] in ("unknown", "fail")


def test_an_active_plan_that_does_not_cover_dermatology_clears_no_visit(desk):
    assert take_answer(desk.caller, response(row(), row("I", ("DG",))), ref()).outcome is Outcome.MATCHED
    assert coverage(desk).result is CheckResult.UNKNOWN
    assert has(desk)[0] == "unknown"


def test_the_end_that_only_a_benefit_names_ends_the_coverage(desk):
    take_answer(
        desk.caller, response(row(dates={"348": "2026-01-01", "349": "2026-03-01"}), dates={"472": "2026-03-01"}), ref()
    )
    assert coverage(desk).ends == date(2026, 3, 1)
    assert has(desk)[0] == "fail"


def test_a_plan_that_does_not_know_the_patient_is_unknown_and_never_inactive(desk):
    filed = take_answer(desk.caller, rejected(rejection("75")), ref())
    assert filed.outcome is Outcome.MATCHED
    assert checks(desk)[-1].result is Answered.NOT_ASKED
    assert (coverage(desk).result, has(desk)[0]) == (CheckResult.UNKNOWN, "unknown")


def test_a_payer_that_cannot_answer_now_leaves_the_last_answer(desk):
    before = coverage(desk)
    take_answer(desk.caller, rejected(rejection("42", "source")), ref())
    assert coverage(desk) == before
    assert [one.result for one in checks(desk)] == [Answered.NOT_ASKED]


def test_original_medicare_that_names_an_advantage_plan_fails_with_its_name(desk):
    named = [{"role": "PR", "name": "SUNRISE ADVANTAGE", "last_name": None, "first_name": None}]
    other = row("R", insurance_type="HN", entities=named)
    parts = [row("1", insurance_type="MA"), row("1", insurance_type="MB")]
    held = replace(coverage(desk), line=None)
    coverage_store.change_coverages(desk.session, desk.practice_id, [held])
    desk.session.commit()
    take_answer(desk.caller, response(*parts, other), ref())
    assert coverage(desk).other_payer == "SUNRISE ADVANTAGE"
    assert has(desk) == ("fail", "Acme Health names SUNRISE ADVANTAGE as primary.")


MIA = {"last_name": "BAUER", "first_name": "MIA", "birth_date": "2015-02-03", "sex": "F", "relationship": "19"}
NOBODYS = (
    ({"subscriber": {"member_id": "Z999999"}}, "unknown_member"),
    ({"subscriber": {"first_name": "OLGA"}}, "names_differ"),
    ({"subscriber": {"birth_date": None}}, "names_differ"),
    ({"subscriber": {"member_id": None}}, "no_patient"),
    ({"provider": {"name": "OTHER", "npi": "1881667890"}}, "another_provider"),
    ({"payer": {"name": "BETA", "id": "BETA9"}}, "another_payer"),
    ({"dependent": MIA}, "names_differ"),
)


def test_what_does_not_surely_name_the_patient_waits_and_changes_nothing(desk):
    asking_store.save_route(desk.session, desk.practice_id, Route("local:beta", "BETA9"))
    desk.session.commit()
    before = coverage(desk)
    for number, (changed, why_not) in enumerate(NOBODYS):
        filed = take_answer(desk.caller, response(status="inactive", **changed), ref(number))
        assert (filed.outcome, filed.why) == (Outcome.UNMATCHED, why_not)
        assert (coverage(desk), checks(desk)) == (before, ())


def test_a_dependent_gets_an_answer_of_his_own_and_never_the_subscribers(desk):
    child = make.an_id(10_900)
    person = PatientDetails(child, "M900", "Bauer", "Mia", date(2015, 2, 3))
    desk.session.commit()
    theirs = replace(coverage(desk), id=make.an_id(50_900), patient_id=child, result=None, checked_on=None)
    patient_store.add_patients(desk.session, desk.practice_id, [person])
    coverage_store.add_coverages(desk.session, desk.practice_id, [theirs])
    desk.session.commit()
    assert take_answer(desk.caller, response(), ref()).patient_id == PATIENT
    held = coverage_store.records_of(desk.session, desk.practice_id, [child])[child]
    assert [one.result for one in held] == [None]
    filed = take_answer(desk.caller, response(status="inactive", dependent=MIA), ref(2))
    assert (filed.outcome, filed.patient_id) == (Outcome.MATCHED, child)
    assert coverage(desk).result is CheckResult.ACTIVE


def test_our_trace_finds_the_coverage_and_a_corrected_member_number_is_written(desk):
    ask = asked(desk)
    said = response(trace=[TRACE], subscriber={"member_id": "NEW12345"})
    filed = take_answer(desk.caller, said, ref())
    assert (filed.outcome, coverage(desk).member_id) == (Outcome.MATCHED, "NEW12345")
    desk.session.rollback()
    assert asking_store.asked_by_trace(desk.session, desk.practice_id, [TRACE])[TRACE].state is AskState.ANSWERED
    assert has(desk, "plan")[0] == "fail"
    assert checks(desk)[0].reference == ask.trace


CONTRADICTING = (
    ({"first_name": "OLGA"}, "names_differ"),
    ({"birth_date": "1981-05-17"}, "names_differ"),
    ({"member_id": "Z999999", "birth_date": None}, "unknown_member"),
)


def test_an_answer_to_our_request_that_names_somebody_else_contradicts(desk):
    asked(desk)
    before = coverage(desk)
    for number, (changed, why_not) in enumerate(CONTRADICTING):
        filed = take_answer(desk.caller, response(status="inactive", trace=[TRACE], subscriber=changed), ref(number))
        assert (filed.outcome, filed.why, filed.subject_id) == (Outcome.CONTRADICTING, why_not, COVERAGE)
        assert (coverage(desk), checks(desk)) == (before, ())


def test_an_answer_counts_from_the_day_on_which_we_asked(desk):
    asked(desk, TODAY - timedelta(days=3))
    filed = take_answer(desk.caller, response(status="inactive", trace=[TRACE]), ref())
    assert filed.outcome is Outcome.MATCHED
    assert coverage(desk).result is CheckResult.ACTIVE  # checked yesterday: this one is older
    assert [one.answered_on for one in checks(desk)] == [TODAY - timedelta(days=3)]


def test_part_b_that_has_ended_does_not_make_an_answer_without_a_day_active(desk):
    coverage_store.change_coverages(desk.session, desk.practice_id, [replace(coverage(desk), line=None)])
    desk.session.commit()
    ended = row("1", insurance_type="MB", dates={"291": "2020-01-01/2025-12-31"})
    take_answer(desk.caller, response(row("1", insurance_type="MA"), ended), ref())
    assert coverage(desk).result is CheckResult.INACTIVE


@pytest.mark.parametrize("order", [(0, 1, 2), (2, 1, 0), (1, 2, 0), (0, 2, 1)])
def test_answers_in_any_order_end_the_same(desk, order):
    days = (TODAY - timedelta(days=5), TODAY, TODAY)
    said = (
        response(plan={"name": "OLD"}),
        response(status="inactive", subscriber={"group_number": "G7"}),
        response(subscriber={"group_number": "G7"}),
    )
    for place in (*order, *order):
        take_answer(desk.caller, said[place], ref(place), days[place])
    held = coverage(desk)
    assert (held.result, held.checked_on, held.group_number) == (CheckResult.INACTIVE, TODAY, "G7")
    assert [one.result for one in checks(desk)][-1] is Answered.INACTIVE
    assert len(checks(desk)) == 3


def test_the_need_of_a_procedure_is_settled_for_the_patient_and_unknown_settles_nothing(desk):
    said = response(row(), procedure("96910", True), procedure("11102", False), procedure("99213", None))
    take_answer(desk.caller, said, ref())
    kept = answers_of(desk.session, desk.practice_id, [PATIENT])[PATIENT]
    assert {(*one.names, one.need) for one in kept} == {("96910", Need.REQUIRED), ("11102", Need.NOT_REQUIRED)}
    assert {(one.span.begins, one.span.ends) for one in kept} == {(TODAY, date(2026, 5, 31))}


def test_an_answer_of_the_past_settles_no_need(desk):
    take_answer(desk.caller, response(row(), procedure("96910", False)), ref(), TODAY - timedelta(days=9))
    assert answers_of(desk.session, desk.practice_id, [PATIENT]) == {}


def test_coverage_information_settles_a_need_once(desk):
    said = {"covered": "covered", "pa_needed": "no-auth", "billing_codes": ["96910"], "date": "2026-03-01",
            "expiry_date": "2026-04-01", "assertion_id": "A-1", "info_needed": []}  # fmt: skip
    assert take_crd(desk.caller, said, ref(), PATIENT).outcome is Outcome.MATCHED
    assert take_crd(desk.caller, said, ref(2), PATIENT).outcome is Outcome.ALREADY
    (kept,) = answers_of(desk.session, desk.practice_id, [PATIENT])[PATIENT]
    assert (kept.need, kept.span.ends) == (Need.NOT_REQUIRED, date(2026, 4, 1))
    assert take_crd(desk.caller, {**said, "pa_needed": "conditional"}, ref(3), PATIENT).outcome is Outcome.NOTED
    assert take_crd(desk.caller, said, ref(4), make.an_id(77)).outcome is Outcome.UNMATCHED


def test_what_a_plan_said_lies_sealed(desk):
    take_answer(desk.caller, response(subscriber={"group_number": "G-SECRET-7"}), ref())
    found = desk.session.scalars(select(EligibilityCheckRow)).one()
    assert b"SECRET" not in bytes(found.said)
    assert b"W00000001" not in bytes(found.said)
