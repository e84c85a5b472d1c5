"""Checks `spacing` and `secondary`."""

from datetime import date, timedelta

import pytest

from app.authorizations.facts import Status
from app.clearance.facts.reasons import Badge, Check, Reason
from app.coverage.facts import CheckResult
from app.policies.facts.answers import Limit, Need
from app.schedule.facts import BillTo, VisitStatus
from app.values.insurance import Benefit, Line, Rank
from app.values.spans import DateSpan
from tests.support.judging import (
    DAY,
    NEEDS,
    SECOND_PAYER,
    a_count,
    a_coverage,
    a_file,
    a_line,
    a_requirement,
    a_visit,
    an_approval,
    around,
    found,
    limits,
    lines_of,
    member,
)

INSIDE, OVER, FIRM = Reason.SPACING_INSIDE, Reason.SPACING_OVER, Reason.SPACING_OVER_FIRM


def spaced(limit, *visits):
    """Give what `spacing` found for each line, under one limit of a code that needs no approval."""
    rules = {**NEEDS, **limits(limit)}
    return [found(one, Check.SPACING) for one in lines_of(a_file(*visits, authorizations=()), around(rules=rules))]


def on(number, day, *lines, **changes):
    return a_visit(*lines, day=day, number=number, **changes)


def limit(counts, most, period, every=1, **changes):
    return Limit("a limit", counts, most, period, every, **changes)


@pytest.mark.parametrize(
    ("stated", "earlier", "reason"),
    [
        (limit("visits", 1, "day", 7), 7, INSIDE),
        (limit("visits", 1, "day", 7), 6, OVER),
        (limit("visits", 1, "day"), 1, INSIDE),
        (limit("days", 1, "week"), 7, INSIDE),
        (limit("days", 1, "week"), 6, OVER),
        (limit("visits", 1, "week", 2), 14, INSIDE),
        (limit("visits", 1, "week", 2), 13, OVER),
        (limit("units", 1, "month"), 28, INSIDE),
        (limit("units", 1, "month"), 27, OVER),
        (limit("units", 1, "year"), 365, INSIDE),
        (limit("units", 1, "year"), 364, OVER),
        (limit("units", 1, "year", firm=True), 364, FIRM),
        (limit("units", 2, "year"), 364, INSIDE),
        (limit("visits", 1, "month", 3), 89, OVER),
        (limit("visits", 1, "month", 3), 90, INSIDE),
    ],
)
def test_a_window_rolls_and_ends_on_the_day_of_the_visit(stated, earlier, reason):
    before = on(1, DAY - timedelta(days=earlier), status=VisitStatus.DONE)
    first, second = spaced(stated, before, on(2, DAY))
    assert (first, second) == (INSIDE, reason)


@pytest.mark.parametrize(
    ("counts", "expected"),
    [("units", [INSIDE, OVER, OVER]), ("visits", [INSIDE, INSIDE, INSIDE]), ("days", [INSIDE, INSIDE, INSIDE])],
)
def test_units_visits_and_days_are_counted_apart(counts, expected):
    visits = on(1, DAY, a_line(), a_line(position=1)), on(2, DAY, hour=17)
    stated = limit(counts, 1 if counts != "visits" else 2, "day")
    assert spaced(stated, *visits) == expected


def test_a_limit_by_visit_counts_only_that_visit():
    visits = on(1, DAY, a_line(units=2), a_line(position=1, units=1)), on(2, DAY, a_line(units=2), hour=17)
    assert spaced(limit("units", 2, "visit"), *visits) == [INSIDE, OVER, INSIDE]


def test_codes_of_a_limit_count_together_and_other_codes_not_at_all():
    stated = limit("units", 1, "week", codes=frozenset({"96910", "96912"}))
    visits = on(1, DAY, a_line("96912")), on(2, DAY, hour=17)
    assert spaced(stated, *visits)[1] is OVER
    assert spaced(limit("units", 1, "week"), *visits)[1] is INSIDE


@pytest.mark.parametrize("status", [VisitStatus.CANCELED, VisitStatus.NO_SHOW])
def test_canceled_and_missed_visits_do_not_crowd(status):
    assert spaced(limit("visits", 1, "week"), on(1, DAY, status=status), on(2, DAY, hour=17))[1] is INSIDE


def test_what_the_patient_pays_does_not_crowd():
    own = on(1, DAY, a_line(bill_to=BillTo.SELF_PAY))
    assert spaced(limit("visits", 1, "week"), own, on(2, DAY, hour=17))[1] is INSIDE


def test_a_firm_limit_names_the_reason_before_another():
    rules = {**NEEDS, **limits(limit("visits", 1, "week"), limit("units", 1, "month", firm=True))}
    verdicts = lines_of(a_file(on(1, DAY), on(2, DAY, hour=17), authorizations=()), around(rules=rules))
    assert (verdicts[1].badge, verdicts[1].reason) == (Badge.BLOCKED, FIRM)


def test_a_limit_that_cannot_be_counted_is_shown_only():
    assert spaced(Limit("a course, then a pause")) == [INSIDE]


def test_without_limits_spacing_is_left_out():
    (verdict,) = lines_of(a_file())
    assert found(verdict, Check.SPACING) is None


def second(which=2, **changes):
    fixed = {"rank": Rank.SECONDARY, "payer": SECOND_PAYER, "member": member("Z5")}
    return a_coverage(which, **{**fixed, **changes})


