"""What holds guessing back at sign-in, and whom it never keeps out.

Failures are counted in the database before the password is compared, under up to three keys:

    where the person has signed in before   that browser and the person alone
    anywhere else                           the person and the network; the person from everywhere; the network

A browser is known by a cookie that only a whole sign-in sets. So whoever guesses at somebody's password from elsewhere
locks themselves, their network, and at last every browser that is new to that person, for at most an hour at a time,
but never the browsers that the person works with, nor passkeys, which nobody can guess.
"""

from datetime import datetime, timedelta
from enum import StrEnum

from app.practice.facts.factors import FailureCount

KEPT = timedelta(days=2)
"""After so long without a failure a count begins anew: longer than the longest lock."""

CHECKS, CHECKS_OF_STRANGERS, CHECKS_OF_ONE_SOURCE = 4, 3, 2
"""How many passwords are compared at once in the whole installation: one place is kept for known browsers."""

CHECK_LASTS = timedelta(seconds=20)
"""After so long a place is free again: the process that held it is dead."""

KNOWN_LASTS = timedelta(days=180)
"""How long after its last sign-in a browser is known."""


class Counted(StrEnum):
    """What failures are counted for."""

    BROWSER = "browser"
    PAIR = "pair"
    PERSON = "person"
    SOURCE = "source"


_LIMITS = {
    Counted.BROWSER: (5, timedelta(hours=1)),
    Counted.PAIR: (5, timedelta(days=1)),
    Counted.PERSON: (20, timedelta(hours=1)),
    Counted.SOURCE: (50, timedelta(hours=1)),
}
"""Failures in a row that lock nothing, and the longest lock."""

_FIRST = timedelta(minutes=15)


def keys_counted(known: bool) -> tuple[Counted, ...]:
    """Say for what a failure counts: from a browser that the person has used before, or from elsewhere."""
    return (Counted.BROWSER,) if known else (Counted.PAIR, Counted.PERSON, Counted.SOURCE)


def with_failure(kind: Counted, before: FailureCount | None, now: datetime) -> FailureCount:
    """Count one more failure.

    Returns   the count; locked from the fifth (of a person from everywhere the 20th, of a network the 50th) for 15
              minutes, doubled with each further failure, up to an hour (one person from one network: a day). A failure
              while it is locked prolongs nothing.
    """
    if before is None or before.last_at is None or now - before.last_at >= KEPT:
        before = FailureCount()
    if is_locked(before, now):
        return before
    free, longest = _LIMITS[kind]
    failures = before.failures + 1
    beyond = failures - free
    locked = None if beyond < 0 else now + min(_FIRST * 2 ** min(beyond, 10), longest)
    return FailureCount(failures, now, locked)


def without_failure(kind: Counted, before: FailureCount) -> FailureCount:
    """Take back what was counted for an attempt that was right.

    Returns   no failures; of a network one less, since others sign in from there too.
    """
    if kind is not Counted.SOURCE:
        return FailureCount(last_at=before.last_at)
    failures = max(before.failures - 1, 0)
    return FailureCount(failures, before.last_at, None if failures < _LIMITS[kind][0] else before.locked_until)


def is_locked(count: FailureCount | None, now: datetime) -> bool:
    """Say whether a count locks sign-in."""
    return count is not None and count.locked_until is not None and now < count.locked_until


def free_place(taken: dict[int, tuple[bool, bytes]], known: bool, source: bytes) -> int | None:
    """Find a place for one more comparison of a password.

    Takes     the places taken, each with whether its browser is known and the index of its network; the same of the one
              who asks.
    Returns   the number of a free place (from 1), or None: too many at once.
    """
    strangers = [one for one in taken.values() if not one[0]]
    if not known and len(strangers) >= CHECKS_OF_STRANGERS:
        return None
    if not known and sum(one[1] == source for one in strangers) >= CHECKS_OF_ONE_SOURCE:
        return None
    return next((place for place in range(1, CHECKS + 1) if place not in taken), None)
