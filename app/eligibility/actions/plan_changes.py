"""Read the changes of plans for the page, and one continuity request for recording what the new plan said."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from app.audit.actions import record
from app.authorizations import store as authorization_store
from app.authorizations.facts import AuthorizationRecord
from app.clearance.rules.coverages import coverage_of_day
from app.coverage.store import coverages as coverage_store
from app.eligibility.actions.continuity import NoContinuityError
from app.eligibility.actions.sentinel import practice_today
from app.eligibility.facts.sentinel import ChangePage, PlanChange
from app.eligibility.rules.sentinel import is_void
from app.eligibility.store import sentinel as store
from app.patients import store as patient_store
from app.patients.facts import Patient
from app.platform.caller import Caller
from app.platform.db import writing
from app.practice.store import practice as practice_store
from app.schedule import store as schedule_store
from app.schedule.facts import Visit
from app.values.insurance import Channel

AT_ONCE = 50


@dataclass(frozen=True, slots=True)
class ChangesSeen:
    """The page of changes with whom and what they are about, by id; `zone` of the practice."""

    page: ChangePage
    patients: Mapping[UUID, Patient]
    visits: Mapping[UUID, Visit]
    cases: Mapping[UUID, AuthorizationRecord]
    zone: ZoneInfo
    today: date


@dataclass(frozen=True, slots=True)
class ToConfirm:
    """One continuity request with the change that it is for, and the approval that it follows."""

    change: PlanChange
    request: AuthorizationRecord
    approval: AuthorizationRecord | None
    patient: Patient
    today: date


def read_changes(caller: Caller, after: tuple[datetime, UUID] | None) -> ChangesSeen:
    """Read a page of the changes in sight, newest first, and note whom it showed."""
    with writing(caller.session) as session:
        practice_id = caller.practice_id
        changes = store.listed(session, practice_id, caller.scope, after, AT_ONCE + 1)
        shown, ids = changes[:AT_ONCE], [one.id for one in changes[:AT_ONCE]]
        visits = store.visits_of(session, practice_id, ids, caller.scope)
        approvals = store.approvals_of(session, practice_id, ids)
        page = ChangePage(shown, visits, approvals, len(changes) > AT_ONCE)
        named = {
            one
            for some in approvals.values()
            for void in some
            for one in (void.approval_id, void.request_id)
            if one is not None
        }
        people = list({one.patient_id for one in shown})
        touched = [one.visit_id for some in visits.values() for one in some]
        record(caller, "eligibility.plan_changes_seen", people, count=len(shown))
        return ChangesSeen(
            page,
            patient_store.opened(session, practice_id, people),
            schedule_store.visits_by_ids(session, practice_id, touched, caller.scope),
            {one.id: one for one in authorization_store.records_by_ids(session, practice_id, sorted(named)).values()},
            ZoneInfo(practice_store.practice_of(session, practice_id).zone),
            practice_today(caller),
        )


def start_confirming(caller: Caller, request_id: UUID) -> ToConfirm:
    """Read a continuity request for recording what the new plan said. Raises NoContinuityError."""
    with writing(caller.session) as session:
        practice_id = caller.practice_id
        void = store.of_request(session, practice_id, request_id)
        found = authorization_store.record_of(session, practice_id, request_id)
        if void is None or found is None:
            raise NoContinuityError
        change = store.changes_by_ids(session, practice_id, [void.change_id])[void.change_id]
        approval = authorization_store.record_of(session, practice_id, void.approval_id)
        patient = patient_store.opened(session, practice_id, [found[0].patient_id])[found[0].patient_id]
        record(caller, "eligibility.continuity_form_seen", [patient.id, request_id])
        return ToConfirm(change, found[0], approval[0] if approval else None, patient, practice_today(caller))


@dataclass(frozen=True, slots=True)
class VoidNow:
    """An approval that the plan of today does not honor: by which change, and the request that was opened for it."""

    change: PlanChange
    request: AuthorizationRecord | None


def void_now(caller: Caller, patient_id: UUID) -> Mapping[UUID, VoidNow]:
    """Read which approvals of a patient a change of plans voids and still does, by their ids.

    The page that asks has noted that it shows the patient.
    """
    session, practice_id = caller.session, caller.practice_id
    changes = {one.id: one for one in store.of_patient(session, practice_id, patient_id, AT_ONCE)}
    if not changes:
        return {}
    voids = [void for some in store.approvals_of(session, practice_id, list(changes)).values() for void in some]
    coverages = coverage_store.of_patients(session, practice_id, [patient_id]).get(patient_id, ())
    theirs = authorization_store.of_patients(session, practice_id, [patient_id]).get(patient_id, ())
    rows = {one.id: one for one in theirs}
    wanted = [one.request_id for one in voids if one.request_id is not None]
    opened = authorization_store.records_by_ids(session, practice_id, wanted)
    today, found = practice_today(caller), dict[UUID, VoidNow]()
    for void in sorted(voids, key=lambda one: changes[one.change_id].at):
        row = rows.get(void.approval_id)
        if row is None or not is_void(row, coverage_of_day(coverages, row.channel or Channel.MEDICAL, today)):
            continue
        request = opened.get(void.request_id) if void.request_id is not None else None
        found[void.approval_id] = VoidNow(changes[void.change_id], request)
    return found
