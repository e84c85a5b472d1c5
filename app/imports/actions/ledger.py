"""Reads what is on file for a piece of an import, and writes what was decided. In a dry run nothing is written."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from app.authorizations import store as authorizations
from app.authorizations.facts import AuthorizationRecord
from app.coverage.facts import CoverageRecord
from app.coverage.store import coverages as coverage
from app.imports.rules.people import mrn_key
from app.imports.rules.plans import OnFile, Plan
from app.imports.rules.undoing import Image, Piece
from app.imports.store import pieces, rows
from app.patients import store as patients
from app.patients.facts import PatientDetails
from app.platform.caller import Caller
from app.platform.changes import Changed, announce
from app.schedule import store as schedule


@dataclass
class Pretended:
    """What a dry run would have written so far, so that later rows and files see it."""

    patients: dict[str, PatientDetails] = field(default_factory=dict)
    coverages: dict[UUID, dict[UUID, CoverageRecord]] = field(default_factory=dict)
    dropped: set[UUID] = field(default_factory=set)
    authorizations: dict[UUID, dict[UUID, AuthorizationRecord]] = field(default_factory=dict)

    def note(self, plan: Plan) -> None:
        """Keep what a plan would write."""
        for patient in (*plan.new_patients.values(), *plan.changed_patients.values()):
            self.patients[mrn_key(patient.mrn)] = patient
        for record in (*plan.new_coverages.values(), *plan.changed_coverages.values()):
            self.coverages.setdefault(record.patient_id, {})[record.id] = record
        self.dropped |= plan.dropped_coverages
        for one in (*plan.new_authorizations, *plan.changed_authorizations):
            self.authorizations.setdefault(one.patient_id, {})[one.id] = one

    def lay_over(self, on_file: OnFile, keys: Sequence[str]) -> None:
        """Put it over what is stored."""
        on_file.patients.update({key: self.patients[key] for key in keys if key in self.patients})
        for patient in on_file.patients.values():
            stored = {one.id: one for one in on_file.coverages.get(patient.id, [])} | self.coverages.get(patient.id, {})
            on_file.coverages[patient.id] = [one for one in stored.values() if one.id not in self.dropped]
            asked = {one.id: one for one in on_file.authorizations.get(patient.id, [])}
            on_file.authorizations[patient.id] = list((asked | self.authorizations.get(patient.id, {})).values())


def load(
    caller: Caller,
    mrns: Sequence[str],
    references: Sequence[str] = (),
    pretended: Pretended | None = None,
) -> OnFile:
    """Read what is on file of the patients and visits that some rows name."""
    session, practice_id = caller.session, caller.practice_id
    keys = sorted({mrn_key(mrn) for mrn in mrns})
    found = patients.by_mrns(session, practice_id, keys)
    ids = list(dict.fromkeys(found.values()))
    people = patients.details(session, practice_id, ids)
    on_file = OnFile(
        {mrn_key(one.mrn): one for one in people.values()} | {key: people[who] for key, who in found.items()},
        dict(schedule.records(session, practice_id, references)) if references else {},
        dict(coverage.records_of(session, practice_id, ids)),
        dict(authorizations.records_of(session, practice_id, ids)),
    )
    if pretended is not None:
        pretended.lay_over(on_file, keys)
    return on_file


def write(caller: Caller, plan: Plan, run_id: UUID) -> None:
    """Write what a plan holds, keep what it replaces for undoing the run, and announce the patients whom it touched."""
    session, practice_id = caller.session, caller.practice_id
    pieces.add_piece(session, practice_id, run_id, _piece(caller, plan), caller.clock.now())
    patients.add_patients(session, practice_id, list(plan.new_patients.values()))
    patients.change_patients(session, practice_id, list(plan.changed_patients.values()))
    schedule.add_visits(session, practice_id, plan.new_visits)
    schedule.change_visits(session, practice_id, plan.changed_visits)
    coverage.drop_unverified(session, practice_id, list(plan.dropped_coverages))
    coverage.add_coverages(session, practice_id, list(plan.new_coverages.values()))
    coverage.change_coverages(session, practice_id, list(plan.changed_coverages.values()))
    authorizations.add_authorizations(session, practice_id, plan.new_authorizations, plan.new_events)
    authorizations.change_authorizations(session, practice_id, plan.changed_authorizations, plan.changed_events)
    announce(session, Changed(patients=frozenset(plan.touched)))


def _piece(caller: Caller, plan: Plan) -> Piece:
    """What a plan makes, and what is there now of all that it changes and removes."""
    dropped = [one for one in _images(caller, "coverage", plan.dropped_coverages) if not one.row["verified"]]
    gone = {one.row["id"] for one in dropped}
    changed = {
        "patient": _images(caller, "patient", plan.changed_patients),
        "visit": _images(caller, "visit", [one.visit.id for one in plan.changed_visits]),
        "coverage": _images(caller, "coverage", plan.changed_coverages.keys() - gone),
        "authorization": _images(caller, "authorization", [one.id for one in plan.changed_authorizations]),
    }
    made = {
        "patient": tuple(plan.new_patients),
        "visit": tuple(one.visit.id for one in plan.new_visits),
        "coverage": tuple(plan.new_coverages),
        "authorization": tuple(one.id for one in plan.new_authorizations),
    }
    return Piece(
        {table: ids for table, ids in made.items() if ids},
        {table: images for table, images in changed.items() if images},
        {"coverage": tuple(dropped)} if dropped else {},
    )


def _images(caller: Caller, table: str, ids: Collection[UUID]) -> tuple[Image, ...]:
    return rows.images(caller.session, caller.practice_id, table, ids)
