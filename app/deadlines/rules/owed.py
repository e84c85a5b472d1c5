"""What is owed on a case: an answer by the payer; information, a call and an appeal by us."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from app.deadlines.facts import (
    AT_ONCE,
    BY_LETTER,
    About,
    AppealLevel,
    Basis,
    BasisKind,
    Clears,
    Deadline,
    Information,
    PeerToPeer,
    Reason,
    Step,
)
from app.deadlines.rules.calendar import add_business_days, end_of_day, local_time, zone_of
from app.deadlines.rules.making import MORNING, day_steps, deadline, stamp


@dataclass(frozen=True, slots=True)
class Waiting:
    """A request that the payer has not decided: when it must, or by its own target will, and by whose rule.

    `due_on` and `due_at` None: there is neither a limit nor a target that we know. `received_on` None: no day on which
    it was sent is on file.
    """

    about: About
    received_on: date | None
    basis: Basis
    due_on: date | None = None
    due_at: datetime | None = None


CHASE_DAYS = (2, 5, 10)
"""Business days after a limit or target on which the payer is asked again."""
UNLIMITED_DAYS = (5, 10, 20)
"""Business days after the receipt, where neither a limit nor a target is known."""
APPEAL_DAYS = (30, 7, 2)
LAST_DAY = timedelta(hours=24)
LAST = datetime.max.replace(tzinfo=UTC)
_BY_LAW = frozenset({BasisKind.FEDERAL, BasisKind.STATE})


def answer_owed(waiting: Waiting) -> Deadline:
    """When the payer must have answered, and when to ask again.

    Takes     a request that is with the payer, its limit worked out (`rules/legal.py`); not one that is paused.
    Returns   steps: the limit or target has passed, then 2, 5 and 10 business days after it; where neither is known, 5,
              10 and 20 business days after the receipt; without a receipt one at once: find out when it was sent. A
              limit of the law is `missed`, a target only `over`.
    """
    return deadline(
        waiting.about,
        Reason.ANSWER_OWED,
        Clears.ANSWERED,
        waiting.basis,
        _answer_steps(waiting),
        due_on=waiting.due_on,
        due_at=waiting.due_at,
    )


def _answer_steps(waiting: Waiting) -> list[Step]:
    zone, received = zone_of(waiting.about.zone), waiting.received_on
    limit = waiting.due_at or (None if waiting.due_on is None else end_of_day(waiting.due_on, zone))
    if limit is not None:
        name = waiting.due_on.isoformat() if waiting.due_on is not None else stamp(limit, zone)
        told = Step(f"{name}-{'missed' if waiting.basis.kind in _BY_LAW else 'over'}", limit)
        return [told, *_chase(name, waiting.due_on or limit.astimezone(zone).date(), CHASE_DAYS, zone)]
    if received is None:
        return [Step("no-receipt", AT_ONCE)]
    return _chase(f"{received.isoformat()}-no-limit", received, UNLIMITED_DAYS, zone)


def _chase(name: str, first: date, business_days: Sequence[int], zone: ZoneInfo) -> list[Step]:
    return [
        Step(f"{name}-chase-{days}b", local_time(add_business_days(first, days), MORNING, zone))
        for days in business_days
    ]


def information_owed(about: About, requests: Sequence[Information]) -> Deadline | None:
    """When we must have sent what the payer asked for.

    Takes     the requests for information of one authorization.
    Returns   for each that is open: steps at half of its time, 24 hours before its end, and when it is overdue; a
              request without a day is told at once, and again after 2, 5 and 10 business days, since the payer's
              patience is not known. Due is the first that is open. None: nothing is open.
    """
    still = [one for one in requests if one.answered_at is None]
    if not still:
        return None
    zone = zone_of(about.zone)
    first = min(still, key=lambda one: _end(one, zone) or LAST)
    return deadline(
        about,
        Reason.INFORMATION_OWED,
        Clears.INFORMATION_SENT,
        Basis(BasisKind.PAYER),
        {step.name: step for one in still for step in _information_steps(one, zone)}.values(),
        due_on=first.due_on,
        due_at=first.due_at,
        urgent=True,
    )


def _end(one: Information, zone: ZoneInfo) -> datetime | None:
    return one.due_at or (None if one.due_on is None else end_of_day(one.due_on, zone))


def _information_steps(one: Information, zone: ZoneInfo) -> list[Step]:
    end = _end(one, zone)
    if end is None:
        return _without_day(one, zone)
    name = one.due_on.isoformat() if one.due_on is not None else stamp(end, zone)
    return [
        Step(f"{name}-half", one.asked_at + (end - one.asked_at) / 2),
        Step(f"{name}-24h", end - LAST_DAY),
        Step(f"{name}-overdue", end),
    ]


def _without_day(one: Information, zone: ZoneInfo) -> list[Step]:
    if one.asked_at == AT_ONCE:
        return [Step("asked-no-date", AT_ONCE)]
    asked = one.asked_at.astimezone(zone).date()
    name = f"{asked.isoformat()}-asked"
    return [Step(name, one.asked_at), *_chase(name, asked, CHASE_DAYS, zone)]


def peer_to_peer(about: About, calls: Sequence[PeerToPeer], now: datetime) -> Deadline | None:
    """Until when the call between physicians can be held: told at once when it is offered, and 24 hours before the end.

    Takes     the offered calls of one authorization; the time (UTC).
    Returns   a deadline of the open call that closes first; None: none is open, all are held or closed.
    """
    zone = zone_of(about.zone)
    still = [one for one in calls if one.held_at is None and now < one.closes_at]
    first = min(still, key=lambda one: one.closes_at, default=None)
    if first is None:
        return None
    steps: dict[str, Step] = {}
    for one in still:
        name = stamp(one.closes_at, zone)
        steps[f"{name}-offered"] = Step(f"{name}-offered", one.offered_at)
        if one.closes_at - LAST_DAY > one.offered_at:
            steps[f"{name}-24h"] = Step(f"{name}-24h", one.closes_at - LAST_DAY)
    return deadline(
        about,
        Reason.PEER_TO_PEER,
        Clears.CALL_HELD,
        Basis(BasisKind.PAYER),
        steps.values(),
        due_at=first.closes_at,
        urgent=True,
        again_at=first.closes_at,
    )


def appeal_window(
    about: About, levels: Sequence[AppealLevel], now: datetime, basis: Basis = BY_LETTER
) -> Deadline | None:
    """Until when an appeal can be filed: told 30, 7 and 2 days before the last day of each level's own window.

    Takes     the levels of appeal of one authorization that were opened; the time (UTC); by whose rule the windows
              run, the payer's letter where a person recorded them.
    Returns   a deadline of the open level whose window ends first, with the steps of all that are open; None: none is
              open. A window is open through its last day in the zone.
    """
    zone = zone_of(about.zone)
    still = [
        one
        for one in levels
        if one.filed_on is None and one.decided_on is None and now < end_of_day(one.window_ends, zone)
    ]
    first = min(still, key=lambda one: (one.window_ends, one.level), default=None)
    if first is None:
        return None
    return deadline(
        about,
        Reason.APPEAL,
        Clears.APPEAL_FILED,
        basis,
        [step for one in still for step in day_steps(one.window_ends, APPEAL_DAYS, zone, f"level-{one.level}")],
        due_on=first.window_ends,
        urgent=True,
        counts={"level": first.level},
        again_at=end_of_day(first.window_ends, zone),
    )
