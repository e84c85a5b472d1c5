"""Checks `class` and `coverage`: each result, and both sides of each boundary."""

from datetime import date, timedelta

import pytest

from app.clearance.facts.reasons import Badge, Check, Reason
from app.coverage.facts import CheckResult
from app.policies.facts.answers import Need
from app.schedule.facts import BillTo
from app.values.insurance import Benefit, Line, Rank
from app.values.spans import DateSpan
from tests.support.judging import (
    DAY,
    TODAY,
    a_count,
    a_coverage,
    a_file,
    a_line,
    a_visit,
    an_approval,
    around,
    found,
    lines_of,
    member,
    needs,
    outcome,
)


def test_a_line_with_everything_in_order_is_cleared_without_a_reason():
    assert outcome(a_file()) == (Badge.CLEARED, None)


@pytest.mark.parametrize(
    ("code", "diagnoses", "documented", "reason", "badge"),
    [
        ("99213", (), (), Reason.CLASS_MEDICAL, Badge.CLEARED),
        ("17110", ("B07.0",), (), Reason.CLASS_MEDICAL, Badge.CLEARED),
        ("17110", ("L82.1", "B07.0"), (), Reason.CLASS_MEDICAL, Badge.CLEARED),
        ("17110", ("L82.1",), ("bleeding",), Reason.CLASS_DOCUMENTED, Badge.CLEARED),
        ("17110", ("L82.1",), ("itching",), Reason.CLASS_WEAK, Badge.NOT_CHECKED),
        ("17110", ("L82.1",), (), Reason.CLASS_WEAK, Badge.NOT_CHECKED),
        ("17110", (), (), Reason.CLASS_NO_DIAGNOSIS, Badge.AT_RISK),
        ("17110", ("L57.0",), (), Reason.CLASS_UNLISTED, Badge.AT_RISK),
        ("15788", ("L57.0",), (), Reason.CLASS_COSMETIC, Badge.BLOCKED),
        ("15788", (), ("bleeding",), Reason.CLASS_COSMETIC, Badge.BLOCKED),
    ],
)
def test_class(code, diagnoses, documented, reason, badge):
    line = a_line(code, diagnoses=diagnoses, documented=frozenset(documented))
    (verdict,) = lines_of(a_file(a_visit(line), authorizations=()))
    assert (found(verdict, Check.CLASS), verdict.badge) == (reason, badge)


def test_a_code_in_no_service_leaves_the_class_out():
    rules = needs({"36415": Need.NOT_REQUIRED})
    (verdict,) = lines_of(a_file(a_visit(a_line("36415")), authorizations=()), around(rules=rules))
    assert found(verdict, Check.CLASS) is None
    assert verdict.badge is Badge.CLEARED


@pytest.mark.parametrize(
    ("klass", "diagnoses", "documented", "reason"),
    [
        ("medical", ("L82.1",), (), Reason.CLASS_MEDICAL),
        ("cosmetic", ("B07.0",), ("bleeding",), Reason.CLASS_COSMETIC),
        ("conditional", ("B07.0",), (), Reason.CLASS_MEDICAL),
        ("conditional", ("L82.1",), ("bleeding",), Reason.CLASS_DOCUMENTED),
        ("conditional", ("L82.1",), (), Reason.CLASS_WEAK),
        ("conditional", ("L57.0",), (), Reason.CLASS_UNLISTED),
        ("conditional", (), (), Reason.CLASS_NO_DIAGNOSIS),
        ("unknown", ("B07.0",), (), None),
    ],
)
def test_a_visit_type_may_state_the_class(klass, diagnoses, documented, reason):
    line = a_line("17110", klass=klass, diagnoses=diagnoses, documented=frozenset(documented))
    (verdict,) = lines_of(a_file(a_visit(line), authorizations=()))
    assert found(verdict, Check.CLASS) is reason


def test_a_cosmetic_line_that_the_patient_pays_is_not_judged():
    line = a_line("15788", bill_to=BillTo.SELF_PAY)
    assert outcome(a_file(a_visit(line))) == (Badge.SELF_PAY, None)


