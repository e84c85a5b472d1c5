"""Appointments and patients as feeds tell them (HL7 v2, FHIR): into the schedule like the rows of a schedule file.

Of each field the message sent last counts, so that messages may come late, twice and in any order. What a message does
not mention stays as it is. What surely names nobody, or contradicts what is on file, changes nothing and is left for a
person.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from app.audit.actions import record
from app.imports.actions.arranging import Arranging
from app.imports.actions.feed_people import Known, cover, known_patient, person_after
from app.imports.actions.merging import merge
from app.imports.intake.feeds import COVERED, ToldAppointment, ToldPerson, read_appointment, read_person
from app.imports.rules.feeds import decide_record
from app.imports.rules.telling import Stamp, Telling, stamp_of, tell
from app.imports.store import feeds
from app.imports.store.feeds import FeedAppointment
from app.platform.caller import Caller
from app.platform.changes import Changed, announce, announced
from app.platform.ids import new_id
from app.practice.store.practice import practice_of
from app.schedule import store as schedule
from app.schedule.facts import VisitRecord
from app.values.records import Filed, Outcome, RecordRef

UPSERTS = frozenset({"A01", "A04", "A05", "A08", "A28", "A31"})
MERGES = frozenset({"A18", "A34", "A36", "A39", "A40"})


@dataclass(frozen=True, slots=True)
class _OnFile:
    """What is on file of an appointment: the visit, and what was told of it."""

    visit: VisitRecord | None
    kept: FeedAppointment


def take_appointment(
    caller: Caller,
    appointment: Mapping[str, Any],
    ref: RecordRef,
    about: Mapping[str, Any] | None = None,
    patient_id: UUID | None = None,
) -> Filed:
    """Take an appointment of a feed: new, moved, changed, canceled or not kept.

    Takes     the appointment as reading gives it; where it came from; `about`: the document that it is of, for
              `sent_at` and `transaction` (without them it was sent when it came); the patient whom a person says that
              it is about.
    Returns   what came of it, with the visit as `subject_id`. UNMATCHED: no visit can be made of it yet; what it tells
              is kept, and counts when another message completes it. CONTRADICTING: nothing of it is kept.
    """
    told = read_appointment(appointment)
    with announced(caller):
        stamp = _stamp(caller, about or {})
        found = _on_file(caller, told)
        if isinstance(found, Filed):
            return found
        return _take(caller, told, tell(found.kept.told, stamp, _values(told)), found, stamp, ref, patient_id)


def _stamp(caller: Caller, about: Mapping[str, Any]) -> Stamp:
    zone = ZoneInfo(practice_of(caller.session, caller.practice_id).zone)
    return stamp_of(about.get("sent_at"), about.get("transaction"), caller.clock.now(), zone)


def _values(told: ToldAppointment) -> dict[str, Any]:
    """What is told, and beside it the NPI of whoever was named with one."""
    npi, name = told.values["provider"] or (None, None)
    return {**told.values, **({f"npi.{name}": npi} if npi and name else {})}


def _on_file(caller: Caller, told: ToldAppointment) -> _OnFile | Filed:
    """Find an appointment by what was told of it before, else by the visit that has its number in the schedule.

    The numbers of placers and fillers may overlap: a visit of which another appointment was told is not meant.
    """
    session, practice_id = caller.session, caller.practice_id
    numbers = [number for number in (told.placer, told.filler) if number]
    if not numbers:
        return Filed(Outcome.UNMATCHED, why="no_number")
    kept = feeds.appointments_under(session, practice_id, told.placer, told.filler)
    if len(kept) > 1:
        return Filed(Outcome.CONTRADICTING, why="two_appointments")
    known = kept[0] if kept else FeedAppointment(new_id(), None, None, None, {})
    visit = _linked(caller, known) or _numbered(caller, known, numbers)
    if isinstance(visit, Filed):
        return visit
    return _OnFile(visit, known.numbered(told.placer, told.filler))


def _linked(caller: Caller, kept: FeedAppointment) -> VisitRecord | None:
    return _records(caller, {kept.visit_id}).get(kept.visit_id) if kept.visit_id else None


def _numbered(caller: Caller, kept: FeedAppointment, numbers: Sequence[str]) -> VisitRecord | Filed | None:
    session, practice_id = caller.session, caller.practice_id
    found = schedule.records(session, practice_id, numbers)
    ids = [one.visit.id for one in found.values()]
    taken = {one.visit_id for one in feeds.appointments_under(session, practice_id, None, None, ids)}
    free = [found[number] for number in numbers if number in found and found[number].visit.id not in taken]
    if free:
        return free[0]
    return Filed(Outcome.CONTRADICTING, why="two_appointments") if numbers[0] in found else None


def _records(caller: Caller, visit_ids: set[UUID]) -> dict[UUID, VisitRecord]:
    session, practice_id = caller.session, caller.practice_id
    found = schedule.visits_by_ids(session, practice_id, list(visit_ids)) if visit_ids else {}
    references = [visit.reference for visit in found.values()]
    return {one.visit.id: one for one in schedule.records(session, practice_id, references).values()}


def _take(
    caller: Caller,
    told: ToldAppointment,
    telling: Telling,
    found: _OnFile,
    stamp: Stamp,
    ref: RecordRef,
    chosen: UUID | None,
) -> Filed:
    before = found.visit
    if before is None and told.wished:
        return Filed(Outcome.NOTED, why="not_booked")
    known = known_patient(caller, told.person, chosen or (before.visit.patient_id if before else None), chosen)
    if isinstance(known, Filed):
        return known if known.outcome is Outcome.CONTRADICTING else _left(caller, found, telling, known)
    if before is not None and known.patient.id != before.visit.patient_id:
        return Filed(Outcome.CONTRADICTING, before.visit.patient_id, before.visit.id, "visit_of_another")
    if before is not None and not telling.won:
        why = None if telling.repeated else "superseded"
        outcome = Outcome.ALREADY if telling.repeated else Outcome.NOTED
        return Filed(outcome, before.visit.patient_id, before.visit.id, why)
    return _arranged(caller, told, telling, found, known, stamp, ref)


def _left(caller: Caller, found: _OnFile, telling: Telling, filed: Filed) -> Filed:
    """Keep what was told of an appointment of which no visit can be made yet."""
    kept = replace(found.kept, told=telling.told)
    feeds.save_appointment(caller.session, caller.practice_id, kept, caller.clock.now())
    return filed


def _arranged(
    caller: Caller,
    told: ToldAppointment,
    telling: Telling,
    found: _OnFile,
    known: Known,
    stamp: Stamp,
    ref: RecordRef,
) -> Filed:
    session, practice_id, before = caller.session, caller.practice_id, found.visit
    arranging = Arranging(caller, telling, before)
    why = arranging.missing()
    if why is not None:
        return _left(caller, found, telling, Filed(Outcome.UNMATCHED, known.patient_id, why=why))
    person = person_after(caller, known, told.person, stamp)
    reference = before.visit.reference if before else told.placer or told.filler or ""
    arranged = arranging.arranged(reference, person.patient, person.named)
    after = decide_record(arranged, before, schedule.visit_types(session, practice_id), new_id)
    person.write(caller)
    arranging.write()
    if before is None:
        schedule.add_visits(session, practice_id, [after])
    elif after != before:
        schedule.change_visits(session, practice_id, [after])
    kept = replace(found.kept, told=telling.told, visit_id=after.visit.id)
    feeds.save_appointment(session, practice_id, kept, caller.clock.now())
    if after != before or person.changed:
        announce(session, Changed(frozenset({person.patient.id})))
    subjects = (person.patient.id, after.visit.id)
    record(caller, "imports.fed_appointment", subjects, status=after.visit.status.value, number=ref.number)
    return Filed(Outcome.MATCHED, person.patient.id, after.visit.id)


def take_person(caller: Caller, adt: Mapping[str, Any], ref: RecordRef, patient_id: UUID | None = None) -> Filed:
    """Take a patient message: who a patient is, which coverages are named, or that two records are of one person.

    Takes     the document as reading gives it, with `sent_at` and `transaction`; where it came from; the patient whom a
              person says that it is about: of a merge the one that stays, whatever the two records say.
    Returns   what came of it. UNMATCHED: the record number is not on file, and the message does not say who it is.
              CONTRADICTING: the number is somebody else's, or the two records are not alike; nothing changed.
    """
    told = read_person(adt)
    with announced(caller):
        if told.event not in UPSERTS | MERGES:
            return Filed(Outcome.NOTED)
        known = known_patient(caller, told.person, patient_id, patient_id)
        if isinstance(known, Filed):
            return known
        stamp = _stamp(caller, adt)
        if told.event in MERGES:
            return merge(caller, told, known, stamp, ref, forced=patient_id is not None)
        return _told(caller, told, known, stamp, ref)


def _told(caller: Caller, told: ToldPerson, known: Known, stamp: Stamp, ref: RecordRef) -> Filed:
    person = person_after(caller, known, told.person, stamp, told.values)
    if not person.telling.won and not known.is_new:
        outcome = Outcome.ALREADY if person.telling.repeated else Outcome.NOTED
        why = None if person.telling.repeated else "superseded"
        return Filed(outcome, known.patient_id, why=why)
    if any(field.startswith(COVERED) for field in person.telling.won):
        cover(caller, person)
    person.write(caller)
    announce(caller.session, Changed(frozenset({person.patient.id})))
    record(caller, "imports.fed_person", (person.patient.id,), number=ref.number)
    return Filed(Outcome.MATCHED, person.patient.id)
