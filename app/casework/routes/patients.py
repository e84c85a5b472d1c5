"""Find a patient, and read one patient's page."""

from uuid import UUID

from flask import Blueprint, abort, g, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from app.casework.actions.case_finding import find_cases
from app.casework.actions.finding import find_patients
from app.casework.actions.reading import PatientNotFoundError, read_patient
from app.casework.forms.finding import search_fault
from app.casework.views.chart import patient_page
from app.casework.views.finding import OnlyHit, found_page, only_hit
from app.practice.access import current_caller, may, needs, sees
from app.practice.facts.staff import Permission
from app.practice.rules.fields import Field

patient_pages = Blueprint("patient_pages", __name__)


@patient_pages.route("/patients", methods=["GET", "POST"])
@needs(Permission.SEE_CASES)
def find() -> str | Response | tuple[str, int]:
    """Show the search, and what it finds: patients and cases. The words are posted: they never stand in an address."""
    words = request.form.get("words", "")
    if request.method == "GET":
        return render_template("casework/find.html", words="", error=None, page=None)
    error = search_fault(words)
    if error is not None:
        return render_template("casework/find.html", words=words, error=error, page=None), 422
    cases, found = find_cases(current_caller(), words), find_patients(current_caller(), words)
    only = only_hit(cases, found)
    if only is not None:
        return redirect(_address(only), 303)
    page = found_page(found, sees(Field.CONTACT), cases)
    return render_template("casework/find.html", words=words, error=None, page=page)


def _address(only: OnlyHit) -> str:
    if only.case is not None:
        return url_for("case_pages.show", case_id=only.case)
    return url_for(".show", patient_id=only.patient)


@patient_pages.get("/patients/<uuid:patient_id>")
@needs(Permission.SEE_CASES)
def show(patient_id: UUID) -> str:
    """Show one patient. An unknown one, or another practice's, is not found."""
    try:
        chart = read_patient(current_caller(), patient_id)
    except PatientNotFoundError:
        abort(404)
    return render_template("casework/patient.html", page=patient_page(chart, may(Permission.EDIT_CASES), g.fields))
