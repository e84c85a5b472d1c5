"""Until which day could a visit be moved and its line still hold on dates?"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from app.authorizations.facts import Status
from app.clearance.facts.reasons import Badge, Reason, Result
from app.clearance.facts.verdicts import LineVerdict
from app.coverage.facts import CheckResult
from app.policies.facts.answers import Need


class Ends(StrEnum):
    """What ends first."""

    APPROVAL = "approval"
    COVERAGE = "coverage"
    ANSWER = "answer"


@dataclass(frozen=True, slots=True)
class Latest:
    """The last day, and what ends on it."""

    day: date
    what: Ends


_DAY_ALONE = frozenset(
    {
        Reason.DATES_AFTER,
        Reason.DATES_BEFORE,
        Reason.COVERAGE_ENDED,
        Reason.COVERAGE_NOT_BEGUN,
        Reason.COVERAGE_NEVER_CHECKED,
        Reason.COVERAGE_ANSWER_UNKNOWN,
        Reason.COVERAGE_CHECK_STALE,
        Reason.COVERAGE_PERIOD_TURNED,
        Reason.COVERAGE_CHECK_OLD,
    }
)
"""Findings that another day, or a fresh eligibility check, may settle: they do not keep a line from being moved."""
_GRANTED = frozenset({Status.APPROVED, Status.PARTLY_APPROVED, Status.NOTIFIED})
_ASKED_OF_NOBODY = frozenset({None, Badge.SELF_PAY})


def latest_day(line: LineVerdict) -> date | None:
    """The last day to which the visit could move and this line would still hold on dates.

    Takes     a judged line, or one called back for a list (`recalling.recall`, with the ends of rules and answers).
    Returns   the first of: the end of the chosen approval, of the coverage of the day, and, where no approval is
              needed, of the practice rule or answer that says so. None: no end is known, insurance is not asked, or
              the line is stopped by something that no other day settles (`movable`). The day may lie in the past.
              Units, referrals and the network are not looked at: they are judged again once the visit is moved.
    """
    found = latest_end(line)
    return found.day if found is not None else None


def latest_end(line: LineVerdict) -> Latest | None:
    """Like `latest_day`, with what ends on it; of two that end on one day the approval is named."""
    if not movable(line):
        return None
    found = min(_ends(line), key=_day, default=None)
    return found if found is not None and _begun(line, found.day) else None


def latest_of_visit(lines: Sequence[LineVerdict]) -> Latest | None:
    """The last day of all lines of a visit: None where no end is known, or where one of them may not be moved at all.

    Lines that insurance is not asked about set no day.
    """
    asked = [line for line in lines if line.badge not in _ASKED_OF_NOBODY]
    if not all(movable(line) for line in asked):
        return None
    found = min((end for line in asked if (end := latest_end(line)) is not None), key=_day, default=None)
    return found if found is not None and all(_begun(line, found.day) for line in asked) else None


def movable(line: LineVerdict) -> bool:
    """Say whether another day may settle all that stops a line; False also where insurance is not asked."""
    if line.badge in _ASKED_OF_NOBODY:
        return False
    coverage = line.coverage
    if coverage is not None and (coverage.result is CheckResult.INACTIVE or coverage.other_primary):
        return False
    return not any(_stops(line.reasons))


def _stops(reasons: Iterable[Reason]) -> Iterator[Reason]:
    for reason in reasons:
        if reason.result in (Result.FAIL, Result.UNKNOWN) and reason not in _DAY_ALONE:
            yield reason


def _ends(line: LineVerdict) -> Iterator[Latest]:
    chosen, coverage, requirement = line.chosen, line.coverage, line.requirement
    held = chosen is not None and chosen.status in _GRANTED
    if held and chosen is not None and chosen.ends is not None:
        yield Latest(chosen.ends, Ends.APPROVAL)
    if coverage is not None and coverage.span.ends is not None:
        yield Latest(coverage.span.ends, Ends.COVERAGE)
    if not held and requirement is not None and requirement.until is not None and requirement.need in _SAY_SO:
        yield Latest(requirement.until, Ends.ANSWER)


_SAY_SO = frozenset({Need.NOT_REQUIRED, Need.VOLUNTARY, Need.NOTIFICATION})


def _day(end: Latest) -> date:
    return end.day


def _begun(line: LineVerdict, day: date) -> bool:
    """Say whether the approval and the coverage have begun by a day: two that never overlap leave no day at all."""
    begins = [line.chosen.begins if line.chosen is not None else None]
    begins.append(line.coverage.span.begins if line.coverage is not None else None)
    return all(first is None or first <= day for first in begins)
