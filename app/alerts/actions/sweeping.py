"""The sweep: what is due and not yet told becomes alerts and messages, in one transaction for each practice.

It is a function of the database and the time: safe twice, late and by hand. Two sweeps of one practice wait for each
other, and the second finds nothing left to do.
"""

import gc
from collections.abc import Iterator
from contextlib import contextmanager

from app.alerts.actions import closing, telling
from app.alerts.actions.composing import compose
from app.alerts.actions.noting import Sweeping
from app.alerts.actions.raising import raise_event
from app.alerts.facts.notices import SweepState
from app.alerts.rules.breaking import HELD, LIMITS, Limits, a_storm, held_messages, unbelievable, went_back
from app.alerts.rules.packing import watch_id
from app.alerts.store import notices as notice_store
from app.alerts.store import people as people_store
from app.alerts.store import sweeps
from app.alerts.store import watch as watch_store
from app.alerts.store.marks import MARKS
from app.audit.actions import record
from app.deadlines.facts import Reason
from app.platform.caller import Caller
from app.platform.db import writing
from app.practice.store import practice as practice_store


def sweep(caller: Caller, limits: Limits = LIMITS) -> int:
    """Tell what is due, close what lost its cause, wake what was snoozed, let rise what nobody answered, and compose.

    Returns   how many alerts were touched and messages queued; 0 when there was nothing to do.
    """
    with _no_collecting(), writing(caller.session) as session:
        state = sweeps.hold_state(session, caller.practice_id)
        people = people_store.people(session, caller.practice_id)
        sweeping = Sweeping(caller, caller.clock.now(), people)
        touched = _set_right(sweeping, state)
        due = watch_store.due(session, caller.practice_id, sweeping.now, limits.due + 1)
        if unbelievable(state, len(due), sweeping.now, limits):
            return _stop(sweeping, state, len(due))
        touched += telling.tell_due(sweeping, due)
        sweeping.write()
        for finding in (closing.close_lost, telling.wake, telling.rise):
            touched += finding(sweeping)
            sweeping.write()
        queued = _compose(sweeping, state, limits)
        sweeps.swept(session, caller.practice_id, sweeping.now)
        if touched or queued:
            record(caller, "alerts.swept", touched=touched, queued=queued)
    return touched + queued


@contextmanager
def _no_collecting() -> Iterator[None]:
    """Look for no garbage meanwhile: thousands of small facts are made, and none of them is garbage before the end."""
    collects = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if collects:
            gc.enable()


def _stop(sweeping: Sweeping, state: SweepState, due: int) -> int:
    """Tell nothing but that it was stopped. The sweep does not count as made, so that it stays stopped."""
    if state.held_at is not None:
        return 0
    _hold(sweeping, due)
    session, practice_id, found = (
        sweeping.caller.session,
        sweeping.caller.practice_id,
        watch_id(HELD, Reason.UNDELIVERED),
    )
    told = telling.tell_due(sweeping, tuple(watch_store.by_ids(session, practice_id, [found]).values()))
    sweeping.write()
    notice_store.write(session, practice_id, sweeping.new_notices())
    return told


def _set_right(sweeping: Sweeping, state: SweepState) -> int:
    """After a clock that stood wrong: close what was told ahead of time, and look at every patient anew."""
    if not went_back(state, sweeping.now):
        return 0
    MARKS.mark_all(sweeping.caller.session, sweeping.caller.practice_id)
    ahead = closing.take_back_future(sweeping)
    sweeping.write()
    return ahead


def _compose(sweeping: Sweeping, state: SweepState, limits: Limits) -> int:
    """Queue messages, unless they are held back, or this sweep has so many new notices that they must be."""
    session, practice_id, new = sweeping.caller.session, sweeping.caller.practice_id, sweeping.new_notices()
    storm = state.held_at is None and a_storm(state, len(new), sweeping.now, limits)
    if state.held_at is None and not storm:
        queued = compose(sweeping, new)
        sweeping.write()
        return queued
    notice_store.write(session, practice_id, new)
    if storm:
        _hold(sweeping, notice_store.count_waiting(session, practice_id))
    return 0


def _hold(sweeping: Sweeping, count: int) -> None:
    """Hold all messages back, and have administrators told in their bell."""
    caller = sweeping.caller
    sweeps.hold_back(caller.session, caller.practice_id, sweeping.now, count)
    zone = practice_store.practice_of(caller.session, caller.practice_id).zone
    raise_event(caller, held_messages(zone, count, sweeping.now))
    record(caller, "alerts.held", count=count)
