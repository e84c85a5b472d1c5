"""Whom a message of a feed is about, and what it changes of the person and the coverages."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from app.coverage.store import coverages as coverage
from app.imports.facts import Person, RowRefusedError
from app.imports.intake.feeds import COVERED, told_of
from app.imports.rules.feeds import (
    Covered,
    Named,
    NamedCoverage,
    coverages_of,
    decide_coverages,
    named_of,
    with_facts,
)
from app.imports.rules.people import check_identity, details_of, updated
from app.imports.rules.telling import Stamp, Telling, Told, tell, value_of
from app.imports.store import feeds
from app.imports.store.rows import held
from app.patients import store as patients
from app.patients.facts import PatientDetails
from app.platform.caller import Caller
from app.platform.db import keyring_of
from app.platform.ids import new_id
from app.policies.actions.library import current_book
from app.policies.facts.answers import PayerMatch
from app.policies.rules.payers import resolve_payer
from app.policies.store import payers
from app.practice.store.practice import practice_of
from app.schedule import store as schedule
from app.schedule.facts import VisitRecord, VisitStatus
from app.values.records import Filed, Outcome


@dataclass(frozen=True, slots=True)
class Known:
    """The patient of a message: on file, or to be made of it. `chosen`: a person said so, and the names stay."""

    patient: PatientDetails
    is_new: bool = False
    chosen: bool = False

    @property
    def patient_id(self) -> UUID | None:
        """The id of a patient who is on file."""
        return None if self.is_new else self.patient.id


def known_patient(caller: Caller, person: Person, of_visit: UUID | None, chosen: UUID | None) -> Known | Filed:
    """Find the patient of a message: as a person said, by record number, or as the visit on file says.

    Returns   the patient, or what comes of a message whose patient is not known or is somebody else.
    """
    session, practice_id = caller.session, caller.practice_id
    by_number = patients.by_mrn(session, practice_id, person.mrn) if person.mrn else None
    patient_id = chosen or by_number or (None if person.mrn else of_visit)
    if patient_id is None and of_visit is not None:
        return Filed(Outcome.CONTRADICTING, of_visit, why="visit_of_another")
    if patient_id is None:
        if person.mrn and person.last_name and person.first_name and person.birth_date:
            return Known(details_of(person, new_id()), is_new=True)
        return Filed(Outcome.UNMATCHED, why="unknown_patient" if person.mrn else "no_record_number")
    on_file = patients.details(session, practice_id, [patient_id]).get(patient_id)
    if on_file is None:
        return Filed(Outcome.UNMATCHED, why="unknown_patient")
    try:
        if chosen is None:
            check_identity(person, on_file)
    except RowRefusedError:
        return Filed(Outcome.CONTRADICTING, patient_id, why="other_person")
    return Known(on_file, chosen=chosen is not None)


@dataclass
class PersonAfter:
    """A patient as a message leaves the record: what is told, and what is to be written."""

    patient: PatientDetails
    is_new: bool
    changed: bool
    telling: Telling
    listed: list[NamedCoverage | None] = field(default_factory=list)
    named: Named | None = None
    covered: Covered | None = None
    payers: list[PayerMatch] = field(default_factory=list)
    visits: list[VisitRecord] = field(default_factory=list)

    def write(self, caller: Caller) -> None:
        """Write the patient, what was told, and the coverages."""
        session, practice_id = caller.session, caller.practice_id
        if self.is_new:
            patients.add_patients(session, practice_id, [self.patient])
        elif self.changed:
            patients.change_patients(session, practice_id, [self.patient])
        feeds.save_person(session, practice_id, self.patient.id, self.telling.told, caller.clock.now())
        if self.covered is None:
            return
        for match in self.payers:
            payers.add_payer(session, practice_id, match.key, match.name)
        asked_about = held(session, practice_id, "coverage", self.covered.dropped)
        coverage.drop_unverified(session, practice_id, [one for one in self.covered.dropped if one not in asked_about])
        coverage.add_coverages(session, practice_id, self.covered.new)
        coverage.change_coverages(session, practice_id, self.covered.changed)
        schedule.change_visits(session, practice_id, self.visits)


def person_after(
    caller: Caller,
    known: Known,
    person: Person,
    stamp: Stamp,
    values: Mapping[str, Any] | None = None,
    told: Told | None = None,
) -> PersonAfter:
    """Say what a message changes of its patient.

    Takes     `values`: what it tells, else what it says of the person; `told`: what was told before, where that is not
              what is on file (of two records that become one).
    """
    session, practice_id = caller.session, caller.practice_id
    before: Told = told if told is not None else {}
    if told is None and not known.is_new:
        before = feeds.person_told(session, practice_id, known.patient.id)
    said = dict(told_of(person) if values is None else values)
    if known.chosen:
        said = {name: value for name, value in said.items() if name not in told_of(person)}
    telling = tell(before, stamp, said)
    patient = known.patient if known.is_new else updated(known.patient, _person(telling, told is not None))
    after = PersonAfter(patient, known.is_new, known.is_new or patient != known.patient, telling)
    if any(name.startswith(COVERED) for name in telling.told):
        book, keyring = current_book(session, practice_id), keyring_of(session)
        after.listed = coverages_of(telling.told, lambda name: resolve_payer(book, name))
        after.named = named_of(after.listed, lambda member: keyring.member_key(practice_id, member))
    return after


def _person(telling: Telling, everything: bool) -> Person:
    """What is to be written of a person: the fields of which this message has the last word, or all that was told."""
    told = {
        name: value_of(telling.told, name)
        for name in ("last_name", "first_name", "birth_date")
        if everything or name in telling.won
    }
    birth = told.get("birth_date")
    return Person("", told.get("last_name"), told.get("first_name"), date.fromisoformat(birth) if birth else None)


def cover(caller: Caller, after: PersonAfter) -> None:
    """Decide what the coverages that were told make of those on file, and what the visits to come say of them."""
    session, practice_id = caller.session, caller.practice_id
    today = caller.clock.today(ZoneInfo(practice_of(session, practice_id).zone))
    told = after.listed
    records = coverage.records_of(session, practice_id, [after.patient.id]).get(after.patient.id, [])
    before = after.patient
    after.covered = decide_coverages(told, before, records, new_id, today)
    after.patient = after.covered.patient
    after.changed = after.changed or after.patient != before
    matches = [one.payer for one in told if one is not None]
    after.payers = [one for one in matches if not one.in_library and not one.self_pay]
    if after.named is None or after.is_new:
        return
    facts = {"named_payer": after.named.payer, "named_member": after.named.member}
    for visit in _to_come(caller, after.patient.id, today):
        named = with_facts(visit, facts)
        after.visits += [named] if named != visit else []


def _to_come(caller: Caller, patient_id: UUID, today: date) -> list[VisitRecord]:
    session, practice_id = caller.session, caller.practice_id
    visits = schedule.of_patients(session, practice_id, [patient_id]).get(patient_id, ())
    booked = [one.reference for one in visits if one.status is VisitStatus.BOOKED and one.day >= today]
    return list(schedule.records(session, practice_id, booked).values()) if booked else []
