"""Hold guessing back: count each attempt before it is looked at; give out the few places to compare passwords in."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy.orm import Session

from app.platform.caller import Caller
from app.platform.db import writing
from app.platform.ids import new_id
from app.practice.rules.factors import STEP_LASTS
from app.practice.rules.throttle import (
    CHECK_LASTS,
    CHECKS,
    KEPT,
    KNOWN_LASTS,
    Counted,
    free_place,
    is_locked,
    keys_counted,
    with_failure,
    without_failure,
)
from app.practice.store import steps
from app.practice.store import throttle as store


class Refusal(StrEnum):
    """Why a sign-in is not taken: not right, too many at this moment, or too many wrong ones from one network."""

    WRONG = "wrong"
    BUSY = "busy"
    SOURCE = "source"


@dataclass(frozen=True, slots=True)
class Origin:
    """Where an attempt comes from: the network address, and the hash of the cookie by which browsers are known."""

    source: str | None = None
    browser: bytes = b""


@dataclass(frozen=True, slots=True)
class Knock:
    """One attempt, counted as a failure until it is known to be none. `locked`: it fails whatever is shown."""

    keys: Mapping[Counted, bytes]
    holder: UUID | None = None
    locked: bool = False
    refusal: Refusal | None = None


def knock(session: Session, now: datetime, origin: Origin, who: str, known: bool) -> Knock:
    """Count an attempt and take a place for it, inside the transaction that is open.

    Takes     where it comes from; who is tried, as text that changes with what is guessed at (a new password begins all
              counts anew); whether the browser is known to that person.
    Returns   the attempt; with a refusal, nothing was counted and no place is held.
    """
    keys = {kind: _key(session, kind, origin, who) for kind in keys_counted(known)}
    counts = store.counts_of(session, keys.values(), now)
    locked = {kind for kind, key in keys.items() if is_locked(counts[key], now)}
    if Counted.SOURCE in locked:
        return Knock(keys, refusal=Refusal.SOURCE)
    holder = _take_place(session, now, origin, known)
    if holder is None:
        return Knock(keys, refusal=Refusal.BUSY)
    store.save_counts(session, {key: with_failure(kind, counts[key], now) for kind, key in keys.items()})
    return Knock(keys, holder, bool(locked))


def answer(session: Session, now: datetime, attempt: Knock, right: bool) -> None:
    """Give the place of an attempt back, and take back what was counted when it was right."""
    if attempt.holder is not None:
        store.free_place_of(session, attempt.holder)
    counts = store.counts_of(session, attempt.keys.values(), now) if right else {}
    store.save_counts(session, {key: without_failure(kind, counts[key]) for kind, key in attempt.keys.items() if right})


def knows(session: Session, practice_id: UUID, staff_id: UUID, origin: Origin, now: datetime) -> bool:
    """Say whether a person has signed in with this browser before, and not too long ago."""
    found = steps.known_browser(session, practice_id, staff_id, origin.browser)
    return found is not None and now - found.used_at < KNOWN_LASTS


def _key(session: Session, kind: Counted, origin: Origin, who: str) -> bytes:
    parts = {
        Counted.BROWSER: (origin.browser.hex(), who),
        Counted.PAIR: (origin.source or "", who),
        Counted.PERSON: (who,),
        Counted.SOURCE: (origin.source or "",),
    }
    return store.index_of(session, kind, *parts[kind])


def _take_place(session: Session, now: datetime, origin: Origin, known: bool) -> UUID | None:
    holder, source = new_id(), store.index_of(session, Counted.SOURCE, origin.source or "")
    for _ in range(CHECKS):  # another process may be quicker, at most once for each place
        place = free_place(store.places_taken(session, now), known, source)
        if place is None:
            return None
        if store.take_place(session, place, holder, known, source, now + CHECK_LASTS):
            return holder
    return None


def forget_traces(caller: Caller) -> int:
    """Remove sign-ins that were not finished, counts that hold nothing back any more, and browsers long unseen.

    Returns how many counts and browsers.
    """
    now = caller.clock.now()
    with writing(caller.session) as session:
        steps.end_steps_before(session, caller.practice_id, now - STEP_LASTS)
        counts = store.forget_counts_before(session, now - KEPT)
        return counts + steps.forget_browsers_before(session, caller.practice_id, now - KNOWN_LASTS)
