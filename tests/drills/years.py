"""The calendar drill on a real database: the program's own watch, sweep and sender, on a clock that is moved.

`walk`: two months of approvals that end around a change of the clock, with nights of downtime. `jump`: the clock leaps
a year ahead and back; nothing may go out before a person has looked.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

from app.alerts.actions.delivering import deliver
from app.alerts.actions.hands import HANDS
from app.alerts.actions.patience import Patience
from app.alerts.actions.sweeping import sweep
from app.alerts.actions.watching import watch_practice
from app.alerts.facts.outbox import State, Way
from app.alerts.facts.people import Person
from app.alerts.rules.packing import watch_id
from app.alerts.store import alerts as alert_store
from app.alerts.store import outbox, sweeps
from app.alerts.store.people import save_person
from app.deadlines.facts import About, Approval, Deadline, Reason
from app.deadlines.rules.ends import approval_ends
from app.gateways.facts import Gateways
from app.gateways.recording import RecordingSms
from app.platform.caller import Caller
from app.platform.clock import FixedClock
from app.practice.facts.staff import Role, Staff
from app.practice.store import practice as practice_store
from app.practice.store import staff as staffing
from app.web.opening import open_installation
from config import load
from tests.drills import almanac
from tests.drills.almanac import DAY, HOUR
from tests.drills.reminders import TURNS, ZONES, Case, expected, is_quiet, steps_of
from tests.support import make

MINUTE = 60


class Practice:
    """One coordinator and one site in each zone, and their approvals."""

    def __init__(self, caller: Caller, clock: FixedClock, sms: RecordingSms, ends: dict[str, list[int]]) -> None:
        """Take up a practice whose approvals end on these days, by zone."""
        self.caller, self.clock, self.sms = caller, clock, sms
        self.approvals = [
            Approval(
                About(make.an_id(5000 + 100 * ZONES.index(zone) + place), zone, make.an_id(2000 + ZONES.index(zone))),
                _date(day),
                visits_after=1,
                last_after=_date(day + 40),
            )
            for zone, days in ends.items()
            for place, day in enumerate(days)
        ]

    def run(self, second: int) -> None:
        """Set the clock, and run what a minute of the scheduler runs."""
        self.set(second)
        watch_practice(self.caller, self._gather)
        sweep(self.caller)
        self.send()

    def set(self, second: int) -> None:
        """Set the clock."""
        self.clock.instant = datetime.fromtimestamp(second, UTC)

    def send(self) -> None:
        """Run the sender."""
        deliver(self.caller, HANDS, Patience(seconds=0))

    def texts(self, zone: str) -> list[int]:
        """When texts went to the coordinator of a zone."""
        return [int(one.at.timestamp()) for one in self.sms.sent if one.to == _phone(zone)]

    def steps(self) -> dict[str, list[str]]:
        """The steps at which open alerts stand, by zone."""
        found: dict[str, list[str]] = {}
        deadlines = self._gather(self.caller)
        ids = {watch_id(one.subject, one.reason): one.zone for one in deadlines}
        for watch, alert in alert_store.open_of(self.caller.session, make.PRACTICE_ID, list(ids)).items():
            found.setdefault(ids[watch], []).append(alert.step)
        self.caller.session.rollback()
        return found

    def held(self) -> bool:
        """Whether messages are held back until a person has looked."""
        state = sweeps.state_of(self.caller.session, make.PRACTICE_ID)
        self.caller.session.rollback()
        return state.held_at is not None

    def pending(self) -> int:
        """How many messages wait to be sent."""
        found = outbox.page(self.caller.session, make.PRACTICE_ID, State.PENDING)
        self.caller.session.rollback()
        return len(found)

    def _gather(self, caller: Caller) -> tuple[Deadline, ...]:
        found = (approval_ends(approval, caller.clock.now()) for approval in self.approvals)
        return tuple(one for one in found if one is not None)


def walk(dice: Random, zones: tuple[str, ...] = ZONES, days: int = 62) -> dict[str, int]:
    """Let approvals end in every zone around one of the days on which calendars go wrong.

    Returns   how many texts went, and how many went at another time than the almanac says, in quiet hours, or told of
              an end that had not come.
    """
    ends = dice.choice(TURNS)
    case = Case("", ends, None, 1, "", (19, 7), True, (), calm=False)
    sweeps_of = {zone: replace(case, zone=zone, own_zone=zone) for zone in zones}
    times = _times(dice, list(sweeps_of.values()), days)
    counts = {"texts": 0, "wrong": 0, "quiet": 0, "early_ended": 0}
    with _practice({zone: [ends] for zone in zones}, times[0]) as practice:
        for second in times:
            practice.run(second)
            for zone, steps in practice.steps().items():
                on = almanac.shown(zone, second)[0]
                counts["early_ended"] += sum(step.endswith("-ended") and on <= ends for step in steps)
        for zone in zones:
            mine, went = replace(sweeps_of[zone], sweeps=tuple(times)), practice.texts(zone)
            counts["texts"] += len(went)
            counts["wrong"] += went != sorted({one.sent for one in expected(mine)})
            counts["quiet"] += sum(is_quiet(mine, at) for at in went)
    return counts


def jump(dice: Random, zones: tuple[str, ...] = ZONES, each: int = 30) -> dict[str, int | bool]:
    """Let the clock leap a year ahead, and back again, over many approvals and with messages that wait.

    Returns   how many messages waited, how many texts went before and after the leap, and whether a person must look.
    """
    begins = dice.choice(TURNS) - 70
    begins -= almanac.weekday(begins) - 1  # a Tuesday
    ends = {zone: [begins + 1 + dice.randrange(360) for _ in range(each)] for zone in zones}
    morning = begins * DAY + 18 * HOUR
    with _practice(ends, morning) as practice:
        practice.run(morning)
        before = len(practice.sms.sent)
        _queue_and_stop(practice, morning + DAY)
        waiting = practice.pending()
        for second in (morning + 366 * DAY, morning + 366 * DAY + MINUTE, morning + 400 * DAY, morning + 2 * DAY):
            practice.run(second)
        return {
            "before": before, "waiting": waiting, "after": len(practice.sms.sent) - before,
            "held": practice.held(), "still_pending": practice.pending(),
        }  # fmt: skip


def _queue_and_stop(practice: Practice, second: int) -> None:
    """Sweep on the next day while the sender stands still."""
    practice.set(second)
    watch_practice(practice.caller, practice._gather)
    sweep(practice.caller)


@contextmanager
def _practice(ends: dict[str, list[int]], second: int) -> Iterator[Practice]:
    with TemporaryDirectory(prefix="cleared-drill-") as name:
        folder = Path(name)
        settings = {"CLEARED_HOME": str(folder / "home"), "DATABASE_URL": f"sqlite:///{folder / 'practice.sqlite'}"}
        installation = open_installation(load(settings))
        clock = FixedClock(datetime.fromtimestamp(second, UTC))
        with installation.session() as session:
            caller = Caller(session, make.PRACTICE_ID, clock, via="job")
            practice_store.save_practice(session, make.PRACTICE_ID, make.practice())
            for zone in ends:
                _coordinator(caller, zone)
            session.commit()
            sms = RecordingSms(clock)
            session.info["gateways"] = Gateways(sms, None, "https://practice.example")
            yield Practice(caller, clock, sms, ends)
        installation.engine.dispose()


def _coordinator(caller: Caller, zone: str) -> None:
    """A site in a zone and its one coordinator, who is told by text that an approval ends."""
    number = ZONES.index(zone)
    site = make.site(2000 + number, f"Site {number}", zone=zone)
    practice_store.add_site(caller.session, make.PRACTICE_ID, site)
    roles = frozenset({Role.COORDINATOR})
    staff = Staff(make.an_id(1000 + number), make.PRACTICE_ID, f"p{number}@example.test", f"Person {number}", roles)
    staffing.add_staff(caller.session, make.PRACTICE_ID, staff, "no password")
    ways = {Reason.APPROVAL_ENDS: frozenset({Way.BELL, Way.SMS})}
    person = Person(staff.id, staff.name, staff.email, roles, zone, frozenset({site.id}), _phone(zone), ways)
    save_person(caller.session, make.PRACTICE_ID, person)


def _phone(zone: str) -> str:
    return f"+1202555{1000 + ZONES.index(zone):04}"


def _times(dice: Random, cases: list[Case], days: int) -> list[int]:
    """Sweeps around every step of every zone, now and then between, and two days and nights without any."""
    ends = cases[0].ends
    begins = (ends - days) * DAY + 12 * HOUR
    matter = {instant for case in cases for instant, _ in steps_of(case)}
    matter |= {almanac.instant_of(case.zone, ends + shift, 7 * HOUR) for case in cases for shift in (-1, 0, 1, 2)}
    times = {instant + shift for instant in matter for shift in (-MINUTE, 0, MINUTE)}
    times |= {begins + hour * 7 * HOUR + dice.randrange(HOUR) for hour in range(days * 24 // 7 + 12)}
    for _ in range(2):
        down = dice.choice(sorted(matter)) - dice.randrange(DAY)
        times = {second for second in times if not down <= second < down + DAY}
    return sorted(second for second in times if second >= begins)


def _date(number: int) -> date:
    return date(1970, 1, 1) + timedelta(days=number)
