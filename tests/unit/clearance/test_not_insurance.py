"""Lines that insurance is not asked about, pharmacies, and the badges of lines and visits."""

from datetime import timedelta
from itertools import permutations

import pytest

from app.clearance.facts.reasons import Badge, Check, Reason, Result
from app.clearance.rules.badges import badge_of_line, badge_of_visit
from app.patients.facts import PatientForJudging
from app.schedule.facts import BillTo, Supply, VisitStatus
from app.values.insurance import Benefit, Channel
from app.values.spans import DateSpan
from tests.support.judging import (
    DAY,
    PATIENT,
    TODAY,
    a_coverage,
    a_file,
    a_line,
    a_visit,
    an_approval,
    around,
    found,
    lines_of,
    verdict_of,
)


def test_a_line_that_the_patient_pays_has_no_checks():
    (verdict,) = lines_of(a_file(a_visit(a_line(bill_to=BillTo.SELF_PAY)), coverages=(), authorizations=()))
    assert (verdict.badge, verdict.reason, verdict.reasons) == (Badge.SELF_PAY, None, ())


def test_a_line_billed_outside_is_listed_and_not_judged():
    (verdict,) = lines_of(a_file(a_visit(a_line(bill_to=BillTo.OUTSIDE)), coverages=()))
    assert (verdict.badge, verdict.reason, verdict.reasons) == (None, None, ())


NO_COVERAGE = PatientForJudging(PATIENT, None, True, TODAY)


def test_a_patient_without_coverage_by_the_practices_word_pays():
    (verdict,) = lines_of(a_file(patient=NO_COVERAGE, coverages=(), authorizations=()))
    assert (verdict.badge, verdict.reasons) == (Badge.SELF_PAY, ())


def test_that_there_is_no_coverage_does_not_count_before_the_day_it_was_said():
    verdict = verdict_of(
        a_file(patient=NO_COVERAGE, coverages=(), authorizations=()), around(as_of=TODAY - timedelta(days=1))
    )
    assert (verdict.lines[0].badge, verdict.changes_on) == (Badge.NOT_CHECKED, TODAY)


def test_no_coverage_on_file_is_not_the_practices_word():
    (verdict,) = lines_of(a_file(coverages=(), authorizations=()))
    assert verdict.badge is Badge.NOT_CHECKED


def test_a_line_billed_outside_stays_so_for_a_patient_who_pays():
    line = a_line(bill_to=BillTo.OUTSIDE)
    (verdict,) = lines_of(a_file(a_visit(line), patient=NO_COVERAGE, coverages=(), authorizations=()))
    assert verdict.badge is None


PHARMACY = a_coverage(2, benefit=Benefit.PHARMACY, payer="acme", span=DateSpan(None, DAY - timedelta(days=1)))
MEDICAL = a_coverage(1, benefit=Benefit.MEDICAL)


@pytest.mark.parametrize(
    ("line", "coverage"),
    [
        ({"code": "J0585"}, MEDICAL),
        ({"code": "J0585", "channel": Channel.PHARMACY}, PHARMACY),
        ({"code": "J0585", "supply": Supply.SPECIALTY_PHARMACY}, PHARMACY),
        ({"code": "J0585", "supply": Supply.SPECIALTY_PHARMACY, "bill_to": BillTo.OUTSIDE}, PHARMACY),
        ({"code": None, "drug": "drug:dupixent", "supply": Supply.SPECIALTY_PHARMACY}, PHARMACY),
        ({"code": "J0585", "supply": Supply.BUY_AND_BILL}, MEDICAL),
        ({"code": "J0585", "supply": Supply.SAMPLE}, MEDICAL),
        ({"code": "96910"}, MEDICAL),
    ],
)
def test_a_drug_that_a_pharmacy_supplies_is_judged_against_the_pharmacy_coverage(line, coverage):
    (verdict,) = lines_of(a_file(a_visit(a_line(**line)), coverages=(MEDICAL, PHARMACY)))
    assert verdict.coverage == coverage
    ended = found(verdict, Check.COVERAGE) is Reason.COVERAGE_ENDED
    assert ended == (coverage is PHARMACY)


