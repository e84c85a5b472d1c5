"""Patients and their coverages."""

from uuid import UUID
from zoneinfo import ZoneInfo

from apiflask import APIBlueprint
from flask import Response

from app.api.access import opened_by
from app.api.actions import patients as actions
from app.api.facts.once import Answered
from app.api.facts.problems import not_valid
from app.api.facts.tokens import ApiScope
from app.api.forms.patients import NewCheck, NewCoverage, PatientSearch
from app.api.forms.visits import Paged
from app.api.problems import BASE
from app.api.routes.answering import answer, answered, once, single, version_asked
from app.api.rules.paging import read_cursor
from app.api.views.patients import Coverage, Coverages, Patient, PatientPage, PatientsFound, coverage_body, patient_body
from app.api.views.written import page_of, version_tag
from app.coverage.facts import CoverageRecord
from app.platform.ids import new_id
from app.practice.access import current_caller
from app.practice.store.practice import practice_of

patients_api = APIBlueprint("patients_api", __name__, url_prefix=BASE, tag="Patients")
coverages_api = APIBlueprint("coverages_api", __name__, url_prefix=BASE, tag="Coverages")
ALL = "patients"


@patients_api.get("/patients")
@opened_by(ApiScope.READ_PATIENTS)
@patients_api.input(Paged, location="query")
@patients_api.output(PatientPage)
def list_all(query_data: Paged) -> Response:
    """List the patients in sight, in the order of their ids."""
    page = actions.list_patients(current_caller(), query_data.limit, read_cursor(ALL, query_data.cursor, 1))
    return answer(page_of(ALL, page, [patient_body(one) for one in page.rows]))


@patients_api.post("/patients/search")
@opened_by(ApiScope.READ_PATIENTS)
@patients_api.input(PatientSearch)
@patients_api.output(PatientsFound)
def search(json_data: PatientSearch) -> Response:
    """Find patients by name, number, phone or birth date.

    The words stand in the body, so that no address holds what identifies a person.
    """
    found = actions.search_patients(current_caller(), json_data.words)
    return answer({"items": [patient_body(one) for one in found.patients], "more": found.more})


@patients_api.get("/patients/<uuid:patient_id>")
@opened_by(ApiScope.READ_PATIENTS)
@patients_api.output(Patient)
def show(patient_id: UUID) -> Response:
    """Read one patient."""
    details, version = actions.read_patient(current_caller(), patient_id)
    return single(patient_body(details), version_tag(version))


@coverages_api.get("/patients/<uuid:patient_id>/coverages")
@opened_by(ApiScope.READ_COVERAGE)
@coverages_api.output(Coverages)
def of_patient(patient_id: UUID) -> Response:
    """Read all coverages of a patient, each with its ETag."""
    found = actions.list_coverages(current_caller(), patient_id)
    return single({"items": [_body(one, version) for one, version in found.items()]})


@coverages_api.post("/patients/<uuid:patient_id>/coverages")
@opened_by(ApiScope.WRITE_COVERAGE, creates=True, conflicts=True)
@coverages_api.input(NewCoverage)
@coverages_api.output(Coverage, status_code=201)
def add(patient_id: UUID, json_data: NewCoverage) -> Response:
    """Add a coverage to a patient."""
    caller, key = current_caller(), new_id()

    def effect() -> Answered:
        return _made(
            *actions.add_coverage(caller, patient_id, key, json_data.payer, json_data.new_payer, json_data.values), 201
        )

    return once(effect)


@coverages_api.get("/patients/<uuid:patient_id>/coverages/<uuid:coverage_id>")
@opened_by(ApiScope.READ_COVERAGE)
@coverages_api.output(Coverage)
def show_one(patient_id: UUID, coverage_id: UUID) -> Response:
    """Read one coverage."""
    one, version = actions.read_coverage(current_caller(), patient_id, coverage_id)
    return single(_body(one, version), version_tag(version))


@coverages_api.post("/patients/<uuid:patient_id>/coverages/<uuid:coverage_id>/checks")
@opened_by(ApiScope.WRITE_COVERAGE, creates=True, changes=True, conflicts=True)
@coverages_api.input(NewCheck)
@coverages_api.output(Coverage)
def check(patient_id: UUID, coverage_id: UUID, json_data: NewCheck) -> Response:
    """Record what the plan said of a coverage; its patient's visits are judged anew."""
    caller, version = current_caller(), version_asked()
    today = caller.clock.today(ZoneInfo(practice_of(caller.session, caller.practice_id).zone))
    if json_data.checked_on > today:
        raise not_valid({"checked_on": "Send today or a day before."})
    return once(lambda: _made(*actions.record_check(caller, patient_id, coverage_id, version, json_data.values), 200))


def _body(one: CoverageRecord, version: int) -> dict[str, object]:
    return coverage_body(one, version_tag(version))


def _made(one: CoverageRecord, version: int, status: int) -> Answered:
    where = f"{BASE}/patients/{one.patient_id}/coverages/{one.id}"
    return answered(_body(one, version), status, ETag=version_tag(version), Location=where)
