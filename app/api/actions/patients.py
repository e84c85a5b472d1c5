"""Read patients and their coverages for other programs, and record what a plan said."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from app.api.facts.problems import changed_since, conflict, not_found, not_valid
from app.api.rules.paging import Page
from app.api.store import listing
from app.casework.actions.coverages import put_coverage
from app.casework.actions.finding import find_patients
from app.casework.actions.payers import NewPayerError, PayerNotNamedError
from app.clearance.actions.opening import saw
from app.coverage.actions.coverages import KnownCoverageError, StaleCoverageError, change_coverage
from app.coverage.facts import CoverageRecord
from app.coverage.store import coverages as coverage_store
from app.patients import store as patient_store
from app.patients.facts import PatientDetails
from app.platform.caller import Caller

PAYER_UNKNOWN = (
    "No payer of this name is on file. Send the id or name of one that is, or new_payer true to add it without rules."
)
PAYER_NOT_NAMED = "This names no payer. Send its id or name."


@dataclass(frozen=True, slots=True)
class Search:
    """What a search found: patients by name, and whether there are more than are given."""

    patients: tuple[PatientDetails, ...]
    more: bool


def refuse_out_of_sight(caller: Caller, patient_id: UUID) -> None:
    """Raise ProblemError (404) unless a patient is on file and in sight."""
    if not listing.patient_in_sight(caller.session, caller.practice_id, caller.scope, patient_id):
        raise not_found()


def list_patients(caller: Caller, limit: int, after: tuple[str, ...] | None) -> Page[PatientDetails]:
    """Read one page of patients in the order of their ids, and note whom it showed."""
    session, practice_id = caller.session, caller.practice_id
    place = None if after is None else UUID(after[0])
    ids = listing.patient_ids(session, practice_id, caller.scope, limit + 1, place)
    shown = ids[:limit]
    found = patient_store.seen(session, practice_id, shown)
    saw(caller, "api.patients_read", shown)
    return Page(tuple(found[one] for one in shown if one in found), (str(shown[-1]),) if len(ids) > limit else None)


def search_patients(caller: Caller, words: str) -> Search:
    """Find patients as the finder of the pages does; the words leave no trace."""
    found = find_patients(caller, words)
    seen = [
        one
        for one in found.patients
        if listing.patient_in_sight(caller.session, caller.practice_id, caller.scope, one.id)
    ]
    return Search(tuple(seen), found.more)


def read_patient(caller: Caller, patient_id: UUID) -> tuple[PatientDetails, int]:
    """Read one patient and its version, and note it. Raises ProblemError (404)."""
    refuse_out_of_sight(caller, patient_id)
    found = patient_store.on_file(caller.session, caller.practice_id, patient_id)
    if found is None:
        raise not_found()
    saw(caller, "api.patient_read", [patient_id])
    return found


def list_coverages(caller: Caller, patient_id: UUID) -> dict[CoverageRecord, int]:
    """Read a patient's coverages with their versions, and note it. Raises ProblemError (404)."""
    refuse_out_of_sight(caller, patient_id)
    found = coverage_store.on_file(caller.session, caller.practice_id, patient_id)
    saw(caller, "api.coverages_read", [patient_id])
    return found


def read_coverage(caller: Caller, patient_id: UUID, coverage_id: UUID) -> tuple[CoverageRecord, int]:
    """Read one coverage and its version, and note it. Raises ProblemError (404)."""
    found = next((pair for pair in list_coverages(caller, patient_id).items() if pair[0].id == coverage_id), None)
    if found is None:
        raise not_found()
    return found


def add_coverage(
    caller: Caller, patient_id: UUID, key: UUID, payer: str, new_payer: bool, values: Mapping[str, Any]
) -> tuple[CoverageRecord, int]:
    """Add a coverage under an id. Raises ProblemError (404, 409, 422)."""
    refuse_out_of_sight(caller, patient_id)
    with_payer(lambda: put_coverage(caller, patient_id, key, payer, new_payer, values))
    return read_coverage(caller, patient_id, key)


def with_payer(effect: Callable[[], object]) -> None:
    """Do what names a payer. Raises ProblemError (409, 422)."""
    try:
        effect()
    except NewPayerError:
        raise not_valid({"payer": PAYER_UNKNOWN}) from None
    except PayerNotNamedError:
        raise not_valid({"payer": PAYER_NOT_NAMED}) from None
    except KnownCoverageError:
        raise conflict("The patient has a coverage of this rank, payer, member and begin already.") from None


def record_check(
    caller: Caller, patient_id: UUID, coverage_id: UUID, version: int, answer: Mapping[str, Any]
) -> tuple[CoverageRecord, int]:
    """Record what the plan said of a coverage. Raises ProblemError (404, 409, 412)."""
    read_coverage(caller, patient_id, coverage_id)
    try:
        change_coverage(caller, patient_id, coverage_id, version, answer)
    except StaleCoverageError:
        raise changed_since() from None
    except KnownCoverageError:
        raise conflict("The patient has a coverage of this rank, payer, member and begin already.") from None
    return read_coverage(caller, patient_id, coverage_id)