def test_a_service_that_another_bills_is_not_judged_though_a_pharmacy_is_named():
    line = a_line("11102", supply=Supply.SPECIALTY_PHARMACY, bill_to=BillTo.OUTSIDE)
    assert lines_of(a_file(a_visit(line)))[0].badge is None


@pytest.mark.parametrize("status", list(VisitStatus))
def test_a_visit_of_any_status_is_answered(status):
    (verdict,) = lines_of(a_file(a_visit(status=status)))
    assert verdict.badge is Badge.CLEARED


BY_RESULT = {
    Result.FAIL: (Reason.COVERAGE_ENDED, Reason.APPROVAL_NONE),
    Result.UNKNOWN: (Reason.COVERAGE_NONE, Reason.DATES_MISSING),
    Result.WARN: (Reason.UNITS_NO_COUNT, Reason.APPROVAL_OPTIONAL),
    Result.PASS: (Reason.COVERAGE_ACTIVE, Reason.APPROVAL_APPROVED),
}
WAITS = Reason.APPROVAL_UNDECIDED


@pytest.mark.parametrize(
    ("results", "waits", "badge"),
    [
        ((Result.FAIL, Result.UNKNOWN, Result.WARN, Result.PASS), True, Badge.BLOCKED),
        ((Result.UNKNOWN, Result.WARN, Result.PASS), True, Badge.NOT_CHECKED),
        ((Result.WARN, Result.PASS), True, Badge.WAITING),
        ((Result.PASS,), True, Badge.WAITING),
        ((Result.FAIL,), False, Badge.BLOCKED),
        ((Result.UNKNOWN, Result.PASS), False, Badge.NOT_CHECKED),
        ((Result.WARN, Result.PASS), False, Badge.AT_RISK),
        ((Result.PASS,), False, Badge.CLEARED),
        ((), False, Badge.NOT_CHECKED),
        ((), True, Badge.WAITING),
    ],
)
def test_badge_of_a_line(results, waits, badge):
    for place in (0, 1):
        reasons = [BY_RESULT[result][place] for result in results] + ([WAITS] if waits else [])
        assert badge_of_line(reasons) is badge
        assert badge_of_line(reversed(reasons)) is badge


ORDER = (Badge.BLOCKED, Badge.NOT_CHECKED, Badge.WAITING, Badge.AT_RISK, Badge.CLEARED, Badge.SELF_PAY, None)


def test_badge_of_a_visit_is_the_worst_of_its_lines():
    for pair in permutations(ORDER, 2):
        worst = min(pair, key=ORDER.index)
        assert badge_of_visit(pair) is worst


@pytest.mark.parametrize(
    ("badges", "badge"),
    [
        ((Badge.SELF_PAY, Badge.SELF_PAY), Badge.SELF_PAY),
        ((Badge.SELF_PAY, Badge.CLEARED), Badge.CLEARED),
        ((None, None), Badge.SELF_PAY),
        ((None, Badge.SELF_PAY), Badge.SELF_PAY),
        ((None, Badge.CLEARED), Badge.CLEARED),
        ((None, Badge.BLOCKED), Badge.BLOCKED),
        ((), Badge.NOT_CHECKED),
    ],
)
def test_self_pay_only_when_all_are_and_outside_does_not_count(badges, badge):
    assert badge_of_visit(badges) is badge


def test_the_reason_is_the_first_check_of_the_result_that_made_the_badge():
    late = an_approval(ends=TODAY, diagnoses=("C44.1",))
    (verdict,) = lines_of(a_file(authorizations=(late,), coverages=(a_coverage(result=None),)))
    assert (verdict.badge, verdict.reason) == (Badge.BLOCKED, Reason.DATES_AFTER)
    (verdict,) = lines_of(a_file(authorizations=(an_approval(ends=None, number=None),)))
    assert (verdict.badge, verdict.reason) == (Badge.NOT_CHECKED, Reason.DATES_MISSING)
