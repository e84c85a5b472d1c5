"""How far asking about a coverage for a plan year has come. Pure."""

from datetime import date

from app.coverage.facts import Answered, CheckResult
from app.eligibility.facts.asking import OPEN
from app.eligibility.facts.plan_year import YearState, YearVisit

TURNS_IN = 10
"""From this month on the year that is due is the next one."""


def year_due(today: date) -> int:
    """Name the plan year that is being checked: from October on the next one."""
    return today.year + 1 if today.month >= TURNS_IN else today.year


def state_of(one: YearVisit, year: int) -> YearState:
    """Say how far it has come.

    Takes     what is known of the first visit's coverage; the plan year.
    Returns   SAME only for a plain answer of that year that the plan is active and nothing of it turned. What is no
              plain answer, was refused, or has no coverage to ask about, is COULD_NOT: unknown is never shown as good.
    """
    if one.visit.coverage_id is None:
        return YearState.COULD_NOT
    answered = one.checked_on is not None and one.checked_on.year >= year and one.result is not None
    if one.last_check == Answered.NOT_ASKED.value:
        return YearState.ASKED if one.ask in OPEN else YearState.COULD_NOT
    if answered and one.result == CheckResult.ACTIVE.value:
        return YearState.CHANGED if one.turned or one.other_primary else YearState.SAME
    if answered:
        return YearState.CHANGED if one.result == CheckResult.INACTIVE.value else YearState.COULD_NOT
    if one.ask is None:
        return YearState.NOT_ASKED
    return YearState.ASKED if one.ask in OPEN else YearState.COULD_NOT
