"""Which visits hang on a case, and when their badges turned."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from app.clearance.facts.history import PastVerdict
from app.clearance.facts.opened import OpenedVisit
from app.clearance.facts.reasons import Badge


@dataclass(frozen=True, slots=True)
class Turned:
    """A visit's badge turned at an instant: what it was, and what it became. None: it is not known."""

    visit_id: UUID
    at: datetime
    before: Badge
    after: Badge | None


def linked(visits: Iterable[OpenedVisit], case_id: UUID) -> tuple[OpenedVisit, ...]:
    """The visits of which a line is held against a case, in the order given."""
    return tuple(one for one in visits if any(line.chosen and line.chosen.id == case_id for line in one.answer.lines))


def turned(past: Sequence[PastVerdict], now: Mapping[UUID, Badge]) -> tuple[Turned, ...]:
    """Tell when badges turned.

    Takes     verdicts that were shown and no longer are, the latest first; the badge that each visit shows now.
    Returns   the turns, the latest first; a verdict that was replaced by one with the same badge is none.
    """
    later: dict[UUID, Badge] = {}
    found = []
    for one in past:
        after = later.get(one.visit_id, now.get(one.visit_id))
        if after is not one.badge:
            found.append(Turned(one.visit_id, one.shown_until, one.badge, after))
        later[one.visit_id] = one.badge
    return tuple(found)
