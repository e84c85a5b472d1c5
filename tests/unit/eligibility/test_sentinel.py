"""What a change of plans is, what it voids, and until when a new plan lets care go on."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from app.clearance.facts.reasons import Badge, Reason
from app.clearance.rules.packing import StoredLine
from app.coverage.facts import CheckResult, CoverageRecord, PlanTurn, Turned
from app.coverage.rules import taken_over, turns_of
from app.eligibility.facts.sentinel import PlanChange
from app.eligibility.rules.sentinel import (
    continuity_id,
    duty_until,
    has_duty,
    is_void,
    merged,
    seen,
    tells,
    touched,
    was_valid_under,
)
from app.policies.facts.answers import Confidence, Need, ServiceClass
from app.values.insurance import Benefit, Channel, Line, Rank
from tests.support import judging
from tests.support.make import an_id

OLD = CoverageRecord(
    an_id(1), an_id(9), Rank.PRIMARY, "acme", "Acme", "W123456789", date(2026, 1, 1), plan="Gold", group_number="G-1"
)
CHANGE = PlanChange(
    an_id(7), an_id(9), an_id(1), datetime(2027, 1, 2, tzinfo=UTC), (PlanTurn.PAYER,), seen(OLD), seen(OLD)
)


@pytest.mark.parametrize(
    ("given", "turns"),
    [
        ({}, ()),
        ({"payer": "zenith"}, (PlanTurn.PAYER,)),
        ({"payer_name": "Acme Health"}, ()),
        ({"member_id": "W 1234-56789"}, ()),
        ({"member_id": "W123456789-01"}, ()),
        ({"member_id": "X123456789"}, (PlanTurn.MEMBER,)),
        ({"group_number": "g1"}, ()),
        ({"group_number": "G-2"}, (PlanTurn.GROUP,)),
        ({"group_number": None}, ()),
        ({"plan": "Silver"}, (PlanTurn.PLAN,)),
        ({"plan": None}, ()),
        ({"ends": date(2026, 6, 30)}, (PlanTurn.ENDS,)),
        ({"result": CheckResult.INACTIVE}, (PlanTurn.INACTIVE,)),
        ({"result": CheckResult.UNKNOWN}, ()),
        ({"other_primary": True}, (PlanTurn.OTHER_PAYER,)),
    ],
)
def test_what_turns_a_plan_and_what_does_not(given, turns):
    assert turns_of(OLD, replace(OLD, **given)) == turns


def test_an_end_that_comes_later_is_no_turn():
    ending = replace(OLD, ends=date(2026, 6, 30))
    assert turns_of(ending, replace(ending, ends=date(2026, 12, 31))) == ()
    assert turns_of(ending, replace(ending, ends=date(2026, 5, 31))) == (PlanTurn.ENDS,)
    assert turns_of(replace(OLD, result=CheckResult.INACTIVE), replace(OLD, result=CheckResult.INACTIVE)) == ()


def test_a_new_coverage_takes_over_from_another_plan_of_its_rank_only():
    new = replace(OLD, id=an_id(2), payer="zenith", begins=date(2027, 1, 1))
    assert taken_over([OLD], new) == OLD
    assert taken_over([], new) is None
    assert taken_over([OLD], replace(new, rank=Rank.SECONDARY)) is None
    assert taken_over([replace(OLD, verified=False)], new) is None
    assert taken_over([OLD], replace(new, payer="acme")) is None, "the same plan goes on"
    pharmacy = replace(OLD, benefit=Benefit.PHARMACY)
    assert taken_over([pharmacy], replace(new, benefit=Benefit.MEDICAL)) is None
    older = replace(OLD, id=an_id(3), begins=date(2025, 1, 1))
    assert taken_over([older, OLD], new) == OLD


def test_a_coverage_that_ends_as_another_takes_over_is_one_change():
    new = replace(OLD, id=an_id(2), payer="zenith")
    added = Turned(OLD, new, (PlanTurn.ADDED, PlanTurn.PAYER))
    ended = Turned(OLD, replace(OLD, ends=date(2026, 12, 31)), (PlanTurn.ENDS,))
    assert merged([ended, added]) == (added,)
    assert merged([ended]) == (ended,)
    group = Turned(OLD, replace(OLD, group_number="G-2"), (PlanTurn.GROUP,))
    assert merged([group, added]) == (group, added)


def test_the_duty_is_of_medicare_advantage_and_not_of_pharmacy_drugs():
    assert has_duty(Line.MEDICARE_ADVANTAGE, None) and has_duty(Line.MEDICARE_ADVANTAGE, Channel.MEDICAL)
    assert not has_duty(Line.MEDICARE_ADVANTAGE, Channel.PHARMACY)
    assert not has_duty(Line.COMMERCIAL, None) and not has_duty(None, None)
    assert duty_until(date(2027, 1, 1)) == date(2027, 3, 31)


def test_an_approval_is_void_where_the_plan_of_now_is_another():
    approval, today = judging.an_approval(), date(2026, 3, 2)
    change = replace(CHANGE, before=seen(replace(OLD, payer=judging.PAYER)))
    assert was_valid_under(approval, change, judging.member(), today)
    assert not was_valid_under(approval, change, judging.member("Z1"), today)
    assert not was_valid_under(approval, change, judging.member(), date(2026, 7, 1)), "it has ended"
    assert not was_valid_under(judging.a_referral(), change, judging.member(), today)
    assert not is_void(approval, judging.a_coverage())
    assert is_void(approval, judging.a_coverage(payer="zenith"))
    assert not is_void(approval, None)


def _line(badge, *reasons):
    return StoredLine(
        badge, ServiceClass.MEDICAL, Need.REQUIRED, Confidence.SEEN, "r#1", reasons, None, None
    )  # fmt: skip


def test_a_visit_is_touched_by_another_badge_or_another_result_of_the_plan():
    visit = an_id(5), date(2027, 1, 9)
    good, bad = (_line(Badge.CLEARED, Reason.PLAN_SAME),), (_line(Badge.BLOCKED, Reason.PLAN_PAYER_DIFFERS),)
    assert touched(an_id(7), visit, (Badge.CLEARED, good), (Badge.CLEARED, good)) is None
    found = touched(an_id(7), visit, (Badge.CLEARED, good), (Badge.BLOCKED, bad))
    assert (found.before, found.after, found.reason) == (Badge.CLEARED, Badge.BLOCKED, Reason.PLAN_PAYER_DIFFERS)
    was_bad = (_line(Badge.BLOCKED, Reason.COVERAGE_ENDED, Reason.PLAN_SAME),)
    assert touched(an_id(7), visit, (Badge.BLOCKED, was_bad), (Badge.BLOCKED, bad)) is not None


def test_what_is_worth_a_look():
    ends = replace(CHANGE, turns=(PlanTurn.ENDS,))
    assert not tells(ends, 0, 0)
    assert tells(ends, 1, 0) and tells(ends, 0, 1) and tells(CHANGE, 0, 0)


def test_a_request_has_one_id_for_its_approval_and_change():
    assert continuity_id(an_id(7), an_id(1)) == continuity_id(an_id(7), an_id(1))
    assert continuity_id(an_id(7), an_id(1)) != continuity_id(an_id(7), an_id(2))
    assert continuity_id(an_id(7), an_id(1)) > an_id(7) and continuity_id(an_id(7), an_id(1)).version == 7
