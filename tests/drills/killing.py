"""Drill `kill-sender`: schedulers and senders die at any moment, the provider fails; each text goes out once."""

import os
import random
import signal
import time
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from app.alerts.actions.braking import release
from app.alerts.facts.outbox import State, Way
from app.alerts.store.brakes import brake_of
from app.platform.caller import Caller
from tests.drills.counting import Row, count, texts
from tests.drills.crashing import POINTS
from tests.drills.feeding import feed, under_way, untold
from tests.drills.scene import Scene, person_id, phone, scene_on
from tests.drills.workers import Orders, address_of_web, broken, end_of, fork, once, web, worker

SPEED = (
    120.0  # seconds of the practice's clock for one of ours: what is tried again in a minute is tried in half a second
)
FAULTS = {
    "error_after": 0.06,
    "error_before": 0.04,
    "silent_after": 0.03,
    "silent_before": 0.02,
    "late": 0.02,
    "reset_after": 0.03,
    "reset_before": 0.02,
    "not_json_after": 0.03,
    "cut_json_after": 0.02,
    "busy": 0.02,
    "slow": 0.01,
}  # together 30 of 100
FIND_FAULTS = {"error": 0.1, "not_json": 0.05, "silent": 0.03, "reset": 0.05}
CALLBACKS = {"double": 0.3, "shuffle": 0.3, "late": 2.0, "forge": 0.02, "sent_after": 0.3, "ended_after": 0.6}
PEOPLE = 40
REFUSING = {3: "21211", 7: "21610"}  # people whose numbers the provider never takes
UNREACHED = {5: "30006"}  # people whom the carrier does not reach
DOOMED = 0.8  # of the workers: those who are to die at a named point
LOOKED_EVERY, RELEASED = 3.0, "a person let texts out again"
A_SECOND, LEAST_FED = 1, 3  # causes: so many more each second, written so many at once at least
EACH_KILL = 3  # causes for each kill
LEFT = frozenset({State.PENDING, State.CLAIMED})
STORM, CALM = 6.0, 9.0  # seconds
SETTLING = 90.0  # seconds in which everything must come to its end once the killing stops


@dataclass
class Flock:
    """The workers that live now, and how those before them died."""

    scene: Scene
    chance: random.Random
    alive: set[int] = field(default_factory=set)
    paused: dict[int, float] = field(default_factory=dict)
    deaths: Counter[str] = field(default_factory=Counter)
    orders: dict[int, Orders] = field(default_factory=dict)
    pauses: int = 0
    fed: int = 0
    each_kill: int = EACH_KILL
    looked: float = 0.0
    feeders: list[int] = field(default_factory=list)

    @property
    def kills(self) -> int:
        """How many were killed so far."""
        return self.deaths.total()

    def grow(self, size: int, doomed: bool = True) -> None:
        """Start workers until there are so many; most of them are to die at a named point."""
        while len(self.alive) < size:
            at = self.chance.choice(POINTS) if doomed and self.chance.random() < DOOMED else None
            far = 12 if at in ("before_commit", "after_commit") else 3
            orders = Orders(at, self.chance.randint(1, far), self.chance.getrandbits(32), self.chance.random() < 0.5)
            child = fork(self.scene, partial(worker, self.scene, orders))
            self.alive.add(child)
            self.orders[child] = orders

    def reap(self) -> None:
        """Take note of those who died by themselves."""
        for child in list(self.alive):
            gone, status = os.waitpid(child, os.WNOHANG)
            if gone:
                self._bury(child, status)

    def _bury(self, child: int, status: int, point: str | None = None) -> None:
        self.alive.discard(child)
        self.paused.pop(child, None)
        killed = os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGKILL
        if not killed:
            raise RuntimeError(
                f"A worker ended by itself (status {status}); its words are:\n{self.scene.words.read_text()[-2000:]}."
            )
        self.deaths[point or self.orders[child].point or "anywhere"] += 1

    def kill(self) -> None:
        """Kill one of them, whatever it does now."""
        child = self.chance.choice(sorted(self.alive))
        with suppress(ProcessLookupError):
            os.kill(child, signal.SIGKILL)
        _, status = os.waitpid(child, 0)
        self._bury(child, status, "anywhere")

    def pause(self) -> None:
        """Let one of them stand still for a while, whatever it does now."""
        standing = sorted(self.alive - set(self.paused))
        if standing:
            child = self.chance.choice(standing)
            os.kill(child, signal.SIGSTOP)
            self.paused[child] = time.monotonic() + self.chance.uniform(0.2, 3.0)
            self.pauses += 1

    def wake(self, everyone: bool = False) -> None:
        """Let those go on whose pause is over."""
        now = time.monotonic()
        for child, until in list(self.paused.items()):
            if everyone or until <= now:
                os.kill(child, signal.SIGCONT)
                del self.paused[child]

    def feed(self, wanted: int) -> None:
        """Let a process write the next causes; it tries again while a worker that stands still holds the database."""
        causes = partial(feed, first=self.fed, after=wanted, people=PEOPLE)
        self.feeders.append(fork(self.scene, lambda: print(once(self.scene, causes))))
        self.fed = wanted

    def look_after(self) -> None:
        """Be the person who looks every few seconds whether texts are shut, and lets them out again."""
        if time.monotonic() > self.looked + LOOKED_EVERY:
            self.looked = time.monotonic()
            self.feeders.append(fork(self.scene, lambda: print(RELEASED * once(self.scene, _release))))

    def fed_all(self) -> None:
        """Wait until all causes are written."""
        self.wake(everyone=True)
        for feeder in self.feeders:
            _, status = os.waitpid(feeder, 0)
            assert status == 0, "the drill itself could not write"
        self.feeders.clear()

    def end(self) -> None:
        """End all that live."""
        self.wake(everyone=True)
        for child in self.alive:
            os.kill(child, signal.SIGKILL)
            os.waitpid(child, 0)
        self.alive.clear()


