"""An approval ends, and its renewal should be asked for."""

from datetime import date, datetime, timedelta

from app.deadlines.facts import Approval, Basis, BasisKind, Clears, Deadline, Reason, Step
from app.deadlines.rules.calendar import end_of_day, local_time, zone_of
from app.deadlines.rules.making import MORNING, day_steps, deadline
from app.values.spans import Duration, days_before

DAYS_AHEAD = (60, 30, 14, 7, 1)
UNPLANNED_AHEAD = 14
LEAD = Duration(30, "day")
"""Counted where the payer's lead time is not known, as the verdict does."""


def approval_ends(approval: Approval, now: datetime) -> Deadline | None:
    """When and how often to tell that an approval ends.

    Takes     a granted approval; the time (UTC).
    Returns   steps 60, 30, 14, 7 and 1 days before its last day and the payer's lead time before it; with booked visits
              after it also `ended`, at the first instant after the last day in the zone, never earlier. With neither
              visits after it nor a series, care may well be over: one step at 14 days, no more. None: no end is known,
              a later approval goes on and no visit falls between, or it has ended and no visit falls after it.
    """
    if approval.ends is None or (approval.continued and not approval.visits_after):
        return None
    zone = zone_of(approval.about.zone)
    over = end_of_day(approval.ends, zone)
    if now >= over and not approval.visits_after:
        return None
    ahead: tuple[int, ...] = (UNPLANNED_AHEAD,)
    if approval.visits_after or approval.series:
        ahead = DAYS_AHEAD if approval.lead is None else (*DAYS_AHEAD, _lead_days(approval.ends, approval.lead))
    steps = day_steps(approval.ends, ahead, zone)
    if approval.visits_after:
        steps.append(Step(f"{approval.ends.isoformat()}-ended", over))
    last = approval.last_after
    return deadline(
        approval.about,
        Reason.APPROVAL_ENDS,
        Clears.RENEWED,
        Basis(BasisKind.PAYER),
        steps,
        due_on=approval.ends,
        counts={"visits_after": approval.visits_after},
        again_at=over if last is None or now < over else end_of_day(last, zone),
    )


def renewal_due(approval: Approval, now: datetime) -> Deadline | None:
    """When to ask the payer for a renewal.

    Takes     a granted approval; the time (UTC).
    Returns   a deadline on the day that lies the payer's lead time before the approval turns: before its end where care
              goes on, or before the visit that takes the last unit where more visits are booked, whichever is first.
              Told on that day, and once more half-way to the turn. None: asked already, continued, ended, or no care
              is planned beyond it.
    """
    turn, by_units = _turn(approval)
    if turn is None or approval.asked or (approval.ends is None and not by_units):
        return None
    zone = zone_of(approval.about.zone)
    if now >= end_of_day(turn, zone):
        return None
    ask = days_before(turn, approval.lead or LEAD)
    half = ask + (turn - ask) // 2
    steps = [Step(f"{ask.isoformat()}-ask", local_time(ask, MORNING, zone))]
    if half > ask:
        steps.append(Step(f"{ask.isoformat()}-half", local_time(half, MORNING, zone)))
    return deadline(
        approval.about,
        Reason.RENEWAL_DUE,
        Clears.ASKED,
        approval.lead_basis or Basis(BasisKind.PRACTICE),
        steps,
        due_on=ask,
        counts={
            "lead_days": (turn - ask).days,
            "visits_after": approval.visits_after,
            "by_units": int(by_units),
        },
        again_at=end_of_day(turn, zone),
    )


def _turn(approval: Approval) -> tuple[date | None, bool]:
    """The day on which the approval no longer carries planned care, and whether its units are why."""
    out = [count.run_out or count.first_short for count in approval.counts if count.booked > count.left]
    run_out = min((day for day in out if day is not None), default=None)
    gap = approval.visits_after > 0 or (approval.series and not approval.continued)
    end = approval.ends if gap else None
    if run_out is not None and (end is None or run_out < end):
        return run_out, True
    return end, False


def _lead_days(ends: date, lead: Duration) -> int:
    return (ends - days_before(ends, lead)) // timedelta(days=1)
