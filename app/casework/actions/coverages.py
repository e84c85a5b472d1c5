"""Add a coverage, and change one."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from app.casework.actions.payers import name_payer, payer_choices
from app.casework.actions.reading import PatientNotFoundError
from app.casework.actions.watching import badges_of, turned_since
from app.casework.facts.coverages import CoverageStart
from app.casework.facts.done import Done
from app.clearance.actions.opening import saw
from app.coverage.actions.coverages import CoverageNotFoundError, add_coverage, change_coverage, take_back
from app.coverage.facts import CoverageRecord
from app.coverage.rules import changes_of, values_before
from app.coverage.store import coverages as coverage_store
from app.patients import store as patient_store
from app.platform.caller import Caller
from app.platform.ids import new_id
from app.practice.store import practice as practice_store


def start_coverage(caller: Caller, patient_id: UUID, coverage_id: UUID | None = None) -> CoverageStart:
    """Read what a form of a coverage starts from. Raises PatientNotFoundError and CoverageNotFoundError."""
    session, practice_id = caller.session, caller.practice_id
    patient = patient_store.opened(session, practice_id, [patient_id]).get(patient_id)
    if patient is None:
        raise PatientNotFoundError
    coverages = coverage_store.on_file(session, practice_id, patient_id)
    mine = next((one for one in coverages if one.id == coverage_id), None)
    if coverage_id is not None and mine is None:
        raise CoverageNotFoundError
    start = CoverageStart(
        patient=patient,
        today=caller.clock.today(ZoneInfo(practice_store.practice_of(session, practice_id).zone)),
        payers=payer_choices(caller),
        others=tuple(one for one in coverages if one != mine),
        coverage=mine,
        version=coverages[mine] if mine is not None else None,
    )
    saw(caller, "casework.coverage_form_seen", [patient_id])
    return start


def put_coverage(
    caller: Caller, patient_id: UUID, key: UUID, payer: str, new_is_right: bool, values: Mapping[str, Any]
) -> Done:
    """Add a coverage under the id that its form carries, so that a form sent twice adds it once.

    Raises    PayerNotNamedError, NewPayerError, KnownCoverageError.
    """
    match = name_payer(caller, payer, new_is_right)
    blank = CoverageRecord(key, patient_id, values["rank"], match.key, match.name, values["member_id"])
    before = badges_of(caller, patient_id)
    fresh = add_coverage(caller, replace(blank, **values))
    return Done(key, turned_since(caller, patient_id, before)) if fresh else Done(None)


def edit_coverage(
    caller: Caller,
    start: CoverageStart,
    version: int,
    payer: str,
    new_is_right: bool,
    values: Mapping[str, Any],
) -> Done:
    """Change a coverage. Raises PayerNotNamedError, NewPayerError, StaleCoverageError, KnownCoverageError."""
    assert start.coverage is not None
    match = name_payer(caller, payer, new_is_right)
    return _changed(caller, start.coverage, version, {**values, "payer": match.key, "payer_name": match.name})


def undo_coverage(caller: Caller, patient_id: UUID, coverage_id: UUID, event_id: UUID) -> Done:
    """Take the last change of a coverage back. Raises CoverageNotFoundError, UndoRefusedError, KnownCoverageError."""
    before = badges_of(caller, patient_id)
    take_back(caller, patient_id, coverage_id, event_id)
    return Done(event_id, turned_since(caller, patient_id, before))


def _changed(caller: Caller, old: CoverageRecord, version: int, changes: Mapping[str, Any]) -> Done:
    before, event_id = badges_of(caller, old.patient_id), new_id()
    new = change_coverage(caller, old.patient_id, old.id, version, changes, event_id)
    if new == old:
        return Done(None)
    undoable = values_before(changes_of(old, new)) is not None
    return Done(event_id, turned_since(caller, old.patient_id, before), undoable)
