"""Read and keep authorizations for other programs. What the desk may do, and no more."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from app.api.actions.patients import refuse_out_of_sight, with_payer
from app.api.facts.problems import changed_since, conflict, not_found, not_valid
from app.api.rules.authorizations import UseRefusedError, faults_of, used_more
from app.api.rules.paging import Page
from app.api.store import listing
from app.authorizations import store as authorization_store
from app.authorizations.actions import KnownNumberError, StaleAuthorizationError, change_authorization, move
from app.authorizations.facts import UNSENT, Authorization, AuthorizationEvent, AuthorizationRecord, Status
from app.authorizations.rules.changes import with_used_kept
from app.authorizations.rules.moves import IllegalMoveError
from app.authorizations.rules.settling import RefusedValueError, settled
from app.casework.actions.approvals import Under, log_approval
from app.casework.actions.cosmetic import CosmeticRequestError, refuse_cosmetic
from app.clearance.actions.opening import saw
from app.coverage.store import coverages as coverage_store
from app.platform.caller import Caller
from app.policies.actions.library import current_book
from app.policies.rules.library import drug_key
from app.practice.store import practice as practice_store

KNOWN = "The patient has an authorization of this payer with this number, or reference, or codes and begin already."


@dataclass(frozen=True, slots=True)
class ApprovalQuery:
    """Which authorizations: of a patient, of a status."""

    patient: UUID | None
    statuses: tuple[Status, ...]
    limit: int


def list_authorizations(caller: Caller, query: ApprovalQuery, after: tuple[str, ...] | None) -> Page[Authorization]:
    """Read one page of authorizations in the order of their ids, and note whom it showed. Raises ProblemError (404)."""
    session, practice_id = caller.session, caller.practice_id
    if query.patient is not None:
        refuse_out_of_sight(caller, query.patient)
    place = None if after is None else UUID(after[0])
    found = listing.approval_ids(
        session, practice_id, caller.scope, query.limit + 1, place, query.patient, query.statuses
    )
    shown = found[: query.limit]
    patients = list(dict.fromkeys(patient for _one, patient in shown))
    rows = authorization_store.of_patients(session, practice_id, patients)
    known = {one.id: one for group in rows.values() for one in group}
    saw(caller, "api.authorizations_read", [*patients, *(one for one, _patient in shown)])
    following = (str(shown[-1][0]),) if len(found) > query.limit else None
    return Page(tuple(known[one] for one, _patient in shown if one in known), following)


def read_authorization(caller: Caller, authorization_id: UUID) -> tuple[AuthorizationRecord, int]:
    """Read one authorization and its version, and note it. Raises ProblemError (404)."""
    record, version = _held(caller, authorization_id, hold=False)
    saw(caller, "api.authorization_read", [record.patient_id, record.id])
    return record, version


def read_events(caller: Caller, authorization_id: UUID) -> tuple[AuthorizationEvent, ...]:
    """Read what happened to one authorization, oldest first, and note it. Raises ProblemError (404)."""
    record, _version = _held(caller, authorization_id, hold=False)
    saw(caller, "api.authorization_events_read", [record.patient_id, record.id])
    return authorization_store.events_of(caller.session, caller.practice_id, authorization_id)


def create_authorization(
    caller: Caller, key: UUID, patient_id: UUID, under: Under, values: Mapping[str, Any]
) -> tuple[AuthorizationRecord, int]:
    """Log an authorization under an id. Raises ProblemError (404, 409, 422)."""
    refuse_out_of_sight(caller, patient_id)
    if under.coverage is not None:
        coverages = coverage_store.on_file(caller.session, caller.practice_id, patient_id)
        if under.coverage not in {one.id for one in coverages}:
            raise not_valid({"coverage_id": "The patient has no coverage with this id."})
    status = values["status"]
    blank = AuthorizationRecord(key, patient_id, "", "", "", status, status.value)
    _refuse_faults(caller, replace(blank, **values))
    _refuse_strange_parent(caller, patient_id, values.get("parent_id"))
    _named(lambda: with_payer(lambda: log_approval(caller, patient_id, key, under, values)))
    return read_authorization(caller, key)


def edit_authorization(
    caller: Caller, authorization_id: UUID, version: int, changes: Mapping[str, Any]
) -> tuple[AuthorizationRecord, int]:
    """Change some fields of an authorization. Raises ProblemError (404, 409, 412, 422)."""
    old, now = _held(caller, authorization_id, hold=True)
    if now != version:
        raise changed_since()
    whole = _with_known_drug(caller, changes)
    if "items" in whole:
        whole["items"] = with_used_kept(whole["items"], old.items)
        if any(one.count is not None and (one.used or 0) > one.count for one in whole["items"]):
            raise conflict("More units are used already than the new count has.")
    if whole.get("ends") is not None and "no_end" not in whole:
        whole["no_end"] = False
    to = whole.get("status", old.status)
    new = replace(old, **whole)
    _refuse_faults(caller, new if whole.get("verbal") else settled(new))
    if old.status in UNSENT:
        _named(lambda: refuse_cosmetic(caller, new))
    return _changed(caller, authorization_id, version, whole, None if to is old.status else to)


def _with_known_drug(caller: Caller, changes: Mapping[str, Any]) -> dict[str, Any]:
    """Call the drug by its service key, where a list of ours has it; else by its name in lower case."""
    name = changes.get("drug")
    if not name:
        return dict(changes)
    key = drug_key(current_book(caller.session, caller.practice_id), name)
    return {**changes, "drug": key if key.startswith(("drug:", "drug_class:")) else name.lower()}


def use_units(caller: Caller, authorization_id: UUID, code: str, units: int) -> tuple[AuthorizationRecord, int]:
    """Count units as used that no visit on file shows. Raises ProblemError (404, 409)."""
    record, version = _held(caller, authorization_id, hold=True)
    try:
        items = used_more(record, code, units)
    except UseRefusedError as error:
        raise conflict(str(error)) from None
    return _changed(caller, authorization_id, version, {"items": items})


def _changed(
    caller: Caller, authorization_id: UUID, version: int, changes: Mapping[str, Any], to: Status | None = None
) -> tuple[AuthorizationRecord, int]:
    """Change an authorization, or move it `to` another state, which keeps what was asked and the day."""
    try:
        if to is None:
            _named(lambda: change_authorization(caller, authorization_id, version, changes))
        else:
            _named(lambda: move(caller, authorization_id, version, to, changes))
    except StaleAuthorizationError:
        raise changed_since() from None
    return read_authorization(caller, authorization_id)


def _named(effect: Callable[[], object]) -> None:
    try:
        effect()
    except KnownNumberError:
        raise conflict(KNOWN) from None
    except IllegalMoveError as error:
        raise conflict(error.sentence) from None
    except RefusedValueError as error:
        raise not_valid({error.field: f"{error.sentence}."}) from None
    except CosmeticRequestError as error:
        raise not_valid({"items": f"{error.sentence}."}) from None


def _held(caller: Caller, authorization_id: UUID, hold: bool) -> tuple[AuthorizationRecord, int]:
    found = authorization_store.record_of(caller.session, caller.practice_id, authorization_id, hold)
    if found is None:
        raise not_found()
    refuse_out_of_sight(caller, found[0].patient_id)
    return found


def _refuse_faults(caller: Caller, record: AuthorizationRecord) -> None:
    session, practice_id = caller.session, caller.practice_id
    faults = faults_of(record, _today(caller))
    sites = {one.id for one in practice_store.sites(session, practice_id)}
    if record.site_id is not None and record.site_id not in sites:
        faults["site_id"] = "The practice has no site with this id."
    if faults:
        raise not_valid(faults)


def _refuse_strange_parent(caller: Caller, patient_id: UUID, parent_id: UUID | None) -> None:
    """A link follows a case of the same patient."""
    if parent_id is not None:
        owners = authorization_store.patients_by_id(caller.session, caller.practice_id, [parent_id])
        if owners.get(parent_id) != patient_id:
            raise not_valid({"parent_id": "The patient has no authorization with this id."})


def _today(caller: Caller) -> date:
    zone = practice_store.practice_of(caller.session, caller.practice_id).zone
    return caller.clock.today(ZoneInfo(zone))
