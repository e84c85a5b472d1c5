"""What an answer says of the health plan, of another plan, of the network, and which needs it settles."""

from datetime import date

import pytest

from app.coverage.facts import Answered, NetworkAnswer
from app.eligibility.facts.checks import Because
from app.eligibility.intake.responses import read_response
from app.eligibility.rules.answers import is_original_medicare, names_person, network_of, referral_of, result_of
from app.eligibility.rules.needs import answer_ends, crd_need, needs_of
from app.eligibility.rules.other_plans import other_plan
from app.eligibility.views.words import BECAUSE
from app.policies.facts.answers import Need
from app.values.insurance import Known, Line, PlanKind
from tests.support.eligible import procedure, rejected, rejection, response, row

DAY = date(2026, 3, 2)
PART_A = row("1", insurance_type="MA")
PART_B = row("1", insurance_type="MB")


def other(kind="HN", *entities, info="R", types=("30",), **more):
    """A row that names another payer."""
    named = [{"role": role, "name": name, "last_name": None, "first_name": None} for role, name in entities]
    return row(info, types, insurance_type=kind, entities=named, **more)


def test_an_active_row_of_the_health_plan_makes_it_active():
    assert result_of(response()).result is Answered.ACTIVE


def test_rows_of_other_services_do_not_make_the_health_plan_active():
    for types in (("35",), ("88",), ("98",), ("1", "47"), ("MH",)):
        found = result_of(response(row("1", types)))
        assert (found.result, found.because) == (Answered.UNKNOWN, Because.NO_HEALTH_PLAN)


def test_an_inactive_row_of_another_service_does_not_make_the_health_plan_inactive():
    assert result_of(response(row("6", ("35",)), status="inactive")).result is Answered.UNKNOWN
    assert result_of(response(row("6"), status="inactive")).result is Answered.INACTIVE


def test_an_aaa_is_that_we_could_not_ask_and_never_inactive():
    said = rejected(rejection("75"))
    found = result_of(said)
    assert (found.result, found.because) == (Answered.NOT_ASKED, Because.REJECTED)
    assert [one.code for one in found.why] == ["75"]
    beside = result_of(rejected(rejection("42", "source"), benefits=[row("6")]))
    assert beside.result is Answered.NOT_ASKED


def test_an_aaa_beside_an_active_row_is_not_active_either():
    assert result_of(rejected(rejection("15"), benefits=[row("1")])).result is Answered.NOT_ASKED


def test_an_aaa_below_a_benefit_changes_nothing():
    assert result_of(response() | {"rejections": [rejection("15", "benefit")]}).result is Answered.ACTIVE


def test_only_a_rejection_of_the_person_says_that_the_plan_does_not_know_the_patient():
    assert names_person(result_of(rejected(rejection("75"))).why)
    assert names_person(result_of(rejected(rejection("67", "dependent"))).why)
    assert not names_person(result_of(rejected(rejection("42", "source"))).why)
    assert not names_person(result_of(rejected(rejection("43", "subscriber"))).why)


def test_part_b_and_not_part_a_alone_makes_medicare_active_for_an_office():
    assert result_of(response(PART_A, PART_B)).result is Answered.ACTIVE
    assert result_of(response(PART_B)).result is Answered.ACTIVE
    alone = result_of(response(PART_A))
    assert (alone.result, alone.because) == (Answered.UNKNOWN, Because.PART_A_ALONE)
    without = result_of(response(PART_A, row("6", insurance_type="MB")))
    assert (without.result, without.because) == (Answered.INACTIVE, Because.NO_PART_B)


def test_part_b_that_has_ended_on_the_day_is_not_active():
    ended = row("1", insurance_type="MB", dates={"291": "2020-01-01/2025-12-31"})
    assert result_of(response(PART_A, ended), Line.MEDICARE, DAY).result is Answered.INACTIVE
    assert result_of(response(PART_A, ended), Line.MEDICARE, date(2025, 6, 1)).result is Answered.ACTIVE


