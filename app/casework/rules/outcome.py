"""What an approval covers of the visits that are booked, and what it does not."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from app.clearance.facts.reasons import CHECK_ORDER, Check, Reason, Result
from app.clearance.facts.verdicts import LineVerdict
from app.clearance.rules.usage import holds
from app.policies.facts.answers import Need
from app.schedule.facts import VisitStatus

_ASKS = frozenset({Need.REQUIRED, Need.REQUIRED_WHEN_UNMET})
_OF_APPROVAL = frozenset(list(Check)[CHECK_ORDER[Check.APPROVAL] : CHECK_ORDER[Check.DRUG] + 1])


def stopped_by(verdict: LineVerdict) -> Reason:
    """The first finding that keeps the approval held against a line from covering it. The line is not held."""
    return next(
        one for one in verdict.reasons if one.check in _OF_APPROVAL and one.result in (Result.FAIL, Result.UNKNOWN)
    )


@dataclass(frozen=True, slots=True)
class Outcome:
    """The booked visits from a day on that ask for an approval.

    `visits` counts them; `covered` those of which this approval covers a line and no line is left open; `elsewhere`
    those that other approvals cover; `open` are the lines that no approval covers, in order of time.
    """

    visits: int
    covered: int
    elsewhere: int
    open: tuple[LineVerdict, ...]


def outcome_of(approval: UUID, verdicts: Iterable[LineVerdict], since: date) -> Outcome:
    """Say what an approval does for the visits to come.

    Takes     the id of an approval; the judged lines of its patient in order of time; the first day to look at.
    Returns   lines that need an approval, or were held against one, by visit. A line without either is left out: it
              asks for none, or nobody knows yet whether it does.
    """
    visits: dict[UUID, list[LineVerdict]] = {}
    for one in verdicts:
        if one.visit.status is VisitStatus.BOOKED and one.visit.day >= since and _asks(one):
            visits.setdefault(one.visit.id, []).append(one)
    whole = [lines for lines in visits.values() if all(holds(one) for one in lines)]
    covered = [lines for lines in whole if any(one.chosen is not None and one.chosen.id == approval for one in lines)]
    open_lines = tuple(one for lines in visits.values() for one in lines if not holds(one))
    return Outcome(len(visits), len(covered), len(whole) - len(covered), open_lines)


def wants_approval(one: LineVerdict) -> bool:
    """Say whether a line asks for an approval that it does not have."""
    return _asks(one) and not holds(one)


def _asks(one: LineVerdict) -> bool:
    if one.badge is None or one.requirement is None:
        return False
    return one.chosen is not None or one.requirement.need in _ASKS
