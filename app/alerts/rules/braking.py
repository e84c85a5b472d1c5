"""When a way out of the practice is shut until a person looks: failures in a row, many in an hour, or too much of all.

A clock that jumps, a wrong rule or a restored backup must never send a storm.
"""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta

from app.alerts.facts.delivery import Brake, Means, Tried
from app.alerts.rules.provider_codes import means_of

MOST_IN_A_ROW = 10
WINDOW = timedelta(hours=1)
SHARE = 0.2
LEAST_COUNTED = 50
"""A share of failures says nothing below this many attempts."""

MOST_TO_ONE = {True: 60, False: 6}
"""How many messages by one way one person of the practice (True) or one patient (False) may be sent in 24 hours."""


def counted(brake: Brake, results: Iterable[tuple[Tried, str | None]], now: datetime) -> Brake:
    """Count what came of some attempts, and put the brake on when it is due.

    Takes     the brake as it stands; outcome and code of each attempt in order (CALLED_BACK: of a report that a message
              was not delivered); the instant (UTC).
    Returns   the brake after them. One that is on stays on: only a person releases it.
    """
    if now - brake.counted_from >= WINDOW or now < brake.counted_from:
        brake = replace(brake, counted_from=now, tried=0, failed=0)
    for outcome, code in results:
        brake = _put_on(_count(brake, outcome, code), code, now)
    return brake


def capped(brake: Brake, in_hour: int, in_day: int, per_hour: int, per_day: int, now: datetime) -> Brake:
    """Put the brake on when as much left within an hour, or a day, as ever may."""
    if brake.on_since is not None or (in_hour < per_hour and in_day < per_day):
        return brake
    return replace(brake, on_since=now, why="too_many", code=None)


def released(brake: Brake, now: datetime) -> Brake:
    """The brake after a person released it: it counts from nothing."""
    return Brake(brake.way, now)


def _count(brake: Brake, outcome: Tried, code: str | None) -> Brake:
    if outcome in (Tried.LATER, Tried.UNCLEAR, Tried.ABSENT):
        return brake
    theirs = means_of(code) in (Means.OPTED_OUT, Means.UNREACHABLE)
    if outcome is Tried.CALLED_BACK:  # it was counted as tried when it was taken
        return brake if theirs else replace(brake, failed=brake.failed + 1, streak=brake.streak + 1)
    if outcome is Tried.REFUSED and not theirs:
        return replace(brake, tried=brake.tried + 1, failed=brake.failed + 1, streak=brake.streak + 1)
    return replace(brake, tried=brake.tried + 1, streak=0)


def _put_on(brake: Brake, code: str | None, now: datetime) -> Brake:
    if brake.on_since is not None:
        return brake
    if means_of(code) is Means.SENDER:
        return replace(brake, on_since=now, why="sender", code=code)
    if brake.streak >= MOST_IN_A_ROW:
        return replace(brake, on_since=now, why="in_a_row", code=code)
    if brake.tried >= LEAST_COUNTED and brake.failed >= SHARE * brake.tried:
        return replace(brake, on_since=now, why="share", code=code)
    return brake
