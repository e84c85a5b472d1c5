"""Units in order of time: what each approval has left after the lines before this one took theirs.

The one definition of how units are counted: judging a visit, the run-out of an approval and what the desk shows of it
all walk with this ledger.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Protocol
from uuid import UUID

from app.authorizations.facts import Authorization, Counting, Item
from app.schedule.facts import ServiceLine, Visit, VisitStatus
from app.values.fact import choices

ItemKey = tuple[UUID, int]
"""One item of an approval: the approval's id and the item's place in it; -1: of no item."""


class Taking(Protocol):
    """A line of a visit that may take units."""

    @property
    def visit(self) -> Visit:
        """Its visit."""

    @property
    def line(self) -> ServiceLine:
        """The line itself."""


class Holding(Protocol):
    """An approval chosen for a line: the item that the line falls under, and what that had left before it."""

    @property
    def approval(self) -> Authorization:
        """The approval."""

    @property
    def item(self) -> int | None:
        """The place of the item; None: the line falls under none."""

    @property
    def left(self) -> int | None:
        """Whole units or visits left before the line; None: not counted."""


@choices
class Dating(StrEnum):
    """How a day lies to an approval's span, both ends included."""

    INSIDE = "inside"
    BEFORE = "before"
    AFTER = "after"
    MISSING = "missing"


@choices
class Enough(StrEnum):
    """Whether an item has what a line needs. `single`, `crowded`: it has no count, which is enough for one line."""

    ENOUGH = "enough"
    TOO_FEW = "too_few"
    NOT_COUNTED = "not_counted"
    SINGLE = "single"
    CROWDED = "crowded"


@dataclass(slots=True)
class Ledger:
    """What lines took so far: units and visits by item; by approval the lines on items that have no count."""

    units: dict[ItemKey, int] = field(default_factory=dict)
    visits: dict[ItemKey, set[UUID]] = field(default_factory=dict)
    lines: dict[UUID, int] = field(default_factory=dict)
    last_unit: dict[ItemKey, date] = field(default_factory=dict)

    def left(self, approval: Authorization, index: int, asked: Taking | None = None) -> int | None:
        """Count what one item has left: for a line, whose visit counts once, or for whoever comes next.

        Returns   whole units or visits, never below 0; None when the item is not counted or its count is not known.
        """
        item = approval.items[index]
        if item.count is None or item.counting not in (Counting.UNITS, Counting.VISITS):
            return None
        key = (approval.id, index)
        taken = self.units.get(key, 0) if item.counting is Counting.UNITS else len(self._others(key, asked))
        return max(0, item.count - (item.used or 0) - taken)

    def _others(self, key: ItemKey, asked: Taking | None) -> set[UUID]:
        taken = self.visits.get(key, set())
        return taken if asked is None else taken - {asked.visit.id}

    def needed(self, approval: Authorization, index: int, asked: Taking) -> int:
        """What a line needs of an item: its units, or one visit."""
        return 1 if approval.items[index].counting is Counting.VISITS else asked.line.units

    def crowds(self, approval: Authorization, asked: Taking) -> bool:
        """Say whether a line would be more than the one line for which an approval without a count suffices."""
        booked = self.lines.get(approval.id, 0)
        return booked > 1 or (booked == 1 and takes_units(asked, approval, None))

    def fullest(self, approval: Authorization, indexes: Sequence[int], asked: Taking) -> tuple[int | None, int | None]:
        """Find the item with most left among those that a line may fall under: its place, and what it has left."""
        best: int | None = None
        most: int | None = None
        for index in indexes:
            left = self.left(approval, index, asked)
            if best is None or (most is not None and (left is None or left > most)):
                best, most = index, left
        return best, most

    def enough(self, held: Holding, asked: Taking) -> Enough:
        """Say whether the item that was found has enough for a line."""
        approval = held.approval
        item: Item | None = None if held.item is None else approval.items[held.item]
        if item is not None and item.counting is Counting.NOT_COUNTED:
            return Enough.NOT_COUNTED
        if item is None or held.item is None or held.left is None:
            return Enough.CROWDED if self.crowds(approval, asked) else Enough.SINGLE
        if already_counted(asked, approval, item.used) or held.left >= self.needed(approval, held.item, asked):
            return Enough.ENOUGH
        return Enough.TOO_FEW

    def take(self, held: Holding, asked: Taking) -> int | None:
        """Take a line's units from its chosen approval. Returns what is left after it; None when not counted."""
        approval, index = held.approval, held.item
        key = (approval.id, -1 if index is None else index)
        item = None if index is None else approval.items[index]
        gives = takes_units(asked, approval, None if item is None else item.used)
        if gives and (item is None or item.counting is Counting.UNKNOWN):
            self.lines[approval.id] = self.lines.get(approval.id, 0) + 1
        if index is None or held.left is None:
            return None
        needed = self.needed(approval, index, asked)
        if not gives:
            return max(0, held.left - (0 if asked.visit.status is VisitStatus.DONE else needed))
        if approval.items[index].counting is Counting.VISITS:
            self.visits.setdefault(key, set()).add(asked.visit.id)
        else:
            self.units[key] = self.units.get(key, 0) + needed
        left = held.left - needed
        if left <= 0:
            self.last_unit.setdefault(key, asked.visit.day)
        return max(0, left)


def already_counted(asked: Taking, approval: Authorization, used: int | None) -> bool:
    """Say whether a done line is already in the count of used units that the file states.

    Source    verdict contract: where `used` is given it counts up to `used_on`; done lines to that day count once.
    """
    if asked.visit.status is not VisitStatus.DONE or used is None or approval.used_on is None:
        return False
    return asked.visit.day <= approval.used_on


def takes_units(asked: Taking, approval: Authorization, used: int | None) -> bool:
    """Say whether a line takes units: booked, or done and not yet in the count of used units."""
    if asked.visit.status is VisitStatus.BOOKED:
        return True
    return asked.visit.status is VisitStatus.DONE and not already_counted(asked, approval, used)


def dating(approval: Authorization, day: date) -> Dating:
    """Say how a day lies to an approval's span; an end that is not known is missing unless the payer said none."""
    if approval.begins is not None and day < approval.begins:
        return Dating.BEFORE
    if approval.ends is not None and day > approval.ends:
        return Dating.AFTER
    if approval.begins is None or (approval.ends is None and not approval.no_end):
        return Dating.MISSING
    return Dating.INSIDE


Turn = tuple[date, date, str, str]


def in_turn(approval: Authorization) -> Turn:
    """The order among approvals that fit equally well: which ends first (no end last), begins first, lowest number."""
    number = approval.number or approval.reference or "\uffff"
    return (approval.ends or date.max, approval.begins or date.min, number, approval.id.hex)
