"""A visit on another day: would it still be carried, on which days, and what else would it break?"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import StrEnum
from uuid import UUID
from zoneinfo import ZoneInfo

from app.clearance.facts.reasons import Badge, Reason, Result
from app.clearance.facts.turns import Turn
from app.clearance.facts.verdicts import LineVerdict, PatientFile, Surroundings
from app.clearance.rules.badges import badge_of_visit
from app.clearance.rules.judge import judge
from app.deadlines.rules.calendar import is_business_day
from app.schedule.facts import Visit, VisitStatus
from app.values.spans import add_months

HORIZON_MONTHS = 12
_CHECK_AGAIN = frozenset(
    {
        Reason.COVERAGE_NEVER_CHECKED,
        Reason.COVERAGE_ANSWER_UNKNOWN,
        Reason.COVERAGE_CHECK_STALE,
        Reason.COVERAGE_PERIOD_TURNED,
        Reason.COVERAGE_CHECK_OLD,
    }
)
"""Findings that a fresh eligibility check settles: another day stands but for them."""


class Carried(StrEnum):
    """Whether a visit could go ahead on a day: yes, once the coverage is checked again, or no."""

    YES = "yes"
    ONCE_CHECKED = "once_checked"
    NO = "no"


@dataclass(frozen=True, slots=True)
class CoveredDay:
    """A day on which the visit could go ahead; `once_checked`: when the coverage has been checked again."""

    day: date
    once_checked: bool


@dataclass(frozen=True, slots=True)
class Tried:
    """A visit judged on another day: its lines there, whether it is carried, and the other visits that would turn."""

    day: date
    lines: tuple[LineVerdict, ...]
    carried: Carried
    turned: tuple[Turn, ...]


@dataclass(frozen=True, slots=True)
class Days:
    """The latest day covered and the next one after the booked day; None: there is none until `horizon`.

    `open`: the visit is covered on the horizon too, so that no latest day is known.
    """

    latest: CoveredDay | None
    next: CoveredDay | None
    horizon: date
    open: bool


def moved_to(visit: Visit, day: date, zone: ZoneInfo) -> Visit:
    """Put a visit on another day, at the same time of day at its site."""
    local = visit.starts_at.astimezone(zone)
    starts = datetime.combine(day, local.time(), zone)
    return replace(visit, day=day, starts_at=starts.astimezone(visit.starts_at.tzinfo))


def with_moved(file: PatientFile, visit_id: UUID, day: date, zone: ZoneInfo) -> PatientFile:
    """A patient's file in which one visit lies on another day."""
    visits = tuple(moved_to(one, day, zone) if one.id == visit_id else one for one in file.visits)
    return replace(file, visits=visits)


def carried_by(lines: Iterable[LineVerdict]) -> Carried:
    """Say whether a visit could go ahead as its lines were judged."""
    open_ = {one for line in lines for one in line.reasons if one.result in (Result.FAIL, Result.UNKNOWN)}
    if not open_:
        return Carried.YES
    return Carried.ONCE_CHECKED if open_ <= _CHECK_AGAIN else Carried.NO


def try_day(file: PatientFile, visit_id: UUID, day: date, zone: ZoneInfo, around: Surroundings) -> Tried:
    """Judge a patient with one visit on another day.

    Takes     the file without canceled visits; the visit; the day; the zone of its site; the surroundings of today.
    """
    before = _by_visit(judge(file, around).lines)
    after = _by_visit(judge(with_moved(file, visit_id, day, zone), around).lines)
    lines = after.pop(visit_id)
    turned = [_turn(before[one], found) for one, found in after.items()]
    shown = [one for one in turned if one.before is not one.after and _is_ahead(one.visit, around.as_of)]
    return Tried(day, lines, carried_by(lines), tuple(shown))


def days_of(
    file: PatientFile,
    visit: Visit,
    zone: ZoneInfo,
    around: Surroundings,
    turns: Iterable[date] = (),
    is_open: Callable[[date], bool] = is_business_day,
) -> Days:
    """Find the latest day on which a visit could go ahead, and the next business day after the day that it is booked.

    Takes     the file without canceled visits; the visit; its site's zone; the surroundings of today; days on which the
              payers' rules turn; which days are looked at for the next one.
    Returns   days from today until a year after today or the booked day, whichever is later. Every other visit stays
              where it is; those before the visit in time take their units first.
    """
    horizon = add_months(max(around.as_of, visit.day), HORIZON_MONTHS)
    search = _Search(file, visit, zone, around)
    stretches = list(_stretches(search.marks(turns), around.as_of, horizon))
    latest = search.first(day for first, last in reversed(stretches) for day in search.down(first, last))
    starts = [first for first, _last in stretches]
    after = (day for day in _days(visit.day + timedelta(days=1), horizon) if day >= around.as_of and is_open(day))
    following = search.first(day for day in after if search.on(_start(starts, day)) is not Carried.NO)
    return Days(latest, following, horizon, open=latest is not None and latest.day == horizon)


