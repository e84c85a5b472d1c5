"""Which needs for approval an answer settles for its patient: EB11 of procedures, and coverage-information of CRD."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from app.coverage.facts import NetworkAnswer, PlanBenefit
from app.eligibility.rules.plans import ACTIVE
from app.policies.facts.answers import Need
from app.policies.rules.routine import usual_end_of_answer
from app.values.insurance import Known

PROCEDURES = frozenset(("HC", "CJ"))
SAYS_OTHERWISE = frozenset("678IEV")
"""EB01 of rows by which a service is not to be had: inactive, not covered, excluded, not processed."""
NOT_COVERED = frozenset("IE")

CRD_NEEDS = {"no-auth": Need.NOT_REQUIRED, "auth-needed": Need.REQUIRED, "performpa": Need.REQUIRED}


def needs_of(benefits: Iterable[PlanBenefit]) -> dict[str, Need]:
    """Tell for which codes an answer says whether approval is needed.

    Returns   `not_covered` where a row says of the code itself, without modifiers and not of what is out of network,
              that it is not covered, and none that it is active; `required` where any row of the code says so;
              `not_required` where every row of it says that none is needed, without modifiers and without saying that
              it is not covered; other codes are left out.
    """
    rows: dict[str, list[PlanBenefit]] = {}
    for one in benefits:
        if one.code is not None and one.code_qualifier in PROCEDURES:
            rows.setdefault(one.code.upper(), []).append(one)
    found = {}
    for code, theirs in rows.items():
        if any(map(_not_covered, theirs)) and not any(one.info in ACTIVE for one in theirs):
            found[code] = Need.NOT_COVERED
        elif any(one.authorization is Known.YES for one in theirs):
            found[code] = Need.REQUIRED
        elif all(_needs_none(one) for one in theirs):
            found[code] = Need.NOT_REQUIRED
    return found


def _not_covered(one: PlanBenefit) -> bool:
    return one.info in NOT_COVERED and not one.modifiers and one.network is not NetworkAnswer.OUT


def _needs_none(one: PlanBenefit) -> bool:
    return one.authorization is Known.NO and not one.modifiers and one.info not in SAYS_OTHERWISE


def crd_need(information: Mapping[str, Any]) -> Need | None:
    """Tell what one coverage-information says of the need for approval; None where it settles nothing.

    Conditional and indeterminate settle nothing, nor does a need that is satisfied: that is an approval, not an answer.
    """
    if information.get("covered") == "not-covered":
        return Need.NOT_COVERED
    need = CRD_NEEDS.get(str(information.get("pa_needed")))
    if need is Need.NOT_REQUIRED and information.get("covered") not in ("covered", None):
        return None
    if need is Need.NOT_REQUIRED and information.get("info_needed"):
        return None
    return need


def answer_ends(said_on: date, expires: date | None = None) -> date:
    """The last day of an answer: 90 days on, never past 31 December, nor past the day that the payer gives."""
    usual = usual_end_of_answer(said_on)
    return min(usual, expires) if expires is not None else usual
