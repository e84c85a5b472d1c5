"""What was known on a day: what is dated later does not count, and the day on which it begins to count is noted."""

from datetime import date, timedelta

import pytest

from app.authorizations.facts import Status
from app.clearance.facts.reasons import Badge, Check, Reason
from app.coverage.facts import CheckResult, NetworkAnswer
from app.policies.facts.answers import Need, PatientAnswer
from app.values.insurance import Known, PlanKind
from app.values.spans import DateSpan
from tests.support.judging import (
    DAY,
    PAYER,
    TODAY,
    a_coverage,
    a_file,
    a_referral,
    a_visit,
    an_approval,
    around,
    found,
    verdict_of,
)

LATER = TODAY + timedelta(days=2)


def one(file, as_of=TODAY):
    verdict = verdict_of(file, around(as_of=as_of))
    return verdict.lines[0], verdict.changes_on


@pytest.mark.parametrize(
    ("changes", "before", "after"),
    [
        ({}, Reason.COVERAGE_NEVER_CHECKED, Reason.COVERAGE_ACTIVE),
        ({"result": CheckResult.INACTIVE}, Reason.COVERAGE_NEVER_CHECKED, Reason.COVERAGE_INACTIVE),
        ({"other_primary": True}, Reason.COVERAGE_NEVER_CHECKED, Reason.COVERAGE_OTHER_PRIMARY),
    ],
)
def test_a_later_check_does_not_count(changes, before, after):
    file = a_file(coverages=(a_coverage(checked_on=LATER, **changes),))
    line, changes_on = one(file)
    assert (found(line, Check.COVERAGE), changes_on) == (before, LATER)
    assert found(one(file, LATER - timedelta(days=1))[0], Check.COVERAGE) is before
    assert found(one(file, LATER)[0], Check.COVERAGE) is after


def test_what_a_later_check_said_of_network_and_referral_does_not_count():
    coverage = a_coverage(
        checked_on=LATER, plan_kind=PlanKind.HMO, network=NetworkAnswer.IN, referral_required=Known.NO
    )
    file = a_file(coverages=(coverage,))
    assert not {Check.NETWORK, Check.REFERRAL} & {reason.check for reason in one(file)[0].reasons}
    assert {Check.NETWORK, Check.REFERRAL} <= {reason.check for reason in one(file, LATER)[0].reasons}


@pytest.mark.parametrize("status", [Status.APPROVED, Status.PARTLY_APPROVED, Status.DENIED, Status.DISMISSED])
def test_a_later_decision_leaves_the_request_undecided(status):
    file = a_file(authorizations=(an_approval(status=status, requested_on=TODAY, decided_on=LATER),))
    line, changes_on = one(file)
    assert (line.badge, line.reason, changes_on) == (Badge.WAITING, Reason.APPROVAL_UNDECIDED, LATER)
    granted = status in (Status.APPROVED, Status.PARTLY_APPROVED)
    assert one(file, LATER)[0].badge is (Badge.CLEARED if granted else Badge.BLOCKED)


def test_a_later_request_is_not_yet_made():
    file = a_file(authorizations=(an_approval(status=Status.SUBMITTED, requested_on=LATER, decided_on=None),))
    line, changes_on = one(file)
    assert (line.badge, line.reason, changes_on) == (Badge.BLOCKED, Reason.APPROVAL_NONE, LATER)
    assert one(file, LATER)[0].badge is Badge.WAITING


def test_a_later_row_not_required_is_no_answer_yet():
    file = a_file(authorizations=(an_approval(status=Status.NOT_REQUIRED, decided_on=LATER),))
    line, changes_on = one(file)
    assert (line.badge, line.reason, changes_on) == (Badge.BLOCKED, Reason.APPROVAL_NONE, LATER)
    assert one(file, LATER)[0].badge is Badge.CLEARED


def test_a_later_answer_of_the_payer_does_not_count():
    answer = PatientAnswer("answer#1", PAYER, frozenset({"96910"}), Need.NOT_REQUIRED, DateSpan(), LATER, "call 7")
    file = a_file(authorizations=(), answers=(answer,))
    line, changes_on = one(file)
    assert (line.badge, line.reason, changes_on) == (Badge.BLOCKED, Reason.APPROVAL_NONE, LATER)
    assert one(file, LATER)[0].badge is Badge.CLEARED


def test_a_later_referral_does_not_count():
    coverages = (a_coverage(plan_kind=PlanKind.HMO, referral_required=Known.YES),)
    file = a_file(coverages=coverages, authorizations=(an_approval(), a_referral(decided_on=LATER)))
    line, changes_on = one(file)
    assert (line.reason, changes_on) == (Reason.REFERRAL_MISSING, LATER)
    assert one(file, LATER)[0].badge is Badge.CLEARED


@pytest.mark.parametrize(
    ("coverage", "as_of", "changes_on"),
    [
        # the visit comes within seven days while the check is older than seven days before it
        ({"checked_on": TODAY}, TODAY, DAY - timedelta(days=7)),
        # the check is within seven days of the visit; what turns next is its ninetieth day
        ({"checked_on": DAY - timedelta(days=7)}, DAY - timedelta(days=7), date(2026, 6, 8)),
        ({"checked_on": None, "result": None}, TODAY, None),
        ({"result": CheckResult.INACTIVE}, TODAY, None),
    ],
)
def test_the_first_day_on_which_time_alone_changes_an_answer(coverage, as_of, changes_on):
    assert one(a_file(coverages=(a_coverage(**coverage),)), as_of)[1] == changes_on


def test_nothing_is_noted_for_days_that_have_come():
    file = a_file(a_visit(day=DAY), coverages=(a_coverage(checked_on=date(2026, 1, 2)),))
    _, changes_on = one(file, date(2026, 12, 1))
    assert changes_on is None or changes_on > date(2026, 12, 1)


def test_what_is_dated_on_the_day_itself_counts_beside_what_is_later():
    on_the_day = a_coverage(1, checked_on=TODAY)
    later = a_coverage(2, checked_on=LATER, span=DateSpan(date(2025, 1, 1), None))
    rows = (an_approval(1, decided_on=TODAY, requested_on=TODAY), an_approval(2, decided_on=LATER))
    line, changes_on = one(a_file(coverages=(on_the_day, later), authorizations=rows))
    assert (line.badge, line.chosen.number, changes_on) == (Badge.CLEARED, "A001", LATER)
