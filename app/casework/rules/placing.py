"""In which queues a case stands, on which day it is due, and when time alone moves it."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from app.authorizations.facts import UNSENT, Authorization, Item, Kind, Status
from app.authorizations.rules.moves import GRANTED, OPEN
from app.casework.facts.casebook import NO_DAY, Listed, Queue, case_code
from app.coverage.facts import CheckResult, Coverage
from app.deadlines.facts import Case

_WITH_PAYER = frozenset({Status.SUBMITTED, Status.IN_APPEAL})
_GOES_ON = frozenset({Kind.RENEWAL, Kind.EXTENSION})
_NOTHING_CAME = frozenset({Status.WITHDRAWN, Status.VOIDED, Status.DISMISSED})
_COURSE = 4
"""An approval of so many units or visits is of care that goes on; one of fewer is of something done once."""
DENIAL_LASTS = timedelta(days=180)
"""How long a denial is work, where no window of appeal is on file: the longest that laws and plans usually give."""


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of one case.

    `case` is what was recorded for its clocks; `next_action`: one is on file, due on `next_on`; `asked_provider`: a
    provider was asked and has not answered; `units_low`: few are left, or more are booked than left; `siblings` are all
    authorizations of the patient.
    """

    row: Authorization
    case: Case
    today: date
    zone: ZoneInfo
    siblings: Sequence[Authorization] = ()
    coverages: Sequence[Coverage] = ()
    next_action: bool = False
    next_on: date | None = None
    asked_provider: bool = False
    units_low: bool = False
    snoozed_until: date | None = None


def is_open(row: Authorization, case: Case, today: date) -> bool:
    """Say whether a case is work: not decided yet, a yes without its number, or a denial that can still be fought."""
    if row.status in OPEN:
        return True
    if row.status is Status.DENIED:
        return _denial_is_open(row, case, today)
    return row.verbal and in_force(row, today)


def is_work(known: Known) -> bool:
    """Say whether a case is work by itself: open, and no denial that another link of its chain goes on from."""
    row = known.row
    return is_open(row, known.case, known.today) and not (row.status is Status.DENIED and followed(row, known.siblings))


def followed(row: Authorization, siblings: Iterable[Authorization]) -> bool:
    """Say whether a later link of its chain goes on from a case."""
    return any(one.parent_id == row.id and one.status not in _NOTHING_CAME for one in siblings)


def in_force(row: Authorization, today: date) -> bool:
    """Say whether an approval has not ended."""
    return row.status in GRANTED and (row.ends is None or row.no_end or row.ends >= today)


def _denial_is_open(row: Authorization, case: Case, today: date) -> bool:
    if case.appeals:
        return any(
            one.decided_on is None and (one.filed_on is not None or one.window_ends >= today) for one in case.appeals
        )
    return row.decided_on is None or row.decided_on + DENIAL_LASTS >= today


def due_of(known: Known) -> date | None:
    """The earliest day on which something of a case is due: what was agreed, asked for, offered, or runs out."""
    return min(_days(known), default=None)


def _days(known: Known) -> Iterator[date]:
    case = known.case
    if known.next_on is not None:
        yield known.next_on
    for asked in case.information:
        if asked.answered_at is None and (asked.due_on or asked.due_at):
            yield asked.due_on or asked.due_at.astimezone(known.zone).date()  # type: ignore[union-attr]
    yield from (one.closes_at.astimezone(known.zone).date() for one in case.peers if one.held_at is None)
    yield from (one.window_ends for one in case.appeals if one.filed_on is None and one.window_ends >= known.today)


def lacks_steering(known: Known) -> bool:
    """Say whether nobody owns a case, or nothing with a day is to be done next."""
    return known.case.owner_id is None or not known.next_action or known.next_on is None


def plan_changed(known: Known) -> bool:
    """Say whether none of the coverages that hold today is the one that a case was asked under.

    Without any coverage on file nothing is known to have changed.
    """
    row, today = known.row, known.today
    return bool(known.coverages) and not any(
        today in one.span and one.result is not CheckResult.INACTIVE and _same_plan(row, one) for one in known.coverages
    )


def _same_plan(row: Authorization, one: Coverage) -> bool:
    if row.payer != one.payer or (row.member is not None and not row.member.same_as(one.member)):
        return False
    return not (row.plan and one.plan) or row.plan.casefold() == one.plan.casefold()


