"""Find a patient, and read one patient's page."""

from uuid import UUID

from flask import Blueprint, abort, render_template

from app.casework.actions.reading import PatientNotFoundError, read_patient
from app.casework.views.chart import patient_page
from app.practice.access import current_caller, may, needs
from app.practice.facts import Permission

patient_pages = Blueprint("patient_pages", __name__)


@patient_pages.get("/patients")
@needs(Permission.SEE_CASES)
def find() -> str:
    """Show the search."""
    return render_template("casework/find.html")


@patient_pages.get("/patients/<uuid:patient_id>")
@needs(Permission.SEE_CASES)
def show(patient_id: UUID) -> str:
    """Show one patient. An unknown one, or another practice's, is not found."""
    try:
        chart = read_patient(current_caller(), patient_id)
    except PatientNotFoundError:
        abort(404)
    return render_template("casework/patient.html", page=patient_page(chart, may(Permission.EDIT_CASES)))
