"""Record what a payer says for one patient: from the patient's visit, or by record number."""

from uuid import UUID

from flask import Blueprint, abort, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from app.platform.ids import new_id
from app.policies.actions import payer_answers as actions
from app.policies.actions.basics import RefusedRuleError
from app.policies.facts.payer_answers import AnswerOptions
from app.policies.forms.payer_answers import NEEDS, AnswerForm, fresh_answer, read_answer_form
from app.policies.routes.telling import tell
from app.practice.access import current_caller, needs
from app.practice.facts.staff import Permission

payer_answer_pages = Blueprint("payer_answer_pages", __name__)


@payer_answer_pages.get("/patients/<uuid:patient_id>/payer-answer")
@needs(Permission.EDIT_RULES)
def new(patient_id: UUID) -> str:
    """Ask what the payer says for a patient; the address gives payer and service."""
    options = _options(patient_id)
    return _page(fresh_answer(request.args, options, new_id()), options, patient_id)


@payer_answer_pages.post("/patients/<uuid:patient_id>/payer-answer")
@needs(Permission.EDIT_RULES)
def save(patient_id: UUID) -> Response | tuple[str, int]:
    """Keep what the payer says for a patient."""
    options = _options(patient_id)
    return _saved(read_answer_form(request.form, options), options, patient_id)


@payer_answer_pages.get("/rules/payer-answer")
@needs(Permission.EDIT_RULES)
def new_by_number() -> str:
    """Ask for the patient's record number and what the payer says."""
    options = _options(None)
    return _page(fresh_answer(request.args, options, new_id()), options, None)


@payer_answer_pages.post("/rules/payer-answer")
@needs(Permission.EDIT_RULES)
def save_by_number() -> Response | tuple[str, int]:
    """Keep what the payer says for the patient in sight who has the record number."""
    options = _options(None)
    form = read_answer_form(request.form, options)
    patient_id = actions.patient_named(current_caller(), form.typed["mrn"])
    if patient_id is None:
        form.errors["mrn"] = "No patient with this record number is on file. Enter it as the patient's page shows it."
        return _page(form, options, None), 422
    return _saved(form, options, patient_id, by_number=True)


def _options(patient_id: UUID | None) -> AnswerOptions:
    try:
        return actions.read_answer_options(current_caller(), patient_id)
    except LookupError:
        abort(404)


def _saved(
    form: AnswerForm, options: AnswerOptions, patient_id: UUID, by_number: bool = False
) -> Response | tuple[str, int]:
    shown = None if by_number else patient_id
    if form.word is None:
        return _page(form, options, shown), 422
    try:
        done = actions.save_answer(current_caller(), patient_id, form.word)
    except RefusedRuleError as error:
        form.errors["payer"] = str(error)
        return _page(form, options, shown), 422
    tell(done, "The payer's answer for one patient is recorded.")
    return redirect(url_for("patient_pages.show", patient_id=patient_id), 303)


def _page(form: AnswerForm, options: AnswerOptions, patient_id: UUID | None) -> str:
    return render_template(
        "policies/answer_form.html",
        form=form,
        patient=options.patient,
        patient_id=patient_id,
        payers=(("", "Choose"), *options.payers.items()),
        needs=NEEDS,
    )
