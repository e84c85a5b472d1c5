"""Give out all that is on file about one person."""

from dataclasses import replace
from uuid import UUID

from flask import Blueprint, abort, make_response, render_template, request
from werkzeug.wrappers import Response

from app.exports.actions.exporting import LimitedSightError, PatientNotFoundError, export_patient
from app.exports.forms import ExportForm, read_export
from app.exports.views.packed import NAME, packed
from app.practice.access import current_caller, fresh, needs
from app.practice.facts.staff import Permission

export_pages = Blueprint("export_pages", __name__)


@export_pages.get("/patients/<uuid:patient_id>/export")
@needs(Permission.EXPORT)
@fresh
def ask(patient_id: UUID) -> str:
    """Say what the record holds, and ask why it is given out."""
    return _form(patient_id, ExportForm(""))


@export_pages.post("/patients/<uuid:patient_id>/export")
@needs(Permission.EXPORT)
@fresh
def give(patient_id: UUID) -> Response | tuple[str, int]:
    """Hand the record to the browser, as a file and never to be kept by it."""
    form = read_export(request.form)
    if form.errors:
        return _form(patient_id, form), 422
    try:
        record = export_patient(replace(current_caller(), reason=form.reason), patient_id)
    except (PatientNotFoundError, LimitedSightError):
        abort(404)
    answer = make_response(packed(record))
    answer.headers["Content-Type"] = "application/zip"
    answer.headers["Content-Disposition"] = f'attachment; filename="{NAME}"'
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _form(patient_id: UUID, form: ExportForm) -> str:
    return render_template("exports/ask.html", patient_id=patient_id, form=form, errors=form.errors)
