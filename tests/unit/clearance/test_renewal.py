"""Check `renewal`: will care go on?"""

from datetime import date, timedelta

import pytest

from app.authorizations.facts import Kind, Status
from app.clearance.facts.reasons import Badge, Check, Reason
from app.policies.facts.answers import Need
from app.schedule.facts import VisitStatus
from app.values.spans import Duration
from tests.support.judging import (
    NEEDS,
    a_count,
    a_coverage,
    a_file,
    a_line,
    a_requirement,
    a_visit,
    an_approval,
    around,
    found,
    needs,
    verdict_of,
)

END = date(2026, 6, 30)
DUE, NOT_DUE = Reason.RENEWAL_DUE, Reason.RENEWAL_NOT_DUE


def renewals(as_of, *visits, rows=None, rules=NEEDS):
    file = a_file(*visits, authorizations=rows or (an_approval(ends=END),))
    verdict = verdict_of(file, around(as_of=as_of, rules=rules))
    return [found(one, Check.RENEWAL) for one in verdict.lines], verdict.changes_on


FIRST, SECOND = a_visit(day=date(2026, 6, 20)), a_visit(day=date(2026, 6, 27), number=2)
AFTER = a_visit(day=date(2026, 7, 4), number=3)
LEAD_DAY = date(2026, 5, 31)
"""Thirty days before the end."""


@pytest.mark.parametrize(
    ("as_of", "reason"), [(LEAD_DAY - timedelta(days=1), NOT_DUE), (LEAD_DAY, DUE), (date(2026, 6, 10), DUE)]
)
def test_all_lines_before_the_one_that_is_not_held_warn_from_thirty_days_before_the_end(as_of, reason):
    assert renewals(as_of, FIRST, SECOND, AFTER)[0] == [reason, reason, None]


def test_time_alone_turns_it_on_the_first_day_of_the_lead():
    assert renewals(date(2026, 5, 22), FIRST, SECOND, AFTER)[1] == LEAD_DAY


@pytest.mark.parametrize(
    ("lead", "starts"),
    [
        (Duration(14, "day"), date(2026, 6, 16)),
        (Duration(14, "calendar_day"), date(2026, 6, 16)),
        (Duration(2, "week"), date(2026, 6, 16)),
        (Duration(1, "month"), date(2026, 5, 30)),
        (Duration(60, "day"), date(2026, 5, 1)),
    ],
)
def test_a_rule_may_state_the_lead(lead, starts):
    rules = needs({"96910": a_requirement(renew_before=lead)})
    assert renewals(starts - timedelta(days=1), FIRST, AFTER, rules=rules)[0] == [NOT_DUE, None]
    assert renewals(starts, FIRST, AFTER, rules=rules)[0] == [DUE, None]


@pytest.mark.parametrize(("as_of", "reason"), [(date(2026, 3, 20), NOT_DUE), (date(2026, 3, 21), DUE)])
def test_the_lead_is_counted_from_the_line_that_takes_the_last_unit_too(as_of, reason):
    rows = (an_approval(ends=END, items=(a_count(count=2),)),)
    visits = a_visit(day=date(2026, 4, 13)), a_visit(day=date(2026, 4, 20), number=2), AFTER
    assert renewals(as_of, *visits, rows=rows)[0] == [reason, reason, None]


@pytest.mark.parametrize(
    "later",
    [
        (),
        (a_visit(day=date(2026, 7, 4), number=3, status=VisitStatus.CANCELED),),
        (a_visit(day=date(2026, 7, 4), number=3, status=VisitStatus.NO_SHOW),),
        (a_visit(a_line("99213"), day=date(2026, 7, 4), number=3),),
        (a_visit(a_line("J0585"), day=date(2026, 7, 4), number=3),),
    ],
)
def test_without_a_later_booked_line_of_the_family_nothing_is_due(later):
    assert renewals(date(2026, 6, 10), FIRST, *later)[0][0] is NOT_DUE


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({}, NOT_DUE),
        ({"status": Status.SUBMITTED}, DUE),
        ({"status": Status.DENIED}, DUE),
        ({"number": None}, DUE),
    ],
)
def test_a_renewal_that_holds_the_later_lines_settles_it(changes, reason):
    renewal = an_approval(
        2, **{"kind": Kind.RENEWAL, "begins": date(2026, 7, 1), "ends": date(2026, 12, 31), **changes}
    )
    rows = (an_approval(ends=END), renewal)
    assert renewals(date(2026, 6, 10), FIRST, AFTER, rows=rows)[0][0] is reason


def test_another_code_of_the_family_counts_as_going_on():
    rules = {**NEEDS, ("acme", "96912"): a_requirement()}
    rows = (an_approval(ends=END, items=(a_count("96910", "96912"),)),)
    later = a_visit(a_line("96912"), day=date(2026, 7, 4), number=3)
    assert renewals(date(2026, 6, 10), FIRST, later, rows=rows, rules=rules)[0] == [DUE, None]


def test_a_later_line_that_needs_no_approval_asks_for_no_renewal():
    rules = {**NEEDS, ("acme", "96912"): a_requirement(Need.NOT_REQUIRED)}
    later = a_visit(a_line("96912"), day=date(2026, 7, 4), number=3)
    assert renewals(date(2026, 6, 10), FIRST, later, rules=rules)[0][0] is NOT_DUE


def test_a_line_that_is_not_held_has_no_renewal():
    assert renewals(date(2026, 6, 10), AFTER, a_visit(day=date(2026, 7, 11), number=4))[0] == [None, None]


def test_an_earlier_line_that_is_not_held_makes_no_later_one_warn():
    early = a_visit(day=date(2025, 12, 30), number=9)
    assert renewals(date(2026, 6, 10), early, FIRST)[0] == [None, NOT_DUE]


def test_an_approval_without_end_and_count_runs_never_out():
    rows = (an_approval(ends=None, no_end=True),)
    later = a_visit(a_line(units=99), day=date(2026, 7, 4), number=3)
    assert renewals(date(2026, 6, 10), FIRST, later, rows=rows)[0] == [NOT_DUE, None]


def test_what_is_due_makes_a_line_at_risk_with_that_reason():
    coverages = (a_coverage(checked_on=LEAD_DAY),)
    file = a_file(FIRST, AFTER, coverages=coverages, authorizations=(an_approval(ends=END),))
    line = verdict_of(file, around(as_of=LEAD_DAY)).lines[0]
    assert (line.badge, line.reason) == (Badge.AT_RISK, DUE)


@pytest.mark.parametrize(
    ("code", "drug", "approved"),
    [
        ("J3590", None, {"items": (a_count("J3590"),)}),
        ("J0585", None, {"items": (a_count("J0585"),)}),
        (None, "drug:dupixent", {"items": (), "drug": "drug:dupixent"}),
    ],
)
def test_a_drug_goes_on_under_its_code_or_its_name(code, drug, approved):
    line = a_line(code, drug=drug)
    visits = a_visit(line, day=date(2026, 6, 20)), a_visit(line, day=date(2026, 7, 4), number=2)
    found_now, _ = renewals(date(2026, 6, 10), *visits, rows=(an_approval(ends=END, **approved),))
    assert found_now == [DUE, None]
