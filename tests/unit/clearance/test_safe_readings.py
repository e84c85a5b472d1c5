"""Where the rules could be read two ways, the reading that never clears too much."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from app.authorizations.facts import Kind, Status
from app.clearance.facts.reasons import Badge, Check, Reason
from app.clearance.rules.judge import judge
from app.coverage.facts import NetworkAnswer
from app.policies.facts.answers import Limit, Need
from app.practice.facts.practice import Network, Participation
from app.values.insurance import Known, PlanKind
from app.values.spans import DateSpan
from tests.support import judging as make


def not_required(**changes):
    return make.an_approval(status=Status.NOT_REQUIRED, ends=None, **changes)


def test_a_log_row_without_a_member_from_before_the_coverage_is_no_answer():
    began = make.a_coverage(span=DateSpan(date(2026, 2, 1), None))
    for member, decided, answered in (
        (None, date(2026, 1, 31), False),
        (None, date(2026, 2, 1), True),
        (make.member(), date(2026, 1, 31), True),
    ):
        row = not_required(member=member, decided_on=decided)
        (line,) = make.lines_of(make.a_file(coverages=(began,), authorizations=(row,)))
        assert (line.badge is Badge.CLEARED) is answered, (member, decided)


def test_a_firm_limit_counts_a_drug_that_has_no_code():
    limit = Limit("at most 1 visit a month", "visits", 1, "month", firm=True)
    rules = make.needs({"drug:dupixent": make.a_requirement(Need.NOT_REQUIRED, limits=(limit,))})
    visits = [
        make.a_visit(make.a_line(None, drug="drug:dupixent"), day=make.DAY + timedelta(days=7 * number), number=number)
        for number in (0, 1)
    ]
    first, second = make.lines_of(make.a_file(*visits), make.around(rules=rules))
    assert make.found(first, Check.SPACING) is Reason.SPACING_INSIDE
    assert make.found(second, Check.SPACING) is Reason.SPACING_OVER_FIRM


def test_two_lines_on_two_codes_of_an_approval_without_counts_both_warn():
    row = make.an_approval(items=(make.a_count("96910", count=None), make.a_count("J0585", count=None)))
    visit = make.a_visit(make.a_line(), make.a_line("J0585", 1))
    lines = make.lines_of(make.a_file(visit, authorizations=(row,)))
    assert [make.found(line, Check.UNITS) for line in lines] == [Reason.UNITS_NO_COUNT] * 2
    counted = replace(row, items=(make.a_count("96910", count=5), make.a_count("J0585", count=None)))
    lines = make.lines_of(make.a_file(visit, authorizations=(counted,)))
    assert [make.found(line, Check.UNITS) for line in lines] == [Reason.UNITS_ENOUGH, Reason.UNITS_SINGLE]


def test_a_named_referral_that_is_not_on_file_is_unknown_whether_or_not_one_is_required():
    visit = make.a_visit(make.a_line(referral="R999"))
    for required, found in (
        (Known.YES, Reason.REFERRAL_NOT_ON_FILE),
        (Known.UNKNOWN, Reason.REFERRAL_NOT_ON_FILE),
        (Known.NO, Reason.REFERRAL_NOT_NEEDED),
        (None, Reason.REFERRAL_NOT_ON_FILE),
    ):
        file = make.a_file(visit, coverages=(make.a_coverage(referral_required=required),))
        (line,) = make.lines_of(file)
        assert make.found(line, Check.REFERRAL) is found


def test_a_verdict_is_judged_again_when_a_practice_rule_begins_to_count():
    tomorrow = make.TODAY + timedelta(days=1)
    assert judge(make.a_file(), make.around(turns=(tomorrow,))).changes_on == tomorrow
    assert judge(make.a_file(), make.around()).changes_on != tomorrow


def test_a_referral_without_a_real_number_or_reference_is_none():
    coverage = make.a_coverage(referral_required=Known.YES)
    for number, reference, found in (
        ("R1", None, Reason.REFERRAL_ON_FILE),
        (None, "case 7", Reason.REFERRAL_ON_FILE),
        (None, None, Reason.REFERRAL_MISSING),
    ):
        rows = (make.an_approval(), make.a_referral(number=number, reference=reference))
        (line,) = make.lines_of(make.a_file(coverages=(coverage,), authorizations=rows))
        assert make.found(line, Check.REFERRAL) is found


@pytest.mark.parametrize("order", [1, -1])
def test_a_word_on_the_plan_goes_before_a_word_on_all_plans(order):
    coverage = make.a_coverage(plan="Narrow", plan_kind=PlanKind.HMO)
    words = (
        Participation(make.PAYER, "Narrow", make.NPI, Network.OUT, DateSpan()),
        Participation(make.PAYER, None, make.NPI, Network.IN, DateSpan()),
    )[::order]
    world = make.around(participations={make.PAYER: words})
    (line,) = make.lines_of(make.a_file(coverages=(coverage,)), world)
    assert make.found(line, Check.NETWORK) is Reason.NETWORK_OUT


def test_a_network_exception_holds_for_the_codes_that_it_names():
    coverage = make.a_coverage(plan_kind=PlanKind.HMO, network=NetworkAnswer.OUT)
    for code, found in (("96910", Reason.NETWORK_EXCEPTION), ("11900", Reason.NETWORK_OUT)):
        exception = make.an_approval(8, kind=Kind.NETWORK_EXCEPTION, items=(make.a_count(code),))
        file = make.a_file(coverages=(coverage,), authorizations=(make.an_approval(), exception))
        (line,) = make.lines_of(file)
        assert make.found(line, Check.NETWORK) is found
