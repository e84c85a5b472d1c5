"""Read one case whole."""

from uuid import UUID

from app.authorizations import store as authorization_store
from app.casework.actions.reading import chart_of
from app.casework.facts.cases import CaseFile, CaseNotFoundError
from app.casework.rules.linked import linked
from app.casework.store import entries as entry_store
from app.clearance.actions.opening import saw
from app.clearance.store import history as history_store
from app.deadlines import store as clock_store
from app.deadlines.facts import Case
from app.documents import store as document_store
from app.platform.caller import Caller
from app.practice.facts.staff import Permission
from app.practice.rules.fields import Field
from app.practice.rules.roles import permissions_of
from app.practice.store import staff as staffing

ENTRIES_SHOWN = 200
TURNS_SHOWN = 60


def read_case(caller: Caller, case_id: UUID) -> CaseFile:
    """Read a case's page, with a fixed number of queries, and note who read it. Raises CaseNotFoundError."""
    case = case_file(caller, case_id)
    saw(caller, "casework.case_seen", [case.record.patient_id, case_id])
    return case


def case_file(caller: Caller, case_id: UUID) -> CaseFile:
    """Read a case whole; whoever shows it notes who read it. Raises CaseNotFoundError."""
    session, practice_id = caller.session, caller.practice_id
    found = authorization_store.record_of(session, practice_id, case_id)
    if found is None:
        raise CaseNotFoundError
    record, version = found
    chart = chart_of(caller, record.patient_id)
    clinical = caller.reads(Field.CLINICAL.value)
    people = staffing.staff_of(session, practice_id)
    able = [one for one in people if one.active and Permission.WORK in permissions_of(one.roles)]
    visits = [one.answer.lines[0].visit.id for one in linked(chart.visits, case_id)]
    return CaseFile(
        chart=chart,
        record=record,
        version=version,
        row=next(one for one in chart.approvals if one.id == case_id),
        clocks=clock_store.cases(session, practice_id, [case_id]).get(case_id, Case(case_id)),
        events=authorization_store.latest_events(session, practice_id, [case_id], ENTRIES_SHOWN),
        entries=entry_store.of_cases(session, practice_id, [case_id], ENTRIES_SHOWN),
        people=tuple(sorted(((one.id, one.name) for one in able), key=lambda pair: pair[1].casefold())),
        documents=document_store.of_patient(session, practice_id, record.patient_id) if clinical else (),
        past=history_store.of_visits(session, practice_id, visits, TURNS_SHOWN),
    )