def test_no_approval_makes_a_cosmetic_service_medical():
    approval = an_approval(items=(a_count("15788"),))
    rules = needs({"15788": Need.REQUIRED})
    line = a_visit(a_line("15788"))
    assert outcome(a_file(line, authorizations=(approval,)), around(rules=rules)) == (Badge.BLOCKED, Check.CLASS)


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({}, Reason.COVERAGE_ACTIVE),
        ({"span": DateSpan(None, None)}, Reason.COVERAGE_ACTIVE),
        ({"span": DateSpan(DAY, DAY)}, Reason.COVERAGE_ACTIVE),
        ({"span": DateSpan(None, DAY - timedelta(days=1))}, Reason.COVERAGE_ENDED),
        ({"span": DateSpan(DAY + timedelta(days=1), None)}, Reason.COVERAGE_NOT_BEGUN),
        ({"result": CheckResult.INACTIVE}, Reason.COVERAGE_INACTIVE),
        ({"other_primary": True}, Reason.COVERAGE_OTHER_PRIMARY),
        ({"result": None, "checked_on": None}, Reason.COVERAGE_NEVER_CHECKED),
        ({"checked_on": None}, Reason.COVERAGE_NEVER_CHECKED),
        ({"result": CheckResult.UNKNOWN}, Reason.COVERAGE_ANSWER_UNKNOWN),
        ({"result": CheckResult.UNKNOWN, "span": DateSpan(None, TODAY)}, Reason.COVERAGE_ENDED),
    ],
)
def test_coverage(changes, reason):
    (verdict,) = lines_of(a_file(coverages=(a_coverage(**changes),)))
    assert found(verdict, Check.COVERAGE) is reason


def test_without_coverage_nothing_is_known():
    (verdict,) = lines_of(a_file(coverages=(), authorizations=()))
    assert found(verdict, Check.COVERAGE) is Reason.COVERAGE_NONE
    assert (verdict.badge, verdict.reason) == (Badge.NOT_CHECKED, Reason.COVERAGE_NONE)


@pytest.mark.parametrize(
    ("days_ahead", "checked_before_visit", "fresh_days", "stale"),
    [
        (7, 7, 7, False),
        (7, 8, 7, True),
        (8, 8, 7, False),
        (8, 60, 7, False),
        (0, 7, 7, False),
        (0, 8, 7, True),
        (-3, 7, 7, False),
        (-3, 8, 7, True),
        (3, 4, 3, True),
        (3, 3, 3, False),
        (4, 4, 3, False),
        (14, 15, 14, True),
        (14, 14, 14, False),
    ],
)
def test_a_check_must_be_fresh_when_the_visit_is_near(days_ahead, checked_before_visit, fresh_days, stale):
    today = date(2026, 5, 20)
    day = today + timedelta(days=days_ahead)
    coverage = a_coverage(checked_on=day - timedelta(days=checked_before_visit))
    file = a_file(a_visit(day=day), coverages=(coverage,))
    (verdict,) = lines_of(file, around(as_of=today, fresh_days=fresh_days))
    expected = Reason.COVERAGE_CHECK_STALE if stale else Reason.COVERAGE_ACTIVE
    assert found(verdict, Check.COVERAGE) is expected


@pytest.mark.parametrize(("age", "reason"), [(90, Reason.COVERAGE_ACTIVE), (91, Reason.COVERAGE_CHECK_OLD)])
def test_a_check_lasts_ninety_days(age, reason):
    today = date(2026, 5, 20)
    file = a_file(a_visit(day=date(2026, 6, 20)), coverages=(a_coverage(checked_on=today - timedelta(days=age)),))
    (verdict,) = lines_of(file, around(as_of=today))
    assert found(verdict, Check.COVERAGE) is reason


ACTIVE, TURNED, TURNS = Reason.COVERAGE_ACTIVE, Reason.COVERAGE_PERIOD_TURNED, Reason.COVERAGE_PERIOD_TURNS


