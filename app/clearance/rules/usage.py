"""Count what the lines of a patient took from an approval, as judging gave it to them."""

from collections.abc import Iterable, Sequence
from datetime import date

from app.authorizations.facts import Authorization, Counting, Status
from app.clearance.facts.reasons import CHECK_ORDER, Check, Result
from app.clearance.facts.usage import ApprovalUse, ItemUse, Mark, Tick
from app.clearance.facts.verdicts import LineVerdict
from app.clearance.rules.candidates import KINDS
from app.clearance.rules.renewal import LEAD
from app.schedule.facts import VisitStatus
from app.values.spans import days_before

_GRANTED = frozenset({Status.APPROVED, Status.PARTLY_APPROVED})
_OF_APPROVAL = frozenset(list(Check)[CHECK_ORDER[Check.APPROVAL] : CHECK_ORDER[Check.DRUG] + 1])
_COUNTED = frozenset({Counting.UNITS, Counting.VISITS})
_WORSE = {Mark.USED: 0, Mark.BOOKED: 1, Mark.OUTSIDE: 2}


def is_shown(approval: Authorization, uses: bool, today: date) -> bool:
    """Say whether an approval is worth a strip: granted, and not ended unless a visit is still held against it."""
    if approval.status not in _GRANTED or approval.kind not in KINDS:
        return False
    return uses or approval.ends is None or approval.ends >= today


def is_counted(approval: Authorization) -> bool:
    """Say whether an approval counts units or visits in any of its items."""
    return any(item.counting in _COUNTED and item.count is not None for item in approval.items)


def holds(line: LineVerdict) -> bool:
    """Say whether the approval that was held against a line covers it: every finding on it passes or warns."""
    if line.chosen is None:
        return False
    return all(one.result in (Result.PASS, Result.WARN) for one in line.reasons if one.check in _OF_APPROVAL)


def use_of(approval: Authorization, lines: Iterable[LineVerdict], today: date) -> ApprovalUse:
    """Count what lines took from an approval.

    Takes     an approval as it stands; the judged lines of its patient, of visits of any status, in order of time.
    Returns   by item what is used (as stated, and by done visits since), booked and free; its visits as ticks.
    """
    mine = [one for one in lines if one.chosen is not None and one.chosen.id == approval.id]
    booked = [one for one in mine if one.visit.status is VisitStatus.BOOKED]
    done = [one for one in mine if one.visit.status is VisitStatus.DONE and holds(one)]
    short = [one for one in booked if not holds(one)]
    held = [one for one in booked if holds(one)]
    return ApprovalUse(
        approval=approval,
        items=tuple(_item(approval, place, done, held, short) for place in range(len(approval.items))),
        ticks=_ticks(done, held, short),
        first_short=next((one for one in short if one.visit.day >= today), None),
        renewal=_renewal(approval, mine),
    )


def _item(
    approval: Authorization,
    place: int,
    done: Sequence[LineVerdict],
    held: Sequence[LineVerdict],
    short: Sequence[LineVerdict],
) -> ItemUse:
    item = approval.items[place]
    since = [one for one in done if item.used is None or not _in_the_count(approval, one)]
    used = (item.used or 0) + _taken(approval, place, since)
    return ItemUse(item, used, _taken(approval, place, held), _taken(approval, place, short))


def _in_the_count(approval: Authorization, one: LineVerdict) -> bool:
    """Say whether a done line is already in the count of used units that the file states."""
    return approval.used_on is not None and one.visit.day <= approval.used_on


def _taken(approval: Authorization, place: int, lines: Sequence[LineVerdict]) -> int:
    mine = [one for one in lines if place_of(approval, one) == place]
    if approval.items[place].counting is Counting.VISITS:
        return len({one.visit.id for one in mine})
    return sum(one.line.units for one in mine)


def place_of(approval: Authorization, line: LineVerdict) -> int | None:
    """Find the item that a line falls under: named, in its range, else the only one there is."""
    code = line.line.code or ""
    named = [place for place, item in enumerate(approval.items) if code in item.codes]
    ranged = [place for place, item in enumerate(approval.items) if item.names(code)]
    only = [0] if len(approval.items) == 1 else []
    return next(iter(named or ranged or only), None)


def _ticks(done: Sequence[LineVerdict], held: Sequence[LineVerdict], short: Sequence[LineVerdict]) -> tuple[Tick, ...]:
    found: dict[object, Tick] = {}
    for mark, lines in ((Mark.USED, done), (Mark.BOOKED, held), (Mark.OUTSIDE, short)):
        for one in lines:
            before = found.get(one.visit.id)
            if before is None or _WORSE[mark] > _WORSE[before.mark]:
                found[one.visit.id] = Tick(one.visit.id, one.visit.day, mark)
    return tuple(sorted(found.values(), key=lambda tick: (tick.day, tick.visit_id)))


def _renewal(approval: Authorization, lines: Sequence[LineVerdict]) -> date | None:
    """The day on which the lead time begins, by the rule of its lines, else 30 days before the end."""
    if approval.ends is None:
        return None
    leads = [one.requirement.renew_before for one in lines if one.requirement is not None]
    return days_before(approval.ends, next((lead for lead in leads if lead is not None), LEAD))