def test_medicare_part_b_is_active_although_part_a_is_not():
    assert result_of(response(row("6", insurance_type="MA"), PART_B, status="inactive")).result is Answered.ACTIVE


@pytest.mark.parametrize("kind", ["HN", "HM", "PR", "PS", "IN", "47", "12", None])
def test_original_medicare_that_names_another_plan_is_not_primary(kind):
    found = other_plan(response(PART_A, PART_B, other(kind, ("PR", "SUNRISE ADVANTAGE"))), None, DAY)
    assert found == (True, "SUNRISE ADVANTAGE")


@pytest.mark.parametrize("kind", ["MC", "QM", "SP", "MH", "MI"])
def test_plans_behind_medicare_do_not_pay_first(kind):
    assert not other_plan(response(PART_B, other(kind, ("PR", "STATE MEDICAID"))), None, DAY).primary


def test_a_drug_plan_beside_medicare_does_not_pay_first():
    assert not other_plan(response(PART_B, other("OT", ("PR", "DRUG PLAN"), types=("88",))), None, DAY).primary


def test_another_plan_counts_on_the_days_that_it_holds_only():
    over = other("HN", ("PR", "OLD PLAN"), dates={"292": "2024-01-01/2025-12-31"})
    to_come = other("HN", ("PR", "NEW PLAN"), dates={"346": "2026-06-01"})
    assert not other_plan(response(PART_B, over), None, DAY).primary
    assert not other_plan(response(PART_B, to_come), None, DAY).primary
    assert other_plan(response(PART_B, to_come), None, date(2026, 6, 1)).name == "NEW PLAN"
    assert other_plan(response(PART_B, over), None, None).primary


def test_a_commercial_plan_is_behind_another_only_where_it_says_so():
    assert not other_plan(response(row(), other("PR", ("PR", "OTHER PLAN"))), Line.COMMERCIAL, DAY).primary
    assert other_plan(response(row(), other("PR", ("PRP", "OTHER PLAN"))), Line.COMMERCIAL, DAY) == (True, "OTHER PLAN")
    assert not other_plan(response(row(), other("PR", ("SEP", "OTHER PLAN"))), Line.COMMERCIAL, DAY).primary


def test_a_primary_payer_named_below_any_row_counts():
    said = response(PART_B, other("MB", ("PRP", "WORK PLAN"), info="1"))
    assert other_plan(said, None, DAY) == (True, "WORK PLAN")


def test_a_plan_that_names_itself_names_no_other():
    assert not other_plan(response(PART_B, other("12", ("PRP", "Acme Health"))), None, DAY).primary


def test_medicaid_pays_last():
    assert other_plan(response(row(), other("OT", plan="COMMERCIAL CARE")), Line.MEDICAID, DAY).primary
    assert not other_plan(response(row(), other("QM")), Line.MEDICAID, DAY).primary


def test_original_medicare_is_known_by_the_line_else_by_its_parts():
    assert is_original_medicare(response(PART_A), None)
    assert not is_original_medicare(response(PART_A), Line.COMMERCIAL)
    assert is_original_medicare(response(row()), Line.MEDICARE)
    assert not is_original_medicare(response(row()), None)


def test_the_network_is_told_only_where_all_rows_agree():
    assert network_of(response(row(in_network=True))) is NetworkAnswer.IN
    assert network_of(response(row(in_network=False))) is NetworkAnswer.OUT
    assert network_of(response(row(in_network=True), row("B", ("98",), in_network=False))) is None
    assert network_of(response(row(), row("B", ("98",), in_network=True))) is None
    assert network_of(response(row())) is None


def test_a_referral_is_asked_for_only_in_plain_words():
    assert referral_of(response(row(messages=["Referral required."]))) is Known.YES
    assert referral_of(response(row("1", ("AF",), messages=["REFERRAL REQUIRED"]))) is None
    assert referral_of(response(row(messages=["NO REFERRAL REQUIRED"]))) is None


