"""What an answer changes on the coverage that it is about."""

from datetime import date
from typing import Any

from app.coverage.facts import Answered, CheckResult, CoverageRecord, EligibilityCheck, PlanFacts
from app.eligibility.facts.checks import PlanAnswer
from app.eligibility.rules.answers import names_person
from app.values.members import same_member

RESULTS = {
    Answered.ACTIVE: CheckResult.ACTIVE,
    Answered.INACTIVE: CheckResult.INACTIVE,
    Answered.UNKNOWN: CheckResult.UNKNOWN,
}


def changes_of_answer(
    old: CoverageRecord, answer: PlanAnswer, answered_on: date, before: EligibilityCheck | None, reference: str | None
) -> dict[str, Any]:
    """List the new values of a coverage, by the field names of CoverageRecord.

    Takes     the coverage; the answer, the newest of it; the day for which it counts; the last check before it that
              got an answer; what the answer is called.
    Returns   nothing where the plan could not be asked, so that an earlier answer goes on being what is known; but
              `unknown` where the plan says that it does not know this patient.
    """
    said: dict[str, Any] = {"checked_on": answered_on, "source": "271", "reference": reference}
    if answer.outcome.result is Answered.NOT_ASKED:
        return said | {"result": CheckResult.UNKNOWN} if names_person(answer.outcome.why) else {}
    plan = answer.plan
    changes = said | {
        "result": RESULTS[answer.outcome.result],
        "other_primary": plan.other_primary,
        "other_payer": plan.other_payer if plan.other_primary else None,
    }
    return changes | _span(old, answer, answered_on) | _of_plan(old, answer, before)


def _span(old: CoverageRecord, answer: PlanAnswer, answered_on: date) -> dict[str, Any]:
    """The days of the coverage.

    A begin is written where none is on file or where the plan begins after the day asked about; plans also call the
    first day of each year a begin. An end is written as told; one on file that an active answer disproves goes.
    """
    changes: dict[str, Any] = {}
    plan, day = answer.plan, answer.service_day or answered_on
    if plan.begins is not None and (old.begins is None or plan.begins > max(day, old.begins)):
        changes["begins"] = plan.begins
    begins = changes.get("begins", old.begins)
    if plan.ends is not None and (begins is None or plan.ends >= begins):
        changes["ends"] = plan.ends
    elif answer.outcome.result is Answered.ACTIVE and plan.ends is None and old.ends is not None and old.ends < day:
        changes["ends"] = None
    ends = changes.get("ends", old.ends)
    if begins is not None and ends is not None and ends < begins:
        changes.pop("begins", None)
    return changes


def _of_plan(old: CoverageRecord, answer: PlanAnswer, before: EligibilityCheck | None) -> dict[str, Any]:
    """Plan, group, member and network, where the answer tells them.

    A name of the plan is written where none is on file, or where two answers name two plans: the practice's own name of
    a plan, on which rules and participation rest, is not the payer's way to write it.
    """
    plan, changes = answer.plan, dict[str, Any]()
    if plan.plan is not None and (old.plan is None or _another_plan(before, plan)):
        changes["plan"] = plan.plan
    if plan.group_number is not None and folded(plan.group_number) != folded(old.group_number):
        changes["group_number"] = plan.group_number
    if plan.member_id is not None and not same_member(plan.member_id, old.member_id):
        changes["member_id"] = plan.member_id
    if answer.plan_kind is not None and old.plan_kind is None:
        changes["plan_kind"] = answer.plan_kind
    if answer.network is not None:
        changes["network"] = answer.network
    if answer.referral is not None:
        changes["referral_required"] = answer.referral
    return changes


def _another_plan(before: EligibilityCheck | None, plan: PlanFacts) -> bool:
    return before is not None and before.plan.plan is not None and folded(before.plan.plan) != folded(plan.plan)


def folded(text: str | None) -> str:
    """Fold a name or number for comparing: letters and digits, without case."""
    return "".join(sign for sign in (text or "").casefold() if sign.isalnum())