def drill(kills: int, seed: int, kind: str, plant: str | None = None, causes: int = EACH_KILL) -> dict[str, Any]:
    """Kill until there were `kills` kills, let everything come to its end, and count. `causes`: for each kill."""
    began = time.monotonic()
    with scene_on(kind, PEOPLE, SPEED, plant or "ours", **_provider(seed)) as (scene, provider):
        flock = Flock(scene, random.Random(seed), each_kill=causes)
        listener = fork(scene, partial(web, scene))
        try:
            provider.control(callbacks={**CALLBACKS, "through": address_of_web(scene)})
            _kill_until(flock, kills)
            provider.control(faults={}, find_faults={})
            _settle(flock)
        finally:
            flock.end()
            end_of(listener)
        found = once(scene, partial(_read, fed=flock.fed))
        told = {"drill": "kill-sender", "db": kind, "seed": seed, "plant": plant}
        return {**told, **_answer(found, provider.log(), flock), "seconds": round(time.monotonic() - began, 1)}


def _provider(seed: int) -> dict[str, Any]:
    return {
        "seed": seed,
        "faults": FAULTS,
        "find_faults": FIND_FAULTS,
        "numbers": {phone(number): code for number, code in REFUSING.items()},
        "fates": {phone(number): code for number, code in UNREACHED.items()},
        "visible_after": 0.3,
        "late": 0.8,
        "hold": 5.0,
    }


def _kill_until(flock: Flock, kills: int) -> None:
    """Kill, pause and let die, with two to five workers at once, while causes come in all the time.

    Storms, in which anyone may die at any moment, take turns with calms, in which only those die who come to their
    point: so that there is also time to look for what was left unclear.
    """
    chance, size, until, storm, began = flock.chance, 3, 0.0, False, time.monotonic()
    while flock.kills < kills:
        if time.monotonic() > until:
            storm, size = not storm, chance.randint(2, 5)
            until = time.monotonic() + (STORM if storm else CALM)
        wanted = flock.each_kill * (flock.kills + 2) + int((time.monotonic() - began) * A_SECOND)
        if flock.fed + LEAST_FED <= wanted:
            flock.feed(wanted)
        flock.look_after()
        flock.grow(size)
        time.sleep(chance.uniform(0.02, 0.25))
        flock.reap()
        flock.wake()
        drawn = chance.random()
        if storm and drawn < 0.25 and flock.alive and flock.kills < kills:
            flock.kill()
        elif 0.25 < drawn < 0.32:
            flock.pause()


def _settle(flock: Flock) -> None:
    """Let two healthy workers finish what is under way, and then the last reports come in."""
    flock.fed_all()
    flock.end()
    flock.grow(2, doomed=False)
    for states, seconds in ((LEFT, SETTLING), (LEFT | {State.SENT}, 10 if flock.scene.design == "ours" else 0)):
        until = time.monotonic() + seconds
        while time.monotonic() < until and once(flock.scene, partial(under_way, states=states)):
            time.sleep(0.3)
            flock.look_after()
            flock.reap()
    flock.fed_all()


def _release(caller: Caller) -> bool:
    return release(caller, Way.SMS)


def _read(caller: Caller, fed: int) -> tuple[list[Row], tuple[int, int], str | None]:
    shut = brake_of(caller.session, caller.practice_id, Way.SMS, caller.clock.now())
    return texts(caller.session), untold(caller, fed, PEOPLE, frozenset(REFUSING)), shut.why


def _answer(
    found: tuple[list[Row], tuple[int, int], str | None], log: list[dict[str, Any]], flock: Flock
) -> dict[str, Any]:
    rows, (missing, doubled), shut = found
    counts = count(rows, log, {person_id(number) for number in REFUSING})
    what = Counter(entry["what"] for entry in log)
    faults = Counter(entry["fault"] for entry in log if entry.get("fault", "ok") != "ok")
    answers = Counter(entry["answer"] for entry in log if entry["what"] == "reported")
    lost, duplicates = counts.lost + missing, counts.duplicates + doubled
    good = flock.kills > 0 and counts.messages > 0 and lost == duplicates == counts.stuck == 0
    return {
        "passed": good,
        "kills": flock.kills,
        "deaths": dict(sorted(flock.deaths.items())),
        "pauses": flock.pauses,
        "causes": flock.fed,
        "messages": counts.messages,
        "lost": lost,
        "duplicates": duplicates,
        "stuck": counts.stuck,
        "refused": counts.refused,
        "unreported": counts.unreported,
        "states": dict(Counter(row.state.value for row in rows)),
        "shut": shut,
        "released": flock.scene.words.read_text().count(RELEASED),
        "broken": broken(flock.scene),
        "accepted": what["accepted"],
        "asked": what["asked"],
        "faults": sum(faults.values()),
        "callbacks": what["reported"],
        "callback_answers": {str(status): number for status, number in sorted(answers.items())},
    }
