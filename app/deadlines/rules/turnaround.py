"""How long does a payer take, and how long before an approval turns should more be asked for?"""

from collections.abc import Iterable
from datetime import date
from enum import StrEnum

from app.deadlines.rules.ends import LEAD
from app.values.fact import choices, fact
from app.values.spans import Duration

ENOUGH = 10
"""Decisions from which on a payer's own turnaround is believed."""
_PERCENT = 90


@fact
class Turnaround:
    """How many calendar days a payer took at most for nine of ten requests, and of how many decisions that is said."""

    days: int
    decisions: int


@choices
class Source(StrEnum):
    """Where a lead time comes from."""

    HISTORY = "history"  # the payer's own turnaround at this practice
    RULE = "rule"
    DEFAULT = "default"


@fact
class LeadTime:
    """How long before an approval turns more should be asked for, where that comes from, and of how many decisions."""

    length: Duration
    source: Source
    decisions: int = 0


def turnaround(decisions: Iterable[tuple[date | None, date | None]]) -> Turnaround | None:
    """Measure a payer by what it decided.

    Takes     for each request the day on which it was sent and that of its decision.
    Returns   the 90th percentile in calendar days, by nearest rank (the smallest number of days within which nine of
              ten were decided); None below 10 decisions of which both days are known and in order.
    """
    days = sorted((last - first).days for first, last in decisions if first and last and last >= first)
    if len(days) < ENOUGH:
        return None
    rank = -(-len(days) * _PERCENT // 100)
    return Turnaround(days[rank - 1], len(days))


def lead_time(measured: Turnaround | None, stated: Duration | None) -> LeadTime:
    """Choose the lead time: the payer's own turnaround where it is known, else the rule's, else 30 days."""
    if measured is not None:
        return LeadTime(Duration(measured.days, "calendar_day"), Source.HISTORY, measured.decisions)
    if stated is not None:
        return LeadTime(stated, Source.RULE)
    return LeadTime(LEAD, Source.DEFAULT)
