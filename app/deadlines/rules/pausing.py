"""What it does to a clock when the payer asks for information: it stands still, or begins anew with the answer."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from app.deadlines.rules.calendar import add_business_days, due_after, end_of_day, is_business_day, start_of_day
from app.values.spans import Duration

_TICK = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class Pause:
    """The payer asked for information and, unless `answered_on` is None, we answered: days in the request's zone.

    `asked_at` and `answered_at` are the instants (UTC) where they are known.
    """

    asked_on: date
    answered_on: date | None = None
    asked_at: datetime | None = None
    answered_at: datetime | None = None


class Times(NamedTuple):
    """When something is due: with the end of a day, at an instant (UTC), or never (both None)."""

    due_on: date | None = None
    due_at: datetime | None = None


class _Gap(NamedTuple):
    """A pause that was answered, cut off where an earlier one had not ended: days, and the longest it may have been."""

    asked_on: date
    answered_on: date
    answered_at: datetime | None
    begins: datetime
    ends: datetime


def shifted(
    due: Times, pauses: Sequence[Pause], zone: ZoneInfo, length: Duration, *, anew: Duration | None
) -> Times | None:
    """Move a due time by the pauses.

    Takes     when it would be due; the pauses; the zone; the length that runs; `anew`: the length that begins with each
              answer, None: the clock only stands still while the payer waits.
    Returns   when it is due then; None while a question is open. A question after it was due, or an answer before its
              question, changes nothing.
    """
    until, until_on = datetime.min.replace(tzinfo=UTC), date.min
    for pause in sorted(pauses, key=lambda one: (one.asked_on, one.asked_at or start_of_day(one.asked_on, zone))):
        asked = pause.asked_at or start_of_day(pause.asked_on, zone)
        last = _last(due, zone)
        if last is None or asked > last:
            continue
        if pause.answered_on is None:
            return None
        ends = pause.answered_at or end_of_day(pause.answered_on, zone)
        if ends <= max(asked, until):
            continue
        begins_on = max(pause.asked_on, until_on)
        gap = _Gap(begins_on, pause.answered_on, pause.answered_at, max(asked, until), ends)
        due = _moved(due, gap, zone, length) if anew is None else _begun(due, gap, anew, zone)
        until, until_on = ends, pause.answered_on
    return due


def _last(due: Times, zone: ZoneInfo) -> datetime | None:
    """The last instant at which it is still in time."""
    if due.due_at is not None:
        return due.due_at
    return end_of_day(due.due_on, zone) - _TICK if due.due_on is not None else None


def _begun(due: Times, gap: _Gap, anew: Duration, zone: ZoneInfo) -> Times:
    """Begin again with the answer, and never end earlier for having been asked: nobody is called late too soon."""
    begun = Times(*due_after(gap.answered_at, gap.answered_on, anew, zone))
    return max(due, begun, key=lambda one: _last(one, zone) or datetime.min.replace(tzinfo=UTC))


def _moved(due: Times, gap: _Gap, zone: ZoneInfo, length: Duration) -> Times:
    """Later by the pause: business days by those that passed, other days by days, hours by the time itself."""
    if length.unit == "hour":
        if due.due_at is not None:
            return Times(due_at=due.due_at + (gap.ends - gap.begins))
        last = _last(due, zone)
        return Times((last + (gap.ends - gap.begins)).astimezone(zone).date()) if last is not None else due
    if due.due_on is None:
        return due
    if length.unit == "business_day":
        return Times(add_business_days(due.due_on, _business_days(gap.asked_on, gap.answered_on)))
    return Times(due.due_on + (gap.answered_on - gap.asked_on))


def _business_days(begins: date, ends: date) -> int:
    """The business days after one day, up to another."""
    days = (begins + timedelta(days=number) for number in range(1, (ends - begins).days + 1))
    return sum(map(is_business_day, days))