def test_a_response_is_read_with_cents_and_without_guessing():
    copay = row("B", ("98",), amount="25.50", percent="20", period="27", in_network=True)
    told = read_response(
        response(row(insurance_type="HM"), copay, plan={"name": "GOLD", "begins": "2026-01-01", "ends": "2026-12-31"})
    )
    assert (told.plan.plan, told.plan.begins, told.plan.ends) == ("GOLD", date(2026, 1, 1), date(2026, 12, 31))
    assert (told.benefits[1].amount_cents, told.benefits[1].percent) == (2550, "20")
    assert (told.benefits[0].authorization, told.benefits[0].amount_cents) == (Known.UNKNOWN, None)
    assert told.plan_kind is PlanKind.HMO


def test_a_single_day_is_the_day_that_was_asked_about_and_no_span_of_the_plan():
    told = read_response(response(dates={"291": "2026-03-02"}, plan={"begins": "2026-03-02", "ends": "2026-03-02"}))
    assert (told.plan.begins, told.plan.ends, told.service_day) == (None, None, DAY)


def test_the_dependent_is_whom_a_response_with_one_is_about():
    child = {"last_name": "BAUER", "first_name": "MIA", "birth_date": "2015-02-03", "sex": "F", "relationship": "19"}
    told = read_response(response() | {"dependent": child})
    assert (told.dependent, told.patient.first_name, told.patient.birth_date) == (True, "MIA", date(2015, 2, 3))
    assert told.plan.member_id == "W00000001"


def settled(*rows):
    """The needs that some rows settle."""
    return needs_of(read_response(response(row(), *rows)).benefits)


def test_yes_settles_that_approval_is_needed_no_that_none_is_and_unknown_nothing():
    assert settled(procedure("96910", True)) == {"96910": Need.REQUIRED}
    assert settled(procedure("96910", False)) == {"96910": Need.NOT_REQUIRED}
    assert settled(procedure("96910", None)) == {}


def test_a_flag_of_a_service_type_settles_nothing():
    assert settled(row("1", ("DG",), authorization_required=True)) == {}


def test_the_stricter_of_two_rows_counts_and_unknown_beside_no_settles_nothing():
    assert settled(procedure("96910", False), procedure("96910", True)) == {"96910": Need.REQUIRED}
    assert settled(procedure("96910", False), procedure("96910", None)) == {}


def test_no_for_a_service_with_modifiers_or_that_is_not_covered_settles_nothing():
    assert settled(procedure("96910", False, "26")) == {}
    assert settled(procedure("96910", False, info="V")) == {}
    assert settled(procedure("96910", True, "26")) == {"96910": Need.REQUIRED}


def test_a_procedure_that_the_plan_does_not_cover_is_not_covered():
    assert settled(procedure("15823", None, info="I")) == {"15823": Need.NOT_COVERED}
    assert settled(procedure("15823", False, info="E")) == {"15823": Need.NOT_COVERED}
    assert settled(procedure("15823", True, info="I", in_network=True)) == {"15823": Need.NOT_COVERED}
    assert settled(procedure("15823", None, info="I", in_network=False)) == {}
    assert settled(procedure("15823", None, "50", info="I")) == {}
    assert settled(procedure("15823", None, info="I"), procedure("15823", None)) == {}
    assert settled(procedure("15823", None, info="I"), procedure("15823", True)) == {"15823": Need.REQUIRED}


def test_a_diagnosis_code_is_no_procedure():
    named = {"qualifier": "ZZ", "code": "L40.0", "modifiers": []}
    assert settled(row("1", (), authorization_required=False, procedure=named)) == {}


def test_crd_settles_only_what_it_says_plainly():
    assert crd_need({"covered": "covered", "pa_needed": "no-auth"}) is Need.NOT_REQUIRED
    assert crd_need({"covered": "covered", "pa_needed": "auth-needed"}) is Need.REQUIRED
    assert crd_need({"covered": "covered", "pa_needed": "performpa"}) is Need.REQUIRED
    assert crd_need({"covered": "not-covered", "pa_needed": None}) is Need.NOT_COVERED
    for need in ("conditional", "indeterminate", "satisfied", None):
        assert crd_need({"covered": "covered", "pa_needed": need}) is None
    assert crd_need({"covered": "conditional", "pa_needed": "no-auth"}) is None
    assert crd_need({"covered": "covered", "pa_needed": "no-auth", "info_needed": ["location"]}) is None


