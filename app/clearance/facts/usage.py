"""What an approval has given to visits, what is booked on it, and what falls outside it."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from uuid import UUID

from app.authorizations.facts import Authorization, Item
from app.clearance.facts.verdicts import LineVerdict


class Mark(StrEnum):
    """How a visit stands to an approval: done under it, booked on it, or booked and not covered by it."""

    USED = "used"
    BOOKED = "booked"
    OUTSIDE = "outside"


@dataclass(frozen=True, slots=True)
class Tick:
    """One visit on an approval; the worse mark where several of its lines are."""

    visit_id: UUID
    day: date
    mark: Mark


@dataclass(frozen=True, slots=True)
class ItemUse:
    """One item of an approval in whole units (or visits): used, booked, and what booked lines want beyond it."""

    item: Item
    used: int
    booked: int
    short: int

    @property
    def free(self) -> int | None:
        """What is left after the booked visits that it covers; never below 0; None where it is not counted."""
        return None if self.item.count is None else max(0, self.item.count - self.used - self.booked)


@dataclass(frozen=True, slots=True)
class ApprovalUse:
    """What became of one approval.

    `ticks` are its visits in order of time; `first_short` the first booked line, from today on, that was held against
    it and is not covered; `renewal` the first day on which a renewal should be asked for, None where no end is known.
    """

    approval: Authorization
    items: tuple[ItemUse, ...]
    ticks: tuple[Tick, ...]
    first_short: LineVerdict | None
    renewal: date | None
