"""How long does an approval carry the care that is planned? Walks visits through units, limits and dates."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from uuid import UUID

from app.authorizations.facts import Authorization
from app.deadlines.rules.ledger import Dating, Enough, Ledger, dating, in_turn
from app.schedule.facts import ServiceLine, Visit, VisitStatus
from app.values.fact import choices, fact
from app.values.spans import Duration, days_before


@fact
class Fit:
    """An approval that may stand for a line, days and counts aside.

    `items` are the places of the items that the line may fall under; `warns` counts the findings that warn.
    """

    approval: Authorization
    items: tuple[int, ...]
    warns: int = 0


@fact
class Planned:
    """One line of a visit, booked, done or thought of, with the approvals that may stand for it.

    `further` holds the same for each further coverage of the day, whose approval gives its units too. `over`: with the
    lines before it, it is over a firm limit of the payer's rule.
    """

    visit: Visit
    line: ServiceLine
    fits: tuple[Fit, ...]
    further: tuple[tuple[Fit, ...], ...] = ()
    over: bool = False


@choices
class Why(StrEnum):
    """Why a visit is not carried."""

    UNITS = "units"
    AFTER = "after"  # the approval has ended
    BEFORE = "before"  # it has not begun
    DATES = "dates"  # its begin or end is not known
    LIMIT = "limit"  # over a firm limit of the rule


@fact
class Held:
    """The approval that carries a line, the item that it falls under, and what that had left before it."""

    approval: Authorization
    item: int | None
    left: int | None


@fact
class Step:
    """One line on the walk: what carries it (None: nothing does), and what its item has left after it."""

    planned: Planned
    held: Held | None
    left_after: int | None = None


@dataclass(frozen=True, slots=True)
class Walk:
    """All lines of a patient, walked in order of time, and what they took."""

    steps: list[Step] = field(default_factory=list)
    ledger: Ledger = field(default_factory=Ledger)


@fact
class Stop:
    """A visit on the walk: its id and day, why it is not carried (None: it is), and the items that it falls under."""

    visit_id: UUID
    day: date
    why: Why | None
    items: tuple[int, ...]


@fact
class RunOut:
    """How long an approval, and whatever goes on where it stops, carries the planned visits from today on.

    `last_covered` is the last visit before the first that is not carried (`first_short`); None where there is none.
    `turn` is the day on which the approval stops carrying care, and `ask_by` lies the lead before it; both None while
    nothing is short. `covered` and `short` count visits; `left` is what each item of the approval has left after all.
    """

    last_covered: Stop | None
    first_short: Stop | None
    turn: date | None
    ask_by: date | None
    covered: int
    short: int
    left: tuple[int | None, ...]


def walk(planned: Iterable[Planned]) -> Walk:
    """Let lines take their units one after the other, exactly as judging does.

    Takes     all lines of one patient, in order of start, visit id and row.
    """
    walked = Walk()
    ledger = walked.ledger
    for one in planned:
        held = _chosen(one.fits, one, ledger)
        walked.steps.append(Step(one, held, ledger.take(held, one) if held is not None else None))
        for fits in one.further:
            second = _chosen(fits, one, ledger)
            if second is not None:
                ledger.take(second, one)
    return walked


def run_out(approval: Authorization, walked: Walk, lead: Duration, today: date) -> RunOut:
    """Tell how long an approval carries the planned care, and by when to ask for more.

    Takes     a granted approval; the walk of all lines of its patient (`walk`), visits thought of among them; the lead
              time; the day.
    Returns   what the walk says of the booked visits from today on for which the approval may stand. A visit that
              another approval carries is covered; one of several lines is short if one of them is.
    Source    verdict contract, `renewal`: the lead is counted back from the end, or from the line that takes the last
              unit, whichever comes first.
    """
    stops = _stops(approval, walked.steps, today)
    first = next((stop for stop in stops if stop.why is not None), None)
    before = stops[: stops.index(first)] if first is not None else stops
    last = before[-1] if before else None
    turn = _turn(approval, last, first, walked.ledger) if first is not None else None
    short = sum(stop.why is not None for stop in stops)
    return RunOut(
        last_covered=last,
        first_short=first,
        turn=turn,
        ask_by=days_before(turn, lead) if turn is not None else None,
        covered=len(stops) - short,
        short=short,
        left=tuple(walked.ledger.left(approval, place) for place in range(len(approval.items))),
    )


def _chosen(fits: Iterable[Fit], one: Planned, ledger: Ledger) -> Held | None:
    """Of the approvals that carry a line, the one that judging chooses: fewest warnings, then the order of turns."""
    best: tuple[object, ...] | None = None
    chosen: Held | None = None
    for fit in fits:
        if dating(fit.approval, one.visit.day) is not Dating.INSIDE:
            continue
        held = Held(fit.approval, *ledger.fullest(fit.approval, fit.items, one))
        enough = ledger.enough(held, one)
        if enough is Enough.TOO_FEW:
            continue
        order = (fit.warns + (enough is Enough.CROWDED), *in_turn(fit.approval))
        if best is None or order < best:
            best, chosen = order, held
    return chosen


def _stops(approval: Authorization, steps: Iterable[Step], today: date) -> list[Stop]:
    """The booked visits from today on for which the approval may stand, in order of time, each by its worst line."""
    stops: dict[UUID, Stop] = {}
    for step in steps:
        visit = step.planned.visit
        if visit.status is not VisitStatus.BOOKED or visit.day < today:
            continue
        mine = next((fit for fit in step.planned.fits if fit.approval.id == approval.id), None)
        known = stops.get(visit.id)
        if mine is not None and (known is None or known.why is None):
            stops[visit.id] = Stop(visit.id, visit.day, _why(approval, step), mine.items)
    return list(stops.values())


def _why(approval: Authorization, step: Step) -> Why | None:
    if step.held is None:
        return _OF_DATES[dating(approval, step.planned.visit.day)]
    return Why.LIMIT if step.planned.over else None


_OF_DATES = {Dating.INSIDE: Why.UNITS, Dating.AFTER: Why.AFTER, Dating.BEFORE: Why.BEFORE, Dating.MISSING: Why.DATES}


def _turn(approval: Authorization, last: Stop | None, first: Stop, ledger: Ledger) -> date:
    """The day on which the approval stops carrying care: its end, or the visit that takes its last unit.

    Where a visit needs more than is left, or is over a limit, that is the last visit before it.
    """
    if first.why in (Why.BEFORE, Why.DATES):
        return first.day
    taken = (ledger.last_unit.get((approval.id, item)) for item in first.items)
    turns = [day for day in (approval.ends, *taken) if day is not None and day <= first.day]
    if first.why is not Why.AFTER:
        turns.append(last.day if last is not None else first.day)
    return min(turns)
