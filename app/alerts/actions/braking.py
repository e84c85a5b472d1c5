"""The brakes: counting what fails, shutting a way out of the practice, and releasing it by a person."""

from collections.abc import Collection, Iterable
from datetime import datetime

from app.alerts.actions.undelivered import end_brake, raise_brake
from app.alerts.facts.delivery import Brake, Tried
from app.alerts.facts.outbox import Way
from app.alerts.rules import braking as rules
from app.alerts.store import brakes, claims
from app.audit.actions import record
from app.gateways.facts import Limits
from app.platform.caller import Caller
from app.platform.db import writing


def open_ways(caller: Caller, ways: Collection[Way], limits: Limits) -> tuple[frozenset[Way], int]:
    """Which of some ways may be used now, and how many messages may leave by each. Inside the open transaction.

    A way by which as much left as ever may within an hour or a day is shut here.
    """
    now, session = caller.clock.now(), caller.session
    before = brakes.brakes_of(session, caller.practice_id, now, hold=True)
    late = claims.sent_of_late(session, caller.practice_id, now)
    free: dict[Way, int] = {}
    for way in sorted(ways):
        in_hour, in_day = late.get(way, (0, 0))
        brake = rules.capped(before[way], in_hour, in_day, limits.per_hour, limits.per_day, now)
        _keep(caller, before[way], brake)
        if brake.on_since is None:
            free[way] = min(limits.per_hour - in_hour, limits.per_day - in_day)
    return frozenset(free), min(free.values(), default=0)


def count_results(caller: Caller, way: Way, results: Iterable[tuple[Tried, str | None]], now: datetime) -> None:
    """Count what came of attempts by one way, inside the open transaction; the brake goes on when it is due."""
    before = brakes.brakes_of(caller.session, caller.practice_id, now, hold=True)[way]
    _keep(caller, before, rules.counted(before, results, now))


def release(caller: Caller, way: Way) -> bool:
    """Let messages leave by a way again. Returns whether its brake was on; a double click releases once."""
    with writing(caller.session) as session:
        now = caller.clock.now()
        brake = brakes.brakes_of(session, caller.practice_id, now, hold=True)[way]
        if brake.on_since is None:
            return False
        brakes.save_brake(session, caller.practice_id, rules.released(brake, now), now, caller.user_id)
        end_brake(caller, way)
        record(caller, "alerts.brake_released", way=way.value)
    return True


def _keep(caller: Caller, before: Brake, after: Brake) -> None:
    if after == before:
        return
    brakes.save_brake(caller.session, caller.practice_id, after)
    if before.on_since is None and after.on_since is not None:
        raise_brake(caller, after)
        record(caller, "alerts.brake_on", way=after.way.value, why=after.why or "", code=after.code or "none")
