"""Read all that the desk works on for one patient."""

from collections.abc import Sequence
from uuid import UUID
from zoneinfo import ZoneInfo

from app.authorizations import store as authorization_store
from app.casework.facts.chart import Chart
from app.clearance.actions.opening import Opener, saw
from app.coverage.store import coverages as coverage_store
from app.patients import store as patient_store
from app.platform.caller import Caller
from app.policies.store import answers as answer_store
from app.practice.store import practice as practice_store
from app.practice.store import staff as staffing
from app.schedule import store as schedule_store

EVENTS_SHOWN = 60


class PatientNotFoundError(Exception):
    """No patient has this id."""


def read_patient(caller: Caller, patient_id: UUID) -> Chart:
    """Read a patient's page, with a fixed number of queries, and note who read it. Raises PatientNotFoundError."""
    chart = chart_of(caller, patient_id)
    saw(caller, "casework.patient_seen", [patient_id])
    return chart


def chart_of(caller: Caller, patient_id: UUID) -> Chart:
    """Read a patient's file whole; whoever shows it notes who read it. Raises PatientNotFoundError."""
    session, practice_id = caller.session, caller.practice_id
    found = patient_store.on_file(session, practice_id, patient_id)
    if found is None:
        raise PatientNotFoundError
    details, version = found
    opener = Opener(caller)
    visits = schedule_store.of_patients(session, practice_id, [patient_id]).get(patient_id, ())
    approvals = authorization_store.of_patients(session, practice_id, [patient_id]).get(patient_id, ())
    coverages = coverage_store.on_file(session, practice_id, patient_id)
    zone = ZoneInfo(opener.world.practice.zone)
    return Chart(
        details=details,
        version=version,
        today=caller.clock.today(zone),
        now=caller.clock.now(),
        zone=zone,
        coverages=tuple(coverages),
        versions={one.id: number for one, number in coverages.items()},
        approvals=approvals,
        visits=tuple(opener.open({visit.id: patient_id for visit in visits}).values()),
        answers=answer_store.answers_of(session, practice_id, [patient_id]).get(patient_id, ()),
        wishes=patient_store.wishes_of(session, practice_id, patient_id),
        approval_events=authorization_store.latest_events(
            session, practice_id, [one.id for one in approvals], EVENTS_SHOWN
        ),
        coverage_events=coverage_store.latest_events(session, practice_id, patient_id, EVENTS_SHOWN),
        staff={one.id: one.name for one in staffing.staff_of(session, practice_id)},
        providers={one.npi: one.name for one in practice_store.providers(session, practice_id) if one.name},
        sites=opener.world.sites,
        unseen=_unseen(caller, patient_id, [visit.id for visit in visits]),
    )


def _unseen(caller: Caller, patient_id: UUID, visits: Sequence[UUID]) -> frozenset[UUID]:
    """Which visits of the patient are out of the caller's sight."""
    if not caller.scope.limited:
        return frozenset()
    seen = schedule_store.of_patients(caller.session, caller.practice_id, [patient_id], caller.scope)
    return frozenset(visits) - {visit.id for visit in seen.get(patient_id, ())}
