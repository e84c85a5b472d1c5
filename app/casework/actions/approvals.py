"""Log an approval in under a minute, change one, close one, and take a change back."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from app.authorizations import store as authorization_store
from app.authorizations.actions import (
    AuthorizationNotFoundError,
    add_authorization,
    change_authorization,
    take_back,
)
from app.authorizations.facts import UNSENT, AuthorizationRecord, Status
from app.authorizations.rules.changes import changes_of, values_before, with_used_kept
from app.casework.actions.cosmetic import refuse_cosmetic
from app.casework.actions.payers import name_payer, payer_choices
from app.casework.actions.reading import PatientNotFoundError
from app.casework.actions.watching import badges_of, turned_since
from app.casework.facts.approvals import ApprovalStart
from app.casework.facts.done import Done
from app.clearance.actions.judging import judge_patients
from app.clearance.actions.opening import saw
from app.clearance.actions.world import world_of
from app.clearance.rules.coverages import coverage_of_day
from app.clearance.rules.usage import holds
from app.coverage.facts import CoverageRecord
from app.coverage.store import coverages as coverage_store
from app.patients import store as patient_store
from app.platform.caller import Caller
from app.platform.ids import new_id
from app.policies.actions.library import current_book
from app.policies.facts.answers import Need
from app.policies.rules.library import drug_key
from app.practice.store import practice as practice_store
from app.values.insurance import Channel


@dataclass(frozen=True, slots=True)
class Under:
    """Whose approval it is: one of the patient's coverages, or a payer and member as typed; neither: as on file.

    `new_is_right`: a person said that a payer of this name is to be added.
    """

    coverage: UUID | None = None
    payer: str | None = None
    member_id: str | None = None
    new_is_right: bool = False


def start_approval(caller: Caller, patient_id: UUID, visit_id: UUID | None = None) -> ApprovalStart:
    """Read what the short form starts from. Raises PatientNotFoundError; a visit of somebody else is left out."""
    start = _start(caller, patient_id)
    session, practice_id = caller.session, caller.practice_id
    world = world_of(session, practice_id, caller.clock)
    judged = next(iter(judge_patients(session, practice_id, world, [patient_id])), {})
    lines = judged[visit_id].lines if visit_id in judged else ()
    day = lines[0].visit.day if lines else start.today
    facts = coverage_store.of_patients(session, practice_id, [patient_id]).get(patient_id, ())
    channel = (lines[0].line.channel if lines else None) or Channel.MEDICAL
    of_day = coverage_of_day(facts, channel, day)
    needed = [one for one in lines if one.line.code and one.requirement and not holds(one)]
    open_codes = [one.line.code for one in needed if one.requirement and one.requirement.need is not Need.NOT_REQUIRED]
    return replace(
        start,
        coverage=of_day.id if of_day else None,
        codes=tuple(dict.fromkeys(code for code in open_codes if code)),
        visit_id=visit_id if lines else None,
        visit_day=day if lines else None,
    )


def start_edit(caller: Caller, patient_id: UUID, authorization_id: UUID) -> ApprovalStart:
    """Read an approval for changing it. Raises PatientNotFoundError and AuthorizationNotFoundError."""
    start = _start(caller, patient_id)
    record, version = _of_patient(caller, patient_id, authorization_id)
    return replace(start, approval=record, version=version)


def log_approval(caller: Caller, patient_id: UUID, key: UUID, under: Under, values: Mapping[str, Any]) -> Done:
    """Log an approval under the id that its form carries, so that a form sent twice logs it once.

    Returns   what it did; no change when it is on file already.
    Raises    PatientNotFoundError, PayerNotNamedError, NewPayerError, KnownNumberError, CosmeticRequestError (a request
              that the payer has not decided).
    """
    if not patient_store.opened(caller.session, caller.practice_id, [patient_id]):
        raise PatientNotFoundError
    whose = _whose(caller, patient_id, under)
    status = values["status"]
    record = AuthorizationRecord(key, patient_id, "", "", "", status, status.value)
    whole = replace(record, **{**known_drug(caller, values), **whose})
    refuse_cosmetic(caller, whole)
    before = badges_of(caller, patient_id)
    fresh = add_authorization(caller, whole)
    return Done(key, turned_since(caller, patient_id, before)) if fresh else Done(None)


def edit_approval(
    caller: Caller,
    patient_id: UUID,
    authorization_id: UUID,
    version: int,
    under: Under,
    values: Mapping[str, Any],
    why: str | None = None,
) -> Done:
    """Change an approval; the visits are judged anew.

    Takes     `why`: MISTAKE where a person said that what was logged was wrong; then any state may follow.
    Returns   what it did, with the id of the change, by which it can be taken back.
    Raises    AuthorizationNotFoundError, StaleAuthorizationError, KnownNumberError, PayerNotNamedError,
              NewPayerError, IllegalMoveError, RefusedValueError.
    """
    old, _version = _of_patient(caller, patient_id, authorization_id)
    changes = {**known_drug(caller, values), **_whose(caller, patient_id, under)}
    changes["items"] = with_used_kept(changes["items"], old.items)
    if old.status in UNSENT:
        refuse_cosmetic(caller, replace(old, **changes))
    if changes["status"] is not old.status:
        changes["raw_status"] = changes["status"].value
    return _changed(caller, old, version, changes, why)


def close_approval(
    caller: Caller, patient_id: UUID, authorization_id: UUID, version: int, last_day: date | None, why: str
) -> Done:
    """End an approval on a day, or void it (`last_day` None), with a word that says why. Raises as `edit_approval`."""
    old, _version = _of_patient(caller, patient_id, authorization_id)
    voided = {"status": Status.VOIDED, "raw_status": Status.VOIDED.value}
    changes: dict[str, Any] = voided if last_day is None else {"ends": last_day, "no_end": False}
    return _changed(caller, old, version, changes, why)


def undo_approval(caller: Caller, patient_id: UUID, authorization_id: UUID, event_id: UUID) -> Done:
    """Take the last change of an approval back.

    Raises    AuthorizationNotFoundError, UndoRefusedError, KnownNumberError.
    """
    _of_patient(caller, patient_id, authorization_id)
    before = badges_of(caller, patient_id)
    take_back(caller, event_id, authorization_id)
    return Done(event_id, turned_since(caller, patient_id, before))


def _changed(
    caller: Caller, old: AuthorizationRecord, version: int, changes: Mapping[str, Any], why: str | None = None
) -> Done:
    event_id = new_id()
    before = badges_of(caller, old.patient_id)
    new = change_authorization(caller, old.id, version, changes, why, event_id)
    if new == old:
        return Done(None)
    undoable = values_before(changes_of(old, new)) is not None
    return Done(event_id, turned_since(caller, old.patient_id, before), undoable)


def _start(caller: Caller, patient_id: UUID) -> ApprovalStart:
    session, practice_id = caller.session, caller.practice_id
    patient = patient_store.opened(session, practice_id, [patient_id]).get(patient_id)
    if patient is None:
        raise PatientNotFoundError
    start = ApprovalStart(
        patient=patient,
        today=caller.clock.today(ZoneInfo(practice_store.practice_of(session, practice_id).zone)),
        coverages=tuple(coverage_store.on_file(session, practice_id, patient_id)),
        sites=practice_store.sites(session, practice_id),
        providers=practice_store.providers(session, practice_id),
        payers=payer_choices(caller),
    )
    saw(caller, "casework.approval_form_seen", [patient_id])
    return start


def _of_patient(caller: Caller, patient_id: UUID, authorization_id: UUID) -> tuple[AuthorizationRecord, int]:
    found = authorization_store.record_of(caller.session, caller.practice_id, authorization_id)
    if found is None or found[0].patient_id != patient_id:
        raise AuthorizationNotFoundError
    return found


def _whose(caller: Caller, patient_id: UUID, under: Under) -> dict[str, Any]:
    """The payer and member of an approval: those of a coverage, or as typed; nothing where they stay."""
    if under.coverage is not None:
        coverages = coverage_store.on_file(caller.session, caller.practice_id, patient_id)
        chosen = next(one for one in coverages if one.id == under.coverage)
        return of_coverage(chosen)
    if under.payer is None:
        return {}
    match = name_payer(caller, under.payer, under.new_is_right)
    return {"payer": match.key, "payer_name": match.name, "member_id": under.member_id}


def known_drug(caller: Caller, values: Mapping[str, Any]) -> dict[str, Any]:
    """Call the drug by its service key, where a list of ours has it; else by its name in lower case."""
    name = values.get("drug")
    if not name:
        return dict(values)
    key = drug_key(current_book(caller.session, caller.practice_id), name)
    return {**values, "drug": key if key.startswith(("drug:", "drug_class:")) else name.lower()}


def of_coverage(one: CoverageRecord) -> dict[str, Any]:
    """What an authorization holds of the coverage under which it is asked for."""
    return {
        "payer": one.payer,
        "payer_name": one.payer_name,
        "member_id": one.member_id or None,
        "plan": one.plan,
        "plan_id": one.plan_id,
        "group_number": one.group_number,
    }
