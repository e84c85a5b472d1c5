"""An approval's life bar and units strip: numbers for a drawing made on the server, and the same in words."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from app.authorizations.facts import Authorization, Counting
from app.clearance.facts.usage import ApprovalUse, ItemUse, Mark, Tick
from app.clearance.facts.verdicts import LineVerdict
from app.clearance.rules.usage import is_counted, is_shown, use_of
from app.clearance.views.context import called
from app.values.wording import counted, long_day, short_day

WIDTH, INSET = 400, 8  # the drawing's own units
MOST_CELLS = 60  # beyond that one cell stands for several units
NAMED = 12  # booked visits named one by one
_OPEN = timedelta(days=90)  # how far a bar without an end is drawn


@dataclass(frozen=True, slots=True)
class TickMark:
    """One visit on the bar: its place, what it is (used, booked, outside), and its day."""

    x: float
    mark: str
    day: str


@dataclass(frozen=True, slots=True)
class LifeBar:
    """The bar from begin to end, today and the renewal's start where they lie on it, and its visits as ticks."""

    label: str
    x: float
    width: float
    today: float | None
    renewal: float | None
    ticks: tuple[TickMark, ...]
    begins: str
    ends: str
    renewal_words: str | None


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell of the strip: its place and width, and used, booked, free or short."""

    x: float
    width: float
    mark: str


@dataclass(frozen=True, slots=True)
class UnitsStrip:
    """One counted item: its cells, and `96910/96912: 36 units approved, 22 used, 6 booked, 8 free.`"""

    label: str
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class BookedVisit:
    """One booked visit of an approval, in order of time."""

    visit_id: UUID
    day: str
    covered: bool


@dataclass(frozen=True, slots=True)
class ApprovalStrip:
    """All that is drawn of one approval; `first_short` names the first visit that it will not cover."""

    name: str
    payer: str
    bar: LifeBar
    strips: tuple[UnitsStrip, ...]
    booked: tuple[BookedVisit, ...]
    more: int
    first_short: str | None


def approval_strip(approval: Authorization, lines: Iterable[LineVerdict], today: date) -> ApprovalStrip:
    """Draw one approval.

    Takes     an approval; the judged lines of its patient, of visits of any status, in order of time; the day it is.
    """
    return drawn(use_of(approval, lines, today), today)


def approval_strips(
    approvals: Iterable[Authorization], lines: Sequence[LineVerdict], today: date
) -> tuple[ApprovalStrip, ...]:
    """Draw each counted approval of a patient that still runs or that a visit is held against, first to end first."""
    uses = [use_of(row, lines, today) for row in approvals if is_counted(row)]
    shown = [use for use in uses if is_shown(use.approval, any(_still(tick, today) for tick in use.ticks), today)]
    return tuple(drawn(use, today) for use in sorted(shown, key=_order))


def _still(tick: Tick, today: date) -> bool:
    return tick.mark is not Mark.USED and tick.day >= today


def _order(use: ApprovalUse) -> tuple[date, str]:
    return use.approval.ends or date.max, use.approval.id.hex


def drawn(use: ApprovalUse, today: date) -> ApprovalStrip:
    """Put what became of an approval into numbers and words."""
    booked = [tick for tick in use.ticks if tick.mark is not Mark.USED and tick.day >= today]
    short = use.first_short
    return ApprovalStrip(
        name=called(use.approval),
        payer=use.approval.payer_name,
        bar=_bar(use, today),
        strips=tuple(_strip(one) for one in use.items if one.item.count is not None),
        booked=tuple(BookedVisit(one.visit_id, long_day(one.day), one.mark is Mark.BOOKED) for one in booked[:NAMED]),
        more=max(0, len(booked) - NAMED),
        first_short=f"First visit that it will not cover: {long_day(short.visit.day)}." if short is not None else None,
    )


def _bar(use: ApprovalUse, today: date) -> LifeBar:
    row = use.approval
    days = [tick.day for tick in use.ticks]
    first = row.begins or min([*days, today])
    last = row.ends or max([*days, today, first]) + _OPEN
    scale = _Scale(min([first, *days]), max([last, *days]))
    renewal = use.renewal if use.renewal is not None and scale.holds(use.renewal) else None
    return LifeBar(
        label=bar_label(use),
        x=scale.at(first),
        width=round(scale.after(last) - scale.at(first), 1),
        today=scale.middle(today) if scale.holds(today) else None,
        renewal=scale.at(renewal) if renewal is not None else None,
        ticks=tuple(TickMark(scale.middle(tick.day), tick.mark.value, short_day(tick.day)) for tick in use.ticks),
        begins=short_day(row.begins) if row.begins else "Begin not known",
        ends=short_day(row.ends) if row.ends else "No end" if row.no_end else "End not known",
        renewal_words=f"Renewal starts {short_day(renewal)}" if renewal is not None else None,
    )


class _Scale:
    """Days on a line of `WIDTH`; both ends included."""

    def __init__(self, first: date, last: date) -> None:
        self._first, self._last = first, last
        self._step = (WIDTH - 2 * INSET) / ((last - first).days + 1)

    def holds(self, day: date) -> bool:
        return self._first <= day <= self._last

    def at(self, day: date) -> float:
        return round(INSET + (day - self._first).days * self._step, 1)

    def middle(self, day: date) -> float:
        return round(INSET + ((day - self._first).days + 0.5) * self._step, 1)

    def after(self, day: date) -> float:
        return round(INSET + ((day - self._first).days + 1) * self._step, 1)


def bar_label(use: ApprovalUse) -> str:
    """The bar in words: `36 visits 12/01/2026 to 05/31/2027; 22 used, 6 booked, 8 free.`"""
    row = use.approval
    begins = short_day(row.begins) if row.begins else "a day not known"
    ends = short_day(row.ends) if row.ends else "no end" if row.no_end else "a day not known"
    several = len(use.items) > 1
    said = "; ".join(f"{_codes(one)}: {_numbers(one)}" if several else _numbers(one) for one in use.items)
    outside = [tick for tick in use.ticks if tick.mark is Mark.OUTSIDE]
    not_covered = f"; {counted(len(outside), 'visit')} not covered" if outside else ""
    approved = [_approved(one) for one in use.items if one.item.count is not None]
    return f"{approved[0] + ' ' if len(use.items) == 1 and approved else ''}{begins} to {ends}; {said}{not_covered}."


def _codes(use: ItemUse) -> str:
    item = use.item
    return f"{item.codes[0]} to {item.last}" if item.last else "any code" if "*" in item.codes else "/".join(item.codes)


def _approved(use: ItemUse) -> str:
    return counted(use.item.count or 0, "visit" if use.item.counting is Counting.VISITS else "unit")


def _numbers(use: ItemUse) -> str:
    free = "not counted" if use.free is None else f"{use.free:,} free"
    return f"{use.used:,} used, {use.booked:,} booked, {free}"


def _strip(use: ItemUse) -> UnitsStrip:
    short = f", {use.short:,} booked that it does not cover" if use.short else ""
    label = f"{_codes(use)}: {_approved(use)} approved, {_numbers(use)}{short}."
    return UnitsStrip(label, tuple(_cells(use)))


def _cells(use: ItemUse) -> Iterable[Cell]:
    count = use.item.count or 0
    used = min(use.used, count)
    booked = min(use.booked, count - used)
    parts = [("used", used), ("booked", booked), ("free", count - used - booked), ("short", use.short)]
    total = sum(number for _mark, number in parts)
    room = WIDTH - 2 * INSET
    if total > MOST_CELLS:
        step = room / total
        blocks = [(mark, number, number * step) for mark, number in parts if number]
    else:
        step = min(room / max(total, 1), 18)
        blocks = [(mark, 1, step) for mark, number in parts for _ in range(number)]
    at = float(INSET)
    for mark, _number, width in blocks:
        yield Cell(round(at, 1), round(max(width - 1.5, 1), 1), mark)
        at += width