def continued(row: Authorization, siblings: Iterable[Authorization]) -> bool:
    """Say whether a later approval of the same payer names all that an approval names."""
    return any(
        one.status in GRANTED and one.payer == row.payer and _later(one, row) and _names_all(one, row)
        for one in siblings
    )


def _later(one: Authorization, row: Authorization) -> bool:
    if one.id == row.id or row.ends is None:
        return False
    return one.no_end or (one.ends is not None and (one.ends, one.id.int) > (row.ends, row.id.int))


def _names_all(one: Authorization, row: Authorization) -> bool:
    if row.drug is not None and one.drug == row.drug:
        return True
    return bool(row.items) and all(any(other.names(code) for other in one.items) for code in _codes(row.items))


def _codes(items: Iterable[Item]) -> Iterator[str]:
    for item in items:
        yield from item.codes
        if item.last is not None:
            yield item.last


def placed(known: Known) -> tuple[Listed, ...]:
    """Place one case.

    Returns   one row for each queue in which it stands. What is put aside says so in every row: the lists leave it out.
    """
    row, due = known.row, due_of(known) or NO_DAY
    work = is_work(known)
    found = {Queue.ALL: due if work else row.ends or NO_DAY}
    if work:
        found |= dict.fromkeys(_open_queues(known), due)
        if known.snoozed_until is not None and known.snoozed_until > known.today:
            found[Queue.SNOOZED] = known.snoozed_until
    if in_force(row, known.today):
        found |= _standing(known, due)
    if (work or in_force(row, known.today)) and plan_changed(known):
        found[Queue.PLAN] = due
    return tuple(_listed(known, queue, on) for queue, on in found.items())


def _open_queues(known: Known) -> Iterator[Queue]:
    row = known.row
    belongs = {
        Queue.OPEN: True,
        Queue.UNASSIGNED: known.case.owner_id is None,
        Queue.PAYER: row.status in _WITH_PAYER,
        Queue.INFO: row.status is Status.MORE_INFO,
        Queue.ADVERSE: row.status in (Status.DENIED, Status.IN_APPEAL),
        Queue.RETRO: row.kind is Kind.RETRO,
        Queue.RENEWAL: row.kind in _GOES_ON and row.status in UNSENT,
        Queue.PROVIDER: known.asked_provider,
        Queue.DEFECT: lacks_steering(known),
    }
    yield from (queue for queue, holds in belongs.items() if holds)


def _standing(known: Known, due: date) -> dict[Queue, date]:
    row = known.row
    found = {}
    if row.ends is not None and not row.no_end and not continued(row, known.siblings):
        found[Queue.ENDING] = row.ends
        if _goes_on(row) and not followed(row, known.siblings):
            found[Queue.RENEWAL] = row.ends
    if known.units_low:
        found[Queue.UNITS] = row.ends or due
    return found


def _goes_on(row: Authorization) -> bool:
    """Say whether an approval is of care that goes on: a drug, or a course of several treatments."""
    return row.drug is not None or row.ndc is not None or any((item.count or 0) >= _COURSE for item in row.items)


def _listed(known: Known, queue: Queue, due: date) -> Listed:
    row, first = known.row, queue is Queue.ALL
    return Listed(
        row.id,
        row.patient_id,
        queue,
        due,
        row.status,
        row.payer,
        known.case.owner_id,
        None if queue is Queue.SNOOZED else known.snoozed_until,
        case_code(row.id)[2:] if first else None,
        again_on(known) if first else None,
    )


def again_on(known: Known) -> date | None:
    """The first day after today on which the calendar alone may move a case; None: none."""
    return min((one for one in _turns(known) if one > known.today), default=None)


def _turns(known: Known) -> Iterator[date]:
    row, day = known.row, timedelta(days=1)
    if row.status in GRANTED and row.ends is not None and row.ends < date.max:  # payers write 12/31/9999 for no end
        yield row.ends + day
    if row.status is Status.DENIED and row.decided_on is not None:
        yield row.decided_on + DENIAL_LASTS + day
    yield from (one.window_ends + day for one in known.case.appeals)
    if known.snoozed_until is not None:
        yield known.snoozed_until
    if is_work(known) or in_force(row, known.today):
        for one in known.coverages:
            last = one.span.ends
            over = last + day if last is not None and last < date.max else None
            yield from (on for on in (one.span.begins, over) if on is not None)
