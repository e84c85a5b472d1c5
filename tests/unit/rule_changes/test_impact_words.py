"""What would change, in words: one sentence why, and the checks that turn."""

from datetime import UTC, datetime
from uuid import UUID

from app.authorizations.facts import Status
from app.clearance.facts.reasons import Badge, Check, Reason, Result
from app.policies.facts.answers import Need
from app.rule_changes.facts.impact import CaseTurn, CheckTurn, Impact, LineTurn, Rested, ServiceNeed, VisitTurn
from app.rule_changes.rules.impact import check_turns
from app.rule_changes.views.impact import impact_object, impact_sentences, summary

ASKED = Rested(Need.REQUIRED, "acme/light#nbuvb")
FREE = Rested(Need.NOT_REQUIRED, "acme/light#nbuvb")
CHECKS = (CheckTurn(Check.APPROVAL, None, Result.FAIL),)
LINE = LineTurn(0, "96910", Badge.CLEARED, Badge.BLOCKED, FREE, ASKED, CHECKS)
VISIT = VisitTurn(
    UUID(int=1),
    "V-1",
    UUID(int=2),
    "Main",
    datetime(2026, 3, 16, 15, tzinfo=UTC),
    Badge.CLEARED,
    Badge.BLOCKED,
    (LINE,),
)
CASE = CaseTurn(UUID(int=3), UUID(int=2), "Acme", Status.SUBMITTED, (ServiceNeed("96910", ASKED, FREE),))


def told(*visits, cases=(), resting=0, payers=("acme",)):
    return Impact("ab" * 32, payers, visits, cases, resting, 1)


def test_a_visit_and_a_case_are_told_with_badges_needs_and_rules():
    lines = list(impact_sentences(told(VISIT, cases=(CASE,), resting=2)))
    assert lines[0] == "1 booked visit and 1 open case would stand otherwise; rules of 1 payer differ."
    assert lines[1] == (
        "V-1  Mon 03/16/2026 3:00 PM  Main: Cleared, would be Blocked. "
        "Approval for 96910 would be required (acme/light#nbuvb); now it is not required (acme/light#nbuvb)."
    )
    assert lines[2].endswith(
        "Approval for 96910 would be not required (acme/light#nbuvb); now it is required (acme/light#nbuvb)."
    )
    assert lines[3] == "2 more visits keep their verdict but rest on another rule or finding."


def test_a_change_without_another_need_names_the_checks():
    line = LineTurn(
        0, "96910", Badge.CLEARED, Badge.AT_RISK, ASKED, ASKED, (CheckTurn(Check.SPACING, None, Result.WARN),)
    )
    turn = VisitTurn(
        VISIT.visit_id, "V-1", VISIT.patient_id, "Main", VISIT.starts_at, Badge.CLEARED, Badge.AT_RISK, (line,)
    )
    (_sum, said) = impact_sentences(told(turn))
    assert said.endswith(
        "96910: the check of limits does not apply now and then is to be looked at under acme/light#nbuvb."
    )


def test_nothing_that_decides_is_said_so():
    assert summary(told(payers=())) == (
        "No rule that decides differs from those in force; no visit and no case would change."
    )


def test_the_object_holds_before_and_after_of_every_line():
    (visit,) = impact_object(told(VISIT, cases=(CASE,)))["visits"]
    assert (visit["visit_id"], visit["badge_before"], visit["badge_after"]) == ("V-1", "cleared", "blocked")
    (line,) = visit["lines"]
    assert line["checks"] == [{"id": "approval", "before": None, "after": "fail"}]
    assert (line["need_before"], line["need_after"]) == ("not_required", "required")


def test_checks_turn_by_their_results_and_not_by_other_findings_of_one_result():
    before = (Reason.RULE_UNKNOWN, Reason.APPROVAL_NONE)
    after = (Reason.RULE_UNMET,)
    assert check_turns(before, after) == (CheckTurn(Check.APPROVAL, Result.FAIL, None),)
