"""Which of several approvals a line is judged by: every step of the contract's order."""

from datetime import date, timedelta

import pytest

from app.authorizations.facts import Kind, Status
from app.clearance.facts.reasons import Badge
from tests.support.judging import (
    DAY,
    OTHER_NPI,
    OTHER_SITE,
    a_count,
    a_file,
    a_visit,
    an_approval,
    lines_of,
    member,
)

WARNS = {"plan": "x"}
OTHER_CODE = (a_count("96912"),)


def chosen(*rows):
    (forward,) = lines_of(a_file(a_visit(), authorizations=rows))
    (backward,) = lines_of(a_file(a_visit(), authorizations=tuple(reversed(rows))))
    assert forward == backward
    return forward.chosen.number or forward.chosen.reference


PASSES = an_approval(1)
ONE_WARNING = an_approval(2, provider_npi=OTHER_NPI, ends=date(2026, 4, 1))
TWO_WARNINGS = an_approval(3, provider_npi=OTHER_NPI, diagnoses=("L40.1",), ends=date(2026, 3, 31))
PENDING = an_approval(4, status=Status.SUBMITTED, ends=None)
PENDING_ELSEWHERE = an_approval(5, status=Status.SUBMITTED, site_id=OTHER_SITE)
ONE_FAIL = an_approval(6, site_id=OTHER_SITE)
TWO_FAILS = an_approval(7, site_id=OTHER_SITE, ends=DAY - timedelta(days=1))
NO_END = an_approval(8, ends=None)
DENIED = an_approval(9, status=Status.DENIED)
DENIED_ELSEWHERE = an_approval(10, status=Status.DENIED, site_id=OTHER_SITE)
LADDER = (PASSES, ONE_WARNING, TWO_WARNINGS, PENDING, NO_END, ONE_FAIL, TWO_FAILS)


@pytest.mark.parametrize("better", range(len(LADDER) - 1))
def test_the_better_approval_is_chosen_whatever_its_dates(better):
    for worse in LADDER[better + 1 :]:
        assert chosen(worse, LADDER[better]) == LADDER[better].number


@pytest.mark.parametrize(
    ("better", "worse"),
    [
        (PENDING, PENDING_ELSEWHERE),
        (PENDING, DENIED),
        (PENDING, ONE_FAIL),
        (ONE_FAIL, PENDING_ELSEWHERE),
        (ONE_FAIL, DENIED),
        (PENDING_ELSEWHERE, DENIED),
        (ONE_FAIL, DENIED_ELSEWHERE),
        (PENDING_ELSEWHERE, DENIED_ELSEWHERE),
        (DENIED, TWO_FAILS),
        (NO_END, DENIED),
    ],
)
def test_undecided_without_a_fail_then_the_fewest_fails_then_approved_before_undecided_before_refused(better, worse):
    assert chosen(worse, better) == better.number


@pytest.mark.parametrize("status", [Status.DENIED, Status.IN_APPEAL, Status.DISMISSED])
def test_a_refused_one_comes_after_an_undecided_one_of_as_many_fails(status):
    assert chosen(an_approval(1, status=status), PENDING_ELSEWHERE) == PENDING_ELSEWHERE.number


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [
        ({"ends": date(2026, 5, 1)}, {"ends": date(2026, 5, 2)}, "A001"),
        ({"ends": date(2026, 5, 2)}, {"ends": date(2026, 5, 1)}, "A002"),
        ({"ends": None, "no_end": True}, {"ends": date(2029, 5, 1)}, "A002"),
        ({"begins": date(2026, 2, 2)}, {"begins": date(2026, 2, 1)}, "A002"),
        ({"begins": date(2026, 2, 1)}, {"begins": date(2026, 2, 2)}, "A001"),
        ({}, {}, "A001"),
        ({"number": "B1"}, {"number": "A9"}, "A9"),
        ({"number": None, "reference": "A0"}, {}, "A0"),
        ({"ends": date(2026, 5, 1), "begins": date(2026, 2, 2), "number": "Z"}, {"ends": date(2026, 5, 2)}, "Z"),
        ({"begins": date(2026, 1, 1), "number": "Z"}, {"begins": date(2026, 1, 2)}, "Z"),
    ],
)
def test_among_equals_the_one_that_ends_first_begins_first_has_the_lowest_number(first, second, expected):
    assert chosen(an_approval(1, **first), an_approval(2, **second)) == expected


def test_a_pending_renewal_never_hides_a_valid_approval():
    renewal = an_approval(2, kind=Kind.RENEWAL, status=Status.SUBMITTED, number=None, reference="R7")
    (verdict,) = lines_of(a_file(authorizations=(renewal, an_approval())))
    assert (verdict.badge, verdict.chosen.number) == (Badge.CLEARED, "A001")


def test_an_expired_approval_never_hides_a_pending_renewal():
    renewal = an_approval(2, kind=Kind.RENEWAL, status=Status.SUBMITTED, number=None, reference="R7")
    (verdict,) = lines_of(a_file(authorizations=(an_approval(ends=DAY - timedelta(days=1)), renewal)))
    assert (verdict.badge, verdict.chosen.reference) == (Badge.WAITING, "R7")


@pytest.mark.parametrize("kind", [Kind.INITIAL, Kind.RENEWAL, Kind.RETRO, Kind.EXTENSION, Kind.APPEAL, Kind.CONTINUITY])
def test_approvals_of_these_kinds_stand_for_a_line(kind):
    (verdict,) = lines_of(a_file(authorizations=(an_approval(kind=kind),)))
    assert verdict.badge is Badge.CLEARED


@pytest.mark.parametrize("kind", [Kind.REFERRAL, Kind.NETWORK_EXCEPTION, Kind.FORMULARY_EXCEPTION, Kind.STEP_EXCEPTION])
def test_a_referral_or_an_exception_never_stands_for_an_approval(kind):
    (verdict,) = lines_of(a_file(authorizations=(an_approval(kind=kind),)))
    assert (verdict.badge, verdict.chosen) == (Badge.BLOCKED, None)


def test_an_approval_of_another_code_of_the_service_is_judged_when_it_is_all_there_is():
    (verdict,) = lines_of(a_file(authorizations=(an_approval(items=OTHER_CODE),)))
    assert verdict.chosen.number == "A001"


def test_fails_are_counted_over_all_checks():
    one = an_approval(1, member=member("W0"))
    two = an_approval(2, member=member("W0"), site_id=OTHER_SITE, ends=date(2026, 3, 31))
    assert chosen(one, two) == "A001"


def test_partly_approved_is_approved():
    (verdict,) = lines_of(a_file(authorizations=(an_approval(status=Status.PARTLY_APPROVED),)))
    assert verdict.badge is Badge.CLEARED
