"""Units in order of time: what each approval has left after the lines before this one took theirs."""

from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from app.authorizations.facts import Authorization, Counting
from app.clearance.facts.work import Asked, Assessment, ItemKey
from app.schedule.facts import VisitStatus


@dataclass(slots=True)
class Ledger:
    """What lines took so far: units and visits by item; by approval the lines on items that have no count."""

    units: dict[ItemKey, int] = field(default_factory=dict)
    visits: dict[ItemKey, set[UUID]] = field(default_factory=dict)
    lines: dict[UUID, int] = field(default_factory=dict)
    last_unit: dict[ItemKey, date] = field(default_factory=dict)

    def left(self, approval: Authorization, index: int, asked: Asked) -> int | None:
        """Count what one item has left for a line.

        Returns   whole units or visits, never below 0; None when the item is not counted or its count is not known.
        """
        item = approval.items[index]
        if item.count is None or item.counting not in (Counting.UNITS, Counting.VISITS):
            return None
        key = (approval.id, index)
        taken = self.units.get(key, 0) if item.counting is Counting.UNITS else len(self._others(key, asked))
        return max(0, item.count - (item.used or 0) - taken)

    def _others(self, key: ItemKey, asked: Asked) -> set[UUID]:
        return self.visits.get(key, set()) - {asked.visit.id}

    def needed(self, approval: Authorization, index: int, asked: Asked) -> int:
        """What a line needs of an item: its units, or one visit."""
        return 1 if approval.items[index].counting is Counting.VISITS else asked.line.units

    def crowds(self, approval: Authorization, asked: Asked) -> bool:
        """Say whether a line would be more than the one line for which an approval without a count suffices."""
        booked = self.lines.get(approval.id, 0)
        return booked > 1 or (booked == 1 and takes_units(asked, approval, None))

    def take(self, assessment: Assessment, asked: Asked) -> int | None:
        """Take a line's units from its chosen approval. Returns what is left after it; None when not counted."""
        approval, index = assessment.approval, assessment.item
        key = (approval.id, -1 if index is None else index)
        item = None if index is None else approval.items[index]
        gives = takes_units(asked, approval, None if item is None else item.used)
        if gives and (item is None or item.counting is Counting.UNKNOWN):
            self.lines[approval.id] = self.lines.get(approval.id, 0) + 1
        if index is None or assessment.left is None:
            return None
        needed = self.needed(approval, index, asked)
        if not gives:
            return max(0, assessment.left - (0 if asked.visit.status is VisitStatus.DONE else needed))
        if approval.items[index].counting is Counting.VISITS:
            self.visits.setdefault(key, set()).add(asked.visit.id)
        else:
            self.units[key] = self.units.get(key, 0) + needed
        left = assessment.left - needed
        if left <= 0:
            self.last_unit.setdefault(key, asked.visit.day)
        return max(0, left)


def already_counted(asked: Asked, approval: Authorization, used: int | None) -> bool:
    """Say whether a done line is already in the count of used units that the file states.

    Source    verdict contract: where `used` is given it counts up to `used_on`; done lines to that day count once.
    """
    if asked.visit.status is not VisitStatus.DONE or used is None or approval.used_on is None:
        return False
    return asked.visit.day <= approval.used_on


def takes_units(asked: Asked, approval: Authorization, used: int | None) -> bool:
    """Say whether a line takes units: booked, or done and not yet in the count of used units."""
    if asked.visit.status is VisitStatus.BOOKED:
        return True
    return asked.visit.status is VisitStatus.DONE and not already_counted(asked, approval, used)