class _Search:
    """Judges a visit on many days, once for each stretch of days on which nothing turns."""

    def __init__(self, file: PatientFile, visit: Visit, zone: ZoneInfo, around: Surroundings) -> None:
        self.file, self.visit, self.zone, self.around = file, visit, zone, around
        self._known: dict[date, Carried] = {}

    def on(self, day: date) -> Carried:
        """Judge the visit on a day."""
        if day not in self._known:
            lines = judge(with_moved(self.file, self.visit.id, day, self.zone), self.around).lines
            self._known[day] = carried_by(line for line in lines if line.visit.id == self.visit.id)
        return self._known[day]

    def first(self, days: Iterable[date]) -> CoveredDay | None:
        """The first of some days on which the visit is carried."""
        found = next((day for day in days if self.on(day) is not Carried.NO), None)
        return CoveredDay(found, self.on(found) is Carried.ONCE_CHECKED) if found is not None else None

    def down(self, first: date, last: date) -> Iterator[date]:
        """The days of a stretch from the last down; none where its first day is not carried."""
        if self.on(first) is not Carried.NO:
            yield from (last - timedelta(days=number) for number in range((last - first).days + 1))

    def marks(self, turns: Iterable[date]) -> set[date]:
        """The first days of stretches: what begins on a day begins there, what ends on it ends the day after."""
        spans = [(row.begins, row.ends) for row in self.file.authorizations]
        spans += [(row.span.begins, row.span.ends) for row in self.file.coverages]
        spans += [(row.span.begins, row.span.ends) for row in self.file.answers]
        found = {first for first, _last in spans if first is not None}
        found |= {last + timedelta(days=1) for _first, last in spans if last is not None and last < date.max}
        found |= set(turns)
        for other in self.file.visits:
            if other.id != self.visit.id:
                found |= {other.day, other.day + timedelta(days=1)} | set(self._limits(other.day))
        return found

    def _limits(self, day: date) -> Iterator[date]:
        """The days on which a limit's week, month or year around another visit begins or is over."""
        for limit in self._rules_limits():
            for sign in (-1, 1):
                if limit[1] in ("month", "year"):
                    months = limit[0] * (12 if limit[1] == "year" else 1)
                    edge = add_months(day, sign * months)
                    yield from (edge + timedelta(days=shift) for shift in (-1, 0, 1))
                else:
                    days = limit[0] * (7 if limit[1] == "week" else 1)
                    yield from (day + timedelta(days=sign * days + shift) for shift in (0, 1))

    def _rules_limits(self) -> set[tuple[int, str]]:
        lines = judge(self.file, self.around).lines
        stated = [one.requirement.limits for one in lines if one.requirement is not None]
        return {(limit.every, limit.period) for limits in stated for limit in limits if limit.counts is not None}


def _stretches(marks: Iterable[date], first: date, last: date) -> Iterator[tuple[date, date]]:
    """Cut the days from first to last at the marks: first and last day of each stretch, in order."""
    starts = sorted({first, *(mark for mark in marks if first < mark <= last)})
    ends = [*(start - timedelta(days=1) for start in starts[1:]), last]
    return zip(starts, ends, strict=True)


def _start(starts: Sequence[date], day: date) -> date:
    return max(start for start in starts if start <= day)


def _days(first: date, last: date) -> Iterator[date]:
    return (first + timedelta(days=number) for number in range((last - first).days + 1))


def _by_visit(lines: Iterable[LineVerdict]) -> dict[UUID, tuple[LineVerdict, ...]]:
    found: dict[UUID, tuple[LineVerdict, ...]] = {}
    for line in lines:
        found[line.visit.id] = (*found.get(line.visit.id, ()), line)
    return found


def _turn(before: tuple[LineVerdict, ...], after: tuple[LineVerdict, ...]) -> Turn:
    return Turn(after[0].visit, _badge(before), _badge(after), after)


def _badge(lines: tuple[LineVerdict, ...]) -> Badge:
    return badge_of_visit([line.badge for line in lines])


def _is_ahead(visit: Visit, as_of: date) -> bool:
    return visit.status is VisitStatus.BOOKED and visit.day >= as_of
