"""Keep the list of cases true: place anew what a change touches, take the rest up in pieces, prove it over all."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import islice
from uuid import UUID
from zoneinfo import ZoneInfo

from app.authorizations import store as authorization_store
from app.authorizations.facts import Authorization
from app.casework.facts.casebook import Listed
from app.casework.rules.placing import Known, continued, in_force, placed
from app.casework.rules.running_low import units_low
from app.casework.store import casebook as store
from app.casework.store.marks import MARKS
from app.clearance.actions.judging import files_of, judge_file
from app.clearance.actions.world import World, world_of
from app.clearance.facts.verdicts import LineVerdict
from app.clearance.rules.usage import is_counted, use_of
from app.clinical.store import asks as ask_store
from app.coverage.store import coverages as coverage_store
from app.deadlines import store as deadline_store
from app.deadlines.facts import Case
from app.patients import store as patient_store
from app.platform.caller import Caller
from app.platform.changes import Changed
from app.platform.db import writing
from app.practice.store import practice as practice_store

AT_ONCE = 20  # patients whose cases are placed inside the transaction that changed their facts
PIECE = 400


def on_changed(caller: Caller, changed: Changed) -> None:
    """Hear of changed facts, in the transaction that changed them: place the cases of few at once, mark many."""
    session, practice_id = caller.session, caller.practice_id
    if changed.practice:
        MARKS.mark_all(session, practice_id)
        return
    if changed.payers:
        MARKS.mark_of_payers(session, practice_id, sorted(changed.payers))
    if len(changed.patients) > AT_ONCE:
        MARKS.mark(session, practice_id, changed.patients)
    elif changed.patients:
        _place(caller, changed.patients)


def keep_cases(caller: Caller) -> int:
    """Place the cases of every marked patient anew, and of those whom the calendar alone has overtaken.

    Each piece is one transaction: whatever was cut off is found by the next run. Returns how many patients.
    """
    looked_at = 0
    while seen := keep_piece(caller):
        looked_at += seen
    return looked_at


def keep_piece(caller: Caller) -> int:
    """Place the cases of some marked patients anew. Returns how many patients; 0: none is left."""
    practice_id = caller.practice_id
    with writing(caller.session) as session:
        taken = MARKS.marked(session, practice_id, PIECE)
        patients: Collection[UUID] = taken
        if not taken:
            patients = store.overtaken(session, practice_id, _today(caller), PIECE)
        if patients:
            _place(caller, patients)
            MARKS.unmark(session, practice_id, taken)
    return len(patients)


def rebuild(caller: Caller) -> int:
    """Mark every patient and place all cases anew. Returns how many patients."""
    with writing(caller.session) as session:
        MARKS.mark_all(session, caller.practice_id)
    return keep_cases(caller)


@dataclass(frozen=True, slots=True)
class Proof:
    """What a comparison of the list with the facts found; `missing` and `extra` are rows of queues."""

    patients: int
    rows: int
    missing: int
    extra: int
    marked: bool

    @property
    def differences(self) -> int:
        """How many rows are not as they ought to be."""
        return self.missing + self.extra


def prove(caller: Caller, most: int | None = None) -> Proof:
    """Compare the list with what the facts of every patient, or of so many, give now. Nothing is written."""
    session, practice_id = caller.session, caller.practice_id
    everyone = [one.id for one in islice(patient_store.in_patient_order(session, practice_id), most)]
    rows = missing = extra = 0
    for start in range(0, len(everyone), PIECE):
        some = everyone[start : start + PIECE]
        ought, kept = frozenset(_derived(caller, some)), store.of_patients(session, practice_id, some)
        rows, missing, extra = rows + len(ought), missing + len(ought - kept), extra + len(kept - ought)
    return Proof(len(everyone), rows, missing, extra, MARKS.count(session, practice_id) > 0)


def known_cases(caller: Caller, patient_ids: Collection[UUID]) -> Iterator[Known]:
    """Give what the list rests on, for every case of some patients: a fixed number of queries for 400 of them."""
    ordered = sorted(set(patient_ids))
    for start in range(0, len(ordered), PIECE):
        yield from _known(caller, ordered[start : start + PIECE])


def _place(caller: Caller, patient_ids: Collection[UUID]) -> None:
    session, practice_id = caller.session, caller.practice_id
    ought, kept = frozenset(_derived(caller, patient_ids)), store.of_patients(session, practice_id, patient_ids)
    store.drop(session, practice_id, kept - ought)
    store.put(session, practice_id, ought - kept)


def _derived(caller: Caller, patient_ids: Collection[UUID]) -> Iterator[Listed]:
    for known in known_cases(caller, patient_ids):
        yield from placed(known)


def _known(caller: Caller, patients: Sequence[UUID]) -> Iterator[Known]:
    session, practice_id = caller.session, caller.practice_id
    rows = authorization_store.of_patients(session, practice_id, patients)
    if not rows:
        return
    theirs = authorization_store.ids_of_patients(session, practice_id, list(rows))
    cases = deadline_store.cases_among(session, practice_id, theirs)
    following = authorization_store.next_actions(session, practice_id, list(rows))
    snoozed = store.snoozes(session, practice_id, theirs)
    asked = ask_store.cases_asked(session, practice_id, list(rows))
    coverages = coverage_store.of_patients(session, practice_id, list(rows))
    world = world_of(session, practice_id, caller.clock)
    today = caller.clock.today(ZoneInfo(world.practice.zone))
    low = _running_low(caller, world, rows, today)
    for patient_id, siblings in rows.items():
        for row in siblings:
            yield Known(
                row=row,
                case=cases.get(row.id) or Case(row.id),
                today=today,
                zone=ZoneInfo(world.practice.zone),
                siblings=siblings,
                coverages=coverages.get(patient_id, ()),
                next_action=row.id in following,
                next_on=following.get(row.id),
                asked_provider=row.id in asked,
                units_low=row.id in low,
                snoozed_until=snoozed.get(row.id),
            )


def _running_low(
    caller: Caller, world: World, rows: Mapping[UUID, tuple[Authorization, ...]], today: date
) -> frozenset[UUID]:
    """Name the approvals whose units run low; only patients with a counted one that has not ended are judged."""
    counted = {
        patient: found
        for patient, siblings in rows.items()
        if (found := [row for row in siblings if in_force(row, today) and is_counted(row)])
    }
    low: set[UUID] = set()
    for file in files_of(caller.session, caller.practice_id, sorted(counted)) if counted else ():
        judged = judge_file(file, world)
        lines = sorted((line for one in judged.values() for line in one.lines), key=_in_time)
        siblings = file.authorizations
        low |= {
            row.id for row in counted[file.patient.id] if units_low(use_of(row, lines, today), continued(row, siblings))
        }
    return frozenset(low)


def _in_time(line: LineVerdict) -> tuple[datetime, str, int]:
    return line.visit.starts_at, line.visit.reference, line.line.position


def _today(caller: Caller) -> date:
    practice = practice_store.practice_of(caller.session, caller.practice_id)
    return caller.clock.today(ZoneInfo(practice.zone))