def theirs(which=2, **changes):
    return an_approval(which, **{"payer": SECOND_PAYER, "member": member("Z5"), **changes})


def secondary(*coverages, rows=(), primary=None, need=Need.REQUIRED):
    rules = {**NEEDS, (SECOND_PAYER, "96910"): a_requirement(need)}
    file = a_file(coverages=(primary or a_coverage(), *coverages), authorizations=(an_approval(), *rows))
    (verdict,) = lines_of(file, around(rules=rules))
    return found(verdict, Check.SECONDARY), verdict.badge


@pytest.mark.parametrize(
    ("need", "reason", "badge"),
    [
        (Need.REQUIRED, Reason.SECONDARY_MISSING, Badge.BLOCKED),
        (Need.UNKNOWN, Reason.SECONDARY_UNKNOWN, Badge.AT_RISK),
        (Need.NOT_REQUIRED, Reason.SECONDARY_NOTHING, Badge.CLEARED),
    ],
)
def test_a_secondary_coverage_is_judged(need, reason, badge):
    assert secondary(second(), need=need) == (reason, badge)
    assert secondary(second(rank=Rank.TERTIARY), need=need) == (reason, badge)


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({}, Reason.SECONDARY_APPROVED),
        ({"begins": DAY, "ends": DAY}, Reason.SECONDARY_APPROVED),
        ({"ends": DAY - timedelta(days=1)}, Reason.SECONDARY_MISSING),
        ({"status": Status.SUBMITTED}, Reason.SECONDARY_MISSING),
        ({"number": None}, Reason.SECONDARY_MISSING),
        ({"member": member("Z6")}, Reason.SECONDARY_MISSING),
        ({"items": (a_count(count=0),)}, Reason.SECONDARY_MISSING),
        ({"payer": "acme"}, Reason.SECONDARY_MISSING),
    ],
)
def test_a_secondary_coverage_needs_an_approval_that_passes(changes, reason):
    assert secondary(second(), rows=(theirs(**changes),))[0] is reason


@pytest.mark.parametrize(
    ("ours", "other", "asked"),
    [
        (Line.MEDICARE, Line.MEDIGAP, False),
        (Line.COMMERCIAL, Line.MEDIGAP, False),
        (Line.MEDICARE, Line.TRICARE_FOR_LIFE, False),
        (Line.MEDICARE, Line.MEDICAID, False),
        (Line.COMMERCIAL, Line.MEDICAID, True),
        (Line.MEDICARE, Line.COMMERCIAL, True),
        (Line.COMMERCIAL, Line.TRICARE, True),
        (Line.COMMERCIAL, None, True),
    ],
)
def test_some_further_coverages_ask_nothing(ours, other, asked):
    reason, _ = secondary(second(line=other), primary=a_coverage(line=ours))
    assert reason is (Reason.SECONDARY_MISSING if asked else Reason.SECONDARY_NOTHING)


@pytest.mark.parametrize(
    "changes",
    [
        {"span": DateSpan(None, DAY - timedelta(days=1))},
        {"span": DateSpan(DAY + timedelta(days=1), None)},
        {"result": CheckResult.INACTIVE},
        {"benefit": Benefit.PHARMACY},
    ],
)
def test_a_further_coverage_that_does_not_hold_the_line_is_left_out(changes):
    assert secondary(second(**changes)) == (None, Badge.CLEARED)


def test_every_further_coverage_must_pass_whatever_their_order():
    third = second(3, rank=Rank.TERTIARY, payer="third")
    rules = {**NEEDS, ("third", "96910"): a_requirement(Need.UNKNOWN)}
    for coverages in ((second(), third), (third, second())):
        file = a_file(coverages=(a_coverage(), *coverages), authorizations=(an_approval(), theirs()))
        (verdict,) = lines_of(file, around(rules=rules))
        assert found(verdict, Check.SECONDARY) is Reason.SECONDARY_UNKNOWN


def test_two_further_coverages_of_one_approval_take_in_the_order_of_rank():
    third = second(3, rank=Rank.TERTIARY)
    row = theirs(items=(a_count(count=1),))
    answers = set()
    for coverages in ((second(), third), (third, second())):
        file = a_file(coverages=(a_coverage(), *coverages), authorizations=(an_approval(), row))
        (verdict,) = lines_of(file)
        answers.add((verdict.reasons, verdict.details[Check.SECONDARY][0].id))
    assert len(answers) == 1


def test_a_secondary_approval_gives_its_units_in_order_of_time():
    visits = on(1, DAY), on(2, DAY + timedelta(days=1))
    file = a_file(
        *visits,
        coverages=(a_coverage(), second()),
        authorizations=(an_approval(), theirs(items=(a_count(count=1),))),
    )
    assert [found(one, Check.SECONDARY) for one in lines_of(file)] == [
        Reason.SECONDARY_APPROVED,
        Reason.SECONDARY_MISSING,
    ]


def test_spacing_and_secondary_stay_where_no_approval_is_needed():
    rules = {**NEEDS, **limits(limit("visits", 1, "week"))}
    coverages = (a_coverage(), second())
    verdicts = lines_of(a_file(on(1, DAY), on(2, date(2026, 3, 17)), coverages=coverages), around(rules=rules))
    assert found(verdicts[1], Check.SPACING) is OVER
    assert found(verdicts[1], Check.SECONDARY) is Reason.SECONDARY_MISSING
    assert found(verdicts[1], Check.APPROVAL) is None
