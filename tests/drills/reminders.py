"""One approval, one person, one clock that is swept now and then: what is told, and what should have been.

`told` runs the program's own rules over the sweeps; `expected` works the same out with the almanac alone.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from random import Random
from typing import NamedTuple

from app.alerts.facts.people import Person
from app.alerts.rules.people import may_tell_at
from app.alerts.rules.reaching import due_step, still_told
from app.deadlines.facts import About, Approval, Deadline, Reason, Step
from app.deadlines.rules.ends import approval_ends
from app.practice.facts.staff import Role
from app.values.spans import Duration
from tests.drills import almanac
from tests.drills.almanac import DAY, HOUR
from tests.support import make

MINUTE = 60
MORNING = 8 * HOUR
AHEAD = (60, 30, 14, 7, 1)
ZONES = tuple(almanac.OFFSETS)
TURNS = tuple(
    day
    for year in (2026, 2027, 2028)
    for day in (
        almanac.nth(year, 3, 6, 2), almanac.nth(year, 11, 6, 1), almanac.day_number(year, 12, 31),
        almanac.day_number(year, 3, 1) - 1, almanac.day_number(year, 1, 1),
    )
)  # fmt: skip
"""Days around which calendars go wrong: both changes of the clock, ends of years, ends of February."""
QUIET = ((19, 7), (19, 7), (19, 7), (22, 6), (21.5, 2.5), (1.5, 7), (0, 6), (12, 12), (20, 1.5))
"""Quiet hours from and until: the default more often; hours that a change of the clock skips or doubles; none."""


class Told(NamedTuple):
    """A reminder: its step, when the sweep reached it, and when the message of it went."""

    step: str
    reached: int
    sent: int


@dataclass(frozen=True)
class Case:
    """One approval (its last day and lead time), one person, and the instants of the sweeps in the order they ran.

    `calm`: there was a sweep within a minute of every instant that matters.
    """

    zone: str
    ends: int
    lead: int | None
    visits_after: int
    own_zone: str
    quiet: tuple[float, float]
    weekends: bool
    sweeps: tuple[int, ...]
    calm: bool


@dataclass(frozen=True)
class Design:
    """How deadlines are made and which step is due: the program's own way, or a bad one that must be caught."""

    deadline: Callable[[Approval, datetime], Deadline | None] = approval_ends
    due: Callable[[Deadline, str | None, datetime], Step | None] = due_step


def _by_utc_days(approval: Approval, now: datetime) -> Deadline | None:
    return approval_ends(replace(approval, about=replace(approval.about, zone="UTC")), now)


def _by_window(deadline: Deadline, told: str | None, now: datetime) -> Step | None:
    return next((step for step in deadline.steps if now - timedelta(minutes=1) < step.tell_at <= now), None)


DESIGNS = {
    "ours": Design(),
    "utc-days": Design(deadline=_by_utc_days),
    "cron-window": Design(due=_by_window),
}
"""`utc-days` counts days in UTC; `cron-window` looks for what came due within the last minute."""


def draw(dice: Random) -> Case:
    """Draw one case."""
    ends = dice.choice(TURNS) + dice.choice((0, 0, 1, -1, 1, 7, 14, 30, 60, dice.randrange(-40, 40)))
    zone = dice.choice(ZONES)
    drawn = Case(
        zone=zone,
        ends=ends,
        lead=dice.choice((None, None, 21, 45, 90)),
        visits_after=dice.choice((0, 1, 3)),
        own_zone=zone if dice.random() < 0.7 else dice.choice(ZONES),
        quiet=dice.choice(QUIET),
        weekends=dice.random() < 0.8,
        sweeps=(),
        calm=dice.random() < 0.4,
    )
    return replace(drawn, sweeps=tuple(_sweeps(drawn, dice)))


def steps_of(case: Case) -> list[tuple[int, str]]:
    """The steps of a case and their instants, by the almanac."""
    ahead = {*AHEAD, case.lead} if case.lead else set(AHEAD)
    found = [(almanac.instant_of(case.zone, case.ends - days, MORNING), f"{days}d") for days in ahead]
    if case.visits_after:
        found.append((almanac.instant_of(case.zone, case.ends + 1, 0), "ended"))
    return sorted((instant, f"{almanac.iso(case.ends)}-{name}") for instant, name in found)


def is_quiet(case: Case, instant: int) -> bool:
    """Whether it is quiet for the person of a case, by the almanac."""
    begins, ends = (int(hour * HOUR) for hour in case.quiet)
    return almanac.is_quiet(case.own_zone, instant, begins, ends, case.weekends)


