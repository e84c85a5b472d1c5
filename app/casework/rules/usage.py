"""What an approval has given to visits, what is booked on it, what is free, and where it will fall short."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from app.authorizations.facts import Authorization, Counting, Item
from app.clearance.facts.reasons import Check, Result
from app.clearance.facts.verdicts import LineVerdict
from app.schedule.facts import VisitStatus

HELD_BY = (
    Check.APPROVAL, Check.PLAN, Check.CODE, Check.DATES, Check.UNITS, Check.DIAGNOSIS, Check.PROVIDER, Check.PLACE,
    Check.CHANNEL, Check.DRUG,
)  # fmt: skip
"""The checks that hold an approval against a line."""


@dataclass(frozen=True, slots=True)
class ItemUse:
    """One item of an approval, in whole units (or visits); `free` None where it is not counted."""

    item: Item
    used: int
    booked: int

    @property
    def free(self) -> int | None:
        """What is left after the booked visits that it covers; never below 0."""
        return None if self.item.count is None else max(0, self.item.count - self.used - self.booked)


@dataclass(frozen=True, slots=True)
class Use:
    """What became of one approval: its items, the booked lines it covers, and those it was held against in vain."""

    items: tuple[ItemUse, ...]
    covered: tuple[LineVerdict, ...]
    short: tuple[LineVerdict, ...]


def holds(verdict: LineVerdict) -> bool:
    """Say whether the approval that was held against a line covers it: every finding on it passes or warns."""
    if verdict.chosen is None:
        return False
    return all(reason.result in (Result.PASS, Result.WARN) for reason in verdict.reasons if reason.check in HELD_BY)


def use_of(approval: Authorization, verdicts: Iterable[LineVerdict]) -> Use:
    """Count what lines took from an approval.

    Takes     an approval as it stands; the judged lines of its patient in order of time.
    Returns   units used (stated, and of done visits since), booked and free; the booked lines it covers, and those
              that were held against it and not covered.
    """
    mine = [one for one in verdicts if one.chosen is not None and one.chosen.id == approval.id]
    booked = [one for one in mine if one.visit.status is VisitStatus.BOOKED]
    covered = tuple(one for one in booked if holds(one))
    done = [one for one in mine if one.visit.status is VisitStatus.DONE and holds(one)]
    return Use(
        items=tuple(_item_use(approval, place, covered, done) for place in range(len(approval.items))),
        covered=covered,
        short=tuple(one for one in booked if not holds(one)),
    )


def _item_use(
    approval: Authorization, place: int, covered: Sequence[LineVerdict], done: Sequence[LineVerdict]
) -> ItemUse:
    item = approval.items[place]
    counted = [one for one in done if not _in_the_count(approval, item, one)]
    used = (item.used or 0) + _taken(approval, place, counted)
    return ItemUse(item, used, _taken(approval, place, covered))


def _in_the_count(approval: Authorization, item: Item, one: LineVerdict) -> bool:
    return item.used is not None and approval.used_on is not None and one.visit.day <= approval.used_on


def _taken(approval: Authorization, place: int, lines: Sequence[LineVerdict]) -> int:
    mine = [one for one in lines if place_of(approval, one) == place]
    if approval.items[place].counting is Counting.VISITS:
        return len({one.visit.id for one in mine})
    return sum(one.line.units for one in mine)


def place_of(approval: Authorization, verdict: LineVerdict) -> int | None:
    """Find the item that a line falls under: named, in its range, else the only one there is."""
    code = verdict.line.code or ""
    named = [place for place, item in enumerate(approval.items) if code in item.codes]
    ranged = [place for place, item in enumerate(approval.items) if item.names(code)]
    only = [0] if len(approval.items) == 1 else []
    return next(iter(named or ranged or only), None)
