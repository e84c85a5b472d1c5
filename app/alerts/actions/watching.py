"""Keep the watch true: mark whom a change touches, take the marked up piece by piece, prove it over the whole book."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import islice
from uuid import UUID

from app.alerts.actions.gathering import deadlines_of_patients, deadlines_of_practice
from app.alerts.actions.troubles import troubles
from app.alerts.facts.watching import Origin, Watch
from app.alerts.rules.breaking import jumped
from app.alerts.rules.packing import watch_id
from app.alerts.rules.reaching import next_at, still_told
from app.alerts.store import sweeps
from app.alerts.store import watch as store
from app.alerts.store.marks import MARKS
from app.deadlines.facts import Deadline
from app.patients import store as patient_store
from app.platform.caller import Caller
from app.platform.changes import Changed
from app.platform.db import writing

PIECE = 400  # patients in one transaction

OfPatients = Callable[[Caller, Sequence[UUID]], Mapping[UUID, tuple[Deadline, ...]]]
OfPractice = Callable[[Caller], tuple[Deadline, ...]]


def on_changed(caller: Caller, changed: Changed) -> None:
    """Hear of changed facts, in the transaction that changed them: mark the patients concerned."""
    session, practice_id = caller.session, caller.practice_id
    if changed.practice:
        MARKS.mark_all(session, practice_id)
        return
    if changed.payers:
        MARKS.mark_of_payers(session, practice_id, sorted(changed.payers))
    if changed.patients:
        MARKS.mark(session, practice_id, changed.patients)


def keep_watch(caller: Caller, gather: OfPatients = deadlines_of_patients) -> int:
    """Make the deadlines of every marked patient anew, and of those whom time alone has overtaken.

    Each piece is one transaction: whatever was cut off is found by the next run. Where the clock jumped by a month,
    time is believed to have overtaken nobody before a person has let that sweep through.

    Returns   how many patients.
    """
    looked_at = 0
    while seen := _piece(caller, gather):
        looked_at += seen
    return looked_at


def _all_of_practice(caller: Caller) -> tuple[Deadline, ...]:
    return (*deadlines_of_practice(caller), *troubles(caller))


def watch_practice(caller: Caller, gather: OfPractice = _all_of_practice) -> int:
    """Make the deadlines of the practice as a whole anew, and of what the program itself fails in.

    Returns   how many were new, changed or gone.
    """
    fresh = gather(caller)
    before = store.of_practice(caller.session, caller.practice_id)
    if not _differences(before, fresh, Origin.PRACTICE, caller.clock.now()):
        caller.session.rollback()
        return 0
    with writing(caller.session) as session:
        sweeps.hold_state(session, caller.practice_id)
        return _replace(caller, store.of_practice(session, caller.practice_id), fresh, Origin.PRACTICE)


def _piece(caller: Caller, gather: OfPatients) -> int:
    practice_id = caller.practice_id
    with writing(caller.session) as session:
        state = sweeps.hold_state(session, practice_id)
        taken = MARKS.marked(session, practice_id, PIECE)
        patients = tuple(taken)
        if not taken and not jumped(state, caller.clock.now()):
            patients = store.overtaken(session, practice_id, caller.clock.now(), PIECE)
        if not patients:
            return 0
        made = gather(caller, patients)
        before = {
            found: watch
            for them in store.of_patients(session, practice_id, patients).values()
            for found, watch in them.items()
        }
        _replace(caller, before, [one for them in made.values() for one in them], Origin.PATIENT)
        MARKS.unmark(session, practice_id, taken)
    return len(patients)


@dataclass(frozen=True, slots=True)
class _Differences:
    put: tuple[Watch, ...]
    drop: frozenset[UUID]

    def __bool__(self) -> bool:
        return bool(self.put or self.drop)


def _replace(caller: Caller, before: Mapping[UUID, Watch], fresh: Iterable[Deadline], origin: Origin) -> int:
    found = _differences(before, fresh, origin, caller.clock.now())
    store.drop(caller.session, caller.practice_id, found.drop)
    store.put(caller.session, caller.practice_id, found.put)
    return len(found.put) + len(found.drop)


def _differences(
    before: Mapping[UUID, Watch], fresh: Iterable[Deadline], origin: Origin, now: datetime
) -> _Differences:
    left = dict(before)
    put = []
    for deadline in fresh:
        found = watch_id(deadline.subject, deadline.reason)
        old = left.pop(found, None)
        told = None if old is None else still_told(deadline, old.told)
        watch = Watch(found, deadline, origin, told, next_at(deadline, told, now), now)
        again = origin is Origin.PATIENT and deadline.again_at is not None and deadline.again_at <= now
        if old is None or again or replace(old, derived_at=now) != watch:
            put.append(watch)
    return _Differences(tuple(put), frozenset(left))


@dataclass(frozen=True, slots=True)
class Proof:
    """What a comparison of the watch with the facts found. `marked`: patients who are still to be looked at."""

    patients: int
    deadlines: int
    missing: int
    extra: int
    different: int
    marked: int

    @property
    def differences(self) -> int:
        """How many deadlines are not watched as they ought to be."""
        return self.missing + self.extra + self.different


def rebuild(caller: Caller) -> int:
    """Mark every patient and make all deadlines anew. Returns how many patients."""
    with writing(caller.session) as session:
        MARKS.mark_all(session, caller.practice_id)
    return keep_watch(caller)


def prove(caller: Caller, gather: OfPatients = deadlines_of_patients, most: int | None = None) -> Proof:
    """Compare what is watched of every patient, or of so many, with what the facts give now. Nothing is written.

    A deadline that time alone has overtaken, of a patient not looked at since, counts as different.
    """
    session, practice_id = caller.session, caller.practice_id
    patients = deadlines = missing = extra = different = 0
    everyone = (one.id for one in patient_store.in_patient_order(session, practice_id))
    for some in _pieces(islice(everyone, most)):
        made = gather(caller, some)
        ought = {watch_id(one.subject, one.reason): one for them in made.values() for one in them}
        kept = store.of_patients(session, practice_id, some)
        is_kept = {found: watch.deadline for them in kept.values() for found, watch in them.items()}
        patients += len(some)
        deadlines += len(ought)
        missing += len(ought.keys() - is_kept.keys())
        extra += len(is_kept.keys() - ought.keys())
        different += sum(ought[found] != is_kept[found] for found in ought.keys() & is_kept.keys())
    return Proof(patients, deadlines, missing, extra, different, MARKS.count(session, practice_id))


def _pieces(ids: Iterable[UUID]) -> Iterator[list[UUID]]:
    source = iter(list(ids))
    while some := list(islice(source, PIECE)):
        yield some