def told(case: Case, design: Design) -> list[Told]:
    """What the rules tell: at each sweep the step that is due is noted, and all that waits goes when it may."""
    person, approval = _person(case), _approval(case)
    last: str | None = None
    waiting: list[tuple[str, int]] = []
    found = []
    for second in case.sweeps:
        now = datetime.fromtimestamp(second, UTC)
        deadline = design.deadline(approval, now)
        if deadline is None:
            waiting = []
            continue
        last = still_told(deadline, last)
        step = design.due(deadline, last, now)
        if step is not None:
            last = step.name
            waiting.append((step.name, second))
        if waiting and may_tell_at(person, Reason.APPROVAL_ENDS, False, now) <= now:
            found += [Told(name, reached, second) for name, reached in waiting]
            waiting = []
    return found


def expected(case: Case) -> list[Told]:
    """What should be told, by the almanac."""
    steps = steps_of(case)
    over = almanac.instant_of(case.zone, case.ends + 1, 0)
    last = -1
    waiting: list[tuple[str, int]] = []
    found = []
    for second in case.sweeps:
        if second >= over and not case.visits_after:
            waiting = []
            continue
        reached = max((place for place, (instant, _) in enumerate(steps) if instant <= second), default=-1)
        if reached > last:
            last = reached
            waiting.append((steps[reached][1], second))
        if waiting and not is_quiet(case, second):
            found += [Told(name, at, second) for name, at in waiting]
            waiting = []
    return found


def faults(case: Case, found: list[Told]) -> Iterator[str]:
    """What is wrong with what was told, whatever was expected: names of faults."""
    over = almanac.instant_of(case.zone, case.ends + 1, 0)
    names = [one.step for one in found]
    if len(set(names)) < len(names):
        yield "doubled"
    if any(one.step.endswith("ended") and almanac.shown(case.zone, one.reached)[0] <= case.ends for one in found):
        yield "early_ended"
    if any(one.step.endswith("ended") and one.reached < over for one in found):
        yield "early_ended"
    if any(is_quiet(case, one.sent) for one in found):
        yield "quiet"
    if case.calm:
        days = {name: almanac.shown(case.zone, instant)[0] for instant, name in steps_of(case)}
        due = [name for instant, name in steps_of(case) if case.sweeps[0] < instant]
        late = [one for one in found if one.step in due and almanac.shown(case.zone, one.reached)[0] != days[one.step]]
        if late:
            yield "other_day"
        if case.visits_after and set(due) - set(names):
            yield "lost"


def _person(case: Case) -> Person:
    quiet_from, quiet_until = ((datetime(2000, 1, 1) + timedelta(hours=hour)).time() for hour in case.quiet)
    return Person(
        make.an_id(7), "A person", "a@example.test", frozenset({Role.COORDINATOR}), case.own_zone,
        quiet_from=quiet_from, quiet_until=quiet_until, quiet_weekends=case.weekends,
    )  # fmt: skip


def _approval(case: Case) -> Approval:
    ends = date(1970, 1, 1) + timedelta(days=case.ends)
    return Approval(
        About(make.an_id(8), case.zone),
        ends,
        visits_after=case.visits_after,
        last_after=ends + timedelta(days=40) if case.visits_after else None,
        series=True,
        lead=Duration(case.lead, "day") if case.lead else None,
    )


def _sweeps(case: Case, dice: Random) -> Iterator[int]:
    """Sweeps around every instant that matters and now and then between; with downtime and jumps unless calm."""
    begins = (case.ends - dice.choice((100, 100, 75, 35, 10, 3))) * DAY + dice.randrange(DAY)
    until = (case.ends + 10) * DAY
    phase = dice.randrange(MINUTE)
    matter = {instant for instant, _ in steps_of(case)}
    matter |= {case.ends * DAY, (case.ends + 1) * DAY, almanac.instant_of(case.zone, case.ends, 20 * HOUR)}
    near = {_minute(instant, phase) + shift for instant in matter for shift in (-MINUTE, 0, MINUTE, 12 * HOUR)}
    near |= set(_ends_of_quiet(case, phase, matter))
    near |= {_minute(dice.randrange(begins, until), phase) for _ in range(12)}
    times = sorted(second for second in {*near, begins, until} if begins <= second <= until)
    if case.calm:
        yield from times
        return
    for _ in range(dice.choice((1, 2, 4))):
        down = dice.choice(sorted(matter)) - dice.randrange(3 * DAY)
        up = down + dice.choice((HOUR, 10 * HOUR, DAY, 4 * DAY, 20 * DAY))
        times = [second for second in times if not down <= second < up]
    for second in times:
        yield second
        if dice.random() < 0.05:
            yield from (second - back for back in (dice.choice((HOUR, DAY, 40 * DAY)), MINUTE))


def _minute(instant: int, phase: int) -> int:
    """The first sweep of each minute's at or after an instant."""
    return instant + (phase - instant) % MINUTE


def _ends_of_quiet(case: Case, phase: int, matter: set[int]) -> Iterator[int]:
    """Sweeps around the first moment at which it is not quiet any more after each instant that matters."""
    for instant in matter:
        first = next((at for at in range(instant, instant + 4 * DAY, HOUR // 2) if not is_quiet(case, at)), instant)
        yield from (_minute(first, phase) + shift for shift in (-MINUTE, 0, HOUR // 2))