@pytest.mark.parametrize(
    ("line", "checked", "as_of", "day", "reason"),
    [
        (Line.COMMERCIAL, date(2025, 12, 20), date(2025, 12, 21), date(2025, 12, 31), ACTIVE),
        (Line.COMMERCIAL, date(2025, 12, 20), date(2025, 12, 21), date(2026, 1, 1), TURNS),
        (Line.COMMERCIAL, date(2025, 12, 20), date(2025, 12, 31), date(2026, 1, 20), TURNS),
        (Line.COMMERCIAL, date(2025, 12, 20), date(2026, 1, 1), date(2026, 1, 20), TURNED),
        (Line.COMMERCIAL, date(2026, 1, 1), date(2026, 1, 1), date(2026, 1, 20), ACTIVE),
        (Line.COMMERCIAL, date(2026, 1, 20), date(2026, 2, 3), date(2026, 3, 2), ACTIVE),
        (Line.MEDICAID, date(2026, 1, 20), date(2026, 1, 21), date(2026, 1, 31), ACTIVE),
        (Line.MEDICAID, date(2026, 1, 24), date(2026, 1, 25), date(2026, 1, 31), ACTIVE),
        (Line.MEDICAID, date(2026, 1, 25), date(2026, 1, 31), date(2026, 2, 1), TURNS),
        (Line.MEDICAID, date(2026, 1, 20), date(2026, 2, 1), date(2026, 2, 20), TURNED),
        (Line.MEDICAID_MANAGED, date(2026, 1, 20), date(2026, 2, 1), date(2026, 2, 20), TURNED),
        (Line.CHIP, date(2026, 1, 20), date(2026, 2, 1), date(2026, 2, 20), TURNED),
        (Line.MARKETPLACE, date(2026, 1, 20), date(2026, 2, 1), date(2026, 2, 20), TURNED),
        (Line.MARKETPLACE, date(2026, 2, 1), date(2026, 2, 1), date(2026, 2, 20), ACTIVE),
        (Line.MEDICARE_ADVANTAGE, date(2026, 1, 20), date(2026, 2, 1), date(2026, 2, 20), ACTIVE),
        (None, date(2026, 1, 20), date(2026, 2, 1), date(2026, 2, 20), ACTIVE),
    ],
)
def test_coverage_is_checked_again_when_its_period_turns(line, checked, as_of, day, reason):
    coverage = a_coverage(line=line, checked_on=checked, span=DateSpan(None, None))
    (verdict,) = lines_of(a_file(a_visit(day=day), coverages=(coverage,)), around(as_of=as_of))
    assert found(verdict, Check.COVERAGE) is reason


def test_a_payer_with_one_line_lends_it_to_a_coverage_without_one():
    coverage = a_coverage(line=None, payer="only_medicaid", checked_on=date(2026, 1, 20))
    file = a_file(a_visit(day=date(2026, 2, 20)), coverages=(coverage,))
    (verdict,) = lines_of(file, around(as_of=date(2026, 2, 1)))
    assert found(verdict, Check.COVERAGE) is TURNED


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"named_payer": "acme", "named_member": member("w-123 456 789")}, Reason.COVERAGE_ACTIVE),
        ({"named_member": member("W123456789-01")}, Reason.COVERAGE_ACTIVE),
        ({"named_payer": "zenith"}, Reason.COVERAGE_SCHEDULE_DIFFERS),
        ({"named_member": member("W123456780")}, Reason.COVERAGE_SCHEDULE_DIFFERS),
    ],
)
def test_the_schedule_may_name_another_payer_or_member(changes, reason):
    (verdict,) = lines_of(a_file(a_visit(a_line(**changes))))
    assert found(verdict, Check.COVERAGE) is reason


OLD = a_coverage(2, span=DateSpan(date(2025, 1, 1), date(2025, 12, 31)))


@pytest.mark.parametrize(
    ("others", "chosen"),
    [
        ((OLD,), 1),
        ((a_coverage(2, span=DateSpan(date(2026, 3, 1), None)),), 2),
        ((a_coverage(2, span=DateSpan(date(2026, 3, 17), None)),), 1),
        ((a_coverage(2, span=DateSpan(None, None)),), 1),
        ((a_coverage(2, span=DateSpan(date(2026, 3, 1), None), rank=Rank.SECONDARY),), 1),
        ((a_coverage(2, span=DateSpan(date(2026, 3, 1), None), benefit=Benefit.PHARMACY),), 1),
        ((a_coverage(2, span=DateSpan(date(2026, 3, 1), None), benefit=Benefit.MEDICAL),), 2),
    ],
)
def test_of_the_coverages_that_hold_the_day_the_latest_begun_counts(others, chosen):
    (verdict,) = lines_of(a_file(coverages=(a_coverage(), *others)))
    assert verdict.coverage is not None
    assert verdict.coverage.id == a_coverage(chosen).id


def test_when_none_holds_the_day_the_latest_begun_is_judged():
    ended = a_coverage(3, span=DateSpan(date(2026, 1, 1), date(2026, 2, 28)))
    (verdict,) = lines_of(a_file(coverages=(OLD, ended)))
    assert verdict.coverage is not None
    assert verdict.coverage.id == ended.id
    assert found(verdict, Check.COVERAGE) is Reason.COVERAGE_ENDED
