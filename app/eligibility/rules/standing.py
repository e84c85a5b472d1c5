"""How the coverage of a visit stands, and when its plan is asked next."""

from datetime import date, timedelta

from app.coverage.facts import Answered, CheckResult, Coverage, EligibilityCheck
from app.eligibility.facts.asking import OPEN, WITHOUT_ANSWER, Ask
from app.eligibility.facts.listing import Standing
from app.eligibility.rules.asking import DAYS_BEFORE, waits_for_january


def standing_of(coverage: Coverage | None, day: date, last: EligibilityCheck | None, ask: Ask | None) -> Standing:
    """Say how the coverage of a day stands.

    Takes     the coverage of the day; the day of the visit; the last check that was not taken back; our last request.
    Returns   what counts first. What is not known is never active.
    """
    if coverage is None:
        return Standing.NO_COVERAGE
    if coverage.result is CheckResult.INACTIVE:
        return Standing.INACTIVE
    if day not in coverage.span:
        return Standing.NOT_OF_THE_DAY
    if could_not_ask(coverage, last, ask):
        return Standing.NOT_ASKED
    if coverage.checked_on is None or coverage.result is None:
        return Standing.NEVER
    if coverage.other_primary:
        return Standing.BEHIND
    return Standing.ACTIVE if coverage.result is CheckResult.ACTIVE else Standing.UNKNOWN


def could_not_ask(coverage: Coverage, last: EligibilityCheck | None, ask: Ask | None) -> bool:
    """Say whether the plan could not be asked since it answered last: it was rejected, or no answer came."""
    checked = coverage.checked_on
    if last is not None and last.result is Answered.NOT_ASKED and (checked is None or last.answered_on >= checked):
        return True
    return ask is not None and ask.state in WITHOUT_ANSWER and (checked is None or ask.asked_on > checked)


def next_ask(day: date, today: date, ask: Ask | None) -> date | None:
    """Find the day on which a plan is asked by itself about a visit; None: not any more, or an answer is awaited.

    Takes     the day of the visit, today, and our last request about its coverage.
    """
    if ask is not None and ask.state in OPEN:
        return None
    from_day = today + timedelta(days=1) if ask is not None and ask.asked_on >= today else today
    days = sorted(day - timedelta(days=before) for before in DAYS_BEFORE)
    return next((one for one in days if one >= from_day and not waits_for_january(day, one)), None)