def test_an_answer_ends_after_90_days_at_the_years_end_or_when_the_payer_says():
    assert answer_ends(date(2026, 3, 2)) == date(2026, 5, 31)
    assert answer_ends(date(2026, 12, 1)) == date(2026, 12, 31)
    assert answer_ends(date(2026, 3, 2), date(2026, 3, 20)) == date(2026, 3, 20)


ENDED, TO_COME = {"349": "2026-02-28"}, {"348": "2026-04-01"}


@pytest.mark.parametrize(
    ("told", "day", "held"),
    [
        (response(row(dates=ENDED)), date(2026, 2, 28), True),
        (response(row(dates=ENDED)), date(2026, 3, 1), False),
        (response(row(dates=TO_COME)), date(2026, 3, 31), False),
        (response(row(dates=TO_COME)), date(2026, 4, 1), True),
        (response(row(dates={"291": "2026-01-01/2026-02-28"})), date(2026, 3, 1), False),
        (response(plan={"ends": "2026-02-28"}), date(2026, 3, 1), False),
        (response(plan={"begins": "2026-04-01"}), date(2026, 3, 31), False),
        (response(row(dates=ENDED), row()), date(2026, 3, 1), True),
        (response(row(dates={"291": "2026-02-28"})), date(2026, 3, 1), True),
    ],
)
def test_an_active_plan_whose_own_dates_leave_out_the_day_is_not_active(told, day, held):
    found = result_of(told, None, day)
    expected = (Answered.ACTIVE, None) if held else (Answered.UNKNOWN, Because.NOT_ON_THE_DAY)
    assert (found.result, found.because) == expected


@pytest.mark.parametrize(
    ("rows", "covered"),
    [
        ([row("I", ("DG",))], False),
        ([row("I", ("98",), in_network=True)], False),
        ([row("6", ("DG",))], False),
        ([row("I", ("35", "AL", "98"))], False),
        ([row("I", ("DG",), dates={"348": "2026-01-01"})], False),
        ([row("I", ("DG",)), row("1", ("98",))], False),
        ([row("I", ("DG",)), row("1", ("DG",))], True),
        ([row("I", ("DG",), dates={"349": "2026-02-28"})], True),
        ([row("I", ("98",), in_network=False)], True),
        ([row("I", ("35", "AL"))], True),
        ([row("I", ("DG",), procedure={"qualifier": "HC", "code": "15820", "modifiers": []})], True),
        ([row("B", ("98",))], True),
    ],
)
def test_an_active_plan_that_does_not_cover_the_office_is_not_active_for_it(rows, covered):
    found = result_of(response(row(), *rows), None, DAY)
    assert (found.result, found.because) == (
        (Answered.ACTIVE, None) if covered else (Answered.UNKNOWN, Because.NO_OFFICE)
    )


def test_the_days_of_active_rows_are_the_plans_where_the_patient_has_none():
    span = {"348": "2026-01-01", "349": "2026-06-30"}
    plan = read_response(response(row(dates=span), row(dates={"349": "2026-12-31"}))).plan
    assert (plan.begins, plan.ends) == (None, date(2026, 12, 31))
    plan = read_response(response(row(dates=span))).plan
    assert (plan.begins, plan.ends) == (date(2026, 1, 1), date(2026, 6, 30))
    assert read_response(response(row(dates=span), row())).plan.ends is None
    plan = read_response(response(row(dates=span), plan={"begins": "2025-01-01"})).plan
    assert (plan.begins, plan.ends) == (date(2025, 1, 1), date(2026, 6, 30))


def test_part_b_within_a_plan_that_has_ended_is_not_active():
    told = response(row(insurance_type="MB"), plan={"ends": "2026-02-28"})
    assert result_of(told, Line.MEDICARE, date(2026, 3, 1)).result is Answered.UNKNOWN


def test_every_reason_for_less_has_words():
    assert set(BECAUSE) == set(Because)
