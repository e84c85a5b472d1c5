"""The units of an approval run low."""

from datetime import datetime

from app.deadlines.facts import AT_ONCE, Approval, Basis, BasisKind, Clears, Count, Deadline, Reason, Step
from app.deadlines.rules.calendar import end_of_day, zone_of
from app.deadlines.rules.making import deadline

FEW = 5


def units_low(approval: Approval, now: datetime) -> Deadline | None:
    """Tell that few units are left, or that more are booked than are left.

    Takes     a granted approval with its counted items; the time (UTC).
    Returns   a deadline of the item that is worst off: first one of which more is booked than left, then the one with
              fewest left. Steps `5-left-of-36` and `short-2026-12-11-of-36` (the first visit that will be short), told
              at once: what makes them true has no instant of its own. Added units make other steps. An item of 5 or
              fewer from the start is low only when more is booked than left: else each single approval would be told.
              None: neither, or the approval has ended; or a later one goes on and no visit is short.
    """
    zone = zone_of(approval.about.zone)
    if approval.ends is not None and now >= end_of_day(approval.ends, zone):
        return None
    low = [one for one in approval.counts if _short(one) or (_few(one) and not approval.continued)]
    if not low:
        return None
    worst = min(low, key=lambda one: (not _short(one), one.left - one.booked, one.left))
    return deadline(
        approval.about,
        Reason.UNITS_LOW,
        Clears.UNITS_ADDED,
        Basis(BasisKind.PAYER),
        _steps(worst),
        due_on=worst.first_short or worst.run_out,
        counts={"units_left": worst.left, "units_total": worst.total, "units_booked": worst.booked},
        again_at=None if approval.ends is None else end_of_day(approval.ends, zone),
    )


def _short(count: Count) -> bool:
    return count.booked > count.left


def _few(count: Count) -> bool:
    return count.total > FEW >= count.left and (count.left > 0 or count.booked > 0)


def _steps(count: Count) -> list[Step]:
    steps = [Step(f"{FEW}-left-of-{count.total}", AT_ONCE)] if _few(count) else []
    if _short(count):
        first = "" if count.first_short is None else f"-{count.first_short.isoformat()}"
        steps.append(Step(f"short{first}-of-{count.total}", AT_ONCE))
    return steps
