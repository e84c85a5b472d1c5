"""When a sweep found more than is believable: then no message goes out before a person has looked."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from app.alerts.facts.notices import SweepState
from app.deadlines.facts import Basis, BasisKind, Clears, Deadline, Reason, Step, Subject, SubjectKind

LET_LASTS = timedelta(hours=1)
SMALL = timedelta(minutes=5)
"""By so much a clock may be set back without anything having gone wrong."""
HELD = Subject(SubjectKind.PRACTICE, "held")
"""What the alert about messages held back is about."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What one sweep of one practice believes: so many deadlines due, so many new notices, so long since the last."""

    due: int = 10_000
    notices: int = 500
    gap: timedelta = timedelta(days=30)


LIMITS = Limits()


def lets(state: SweepState, now: datetime) -> bool:
    """Say whether a person let everything through within the last hour."""
    return state.let_at is not None and timedelta() <= now - state.let_at < LET_LASTS


def unbelievable(state: SweepState, due: int, now: datetime, limits: Limits) -> bool:
    """Say before a sweep whether it must stop: far too much is due, or the clock jumped by a month or more.

    A month without any sweep is no proof of a wrong clock, but what is due then is old: a person looks first.
    """
    return not lets(state, now) and (due > limits.due or (due > 0 and jumped(state, now, limits)))


def jumped(state: SweepState, now: datetime, limits: Limits = LIMITS) -> bool:
    """Say whether so much time lies between the last sweep and now that the clock may be wrong."""
    return state.swept_at is not None and now - state.swept_at >= limits.gap and not lets(state, now)


def went_back(state: SweepState, now: datetime) -> bool:
    """Say whether the last sweep was made at a time that has not come: the clock stood wrong then."""
    return state.swept_at is not None and now < state.swept_at - SMALL


def a_storm(state: SweepState, notices: int, now: datetime, limits: Limits) -> bool:
    """Say after a sweep whether its notices are too many to go out unseen."""
    return notices > limits.notices and not lets(state, now)


def held_messages(zone: str, count: int, now: datetime) -> Deadline:
    """What administrators are told when messages are held back. `count`: how many deadlines or notices it is about."""
    return Deadline(
        subject=HELD,
        reason=Reason.UNDELIVERED,
        steps=(Step(f"{now:%Y-%m-%dT%H:%M:%S}Z-held", now),),
        zone=zone,
        clears=Clears.SEEN,
        basis=Basis(BasisKind.PRACTICE),
        counts={"count": count},
    )
