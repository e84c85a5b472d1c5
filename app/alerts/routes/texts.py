"""Texts to one patient: what may be sent as it will read, what was sent, and that texts must end."""

from uuid import UUID

from flask import Blueprint, abort, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from app.alerts.actions import text_page as reading
from app.alerts.actions import texting
from app.alerts.actions.stopping import NoNumberError, start_for_patient, stop_for_patient
from app.alerts.forms.texts import read_id, read_send, read_stop
from app.alerts.views.text_page import HOW, WHY, sent_words, text_page
from app.platform.ids import new_id
from app.practice.access import current_caller, needs, say
from app.practice.facts.staff import Permission

text_pages = Blueprint("text_pages", __name__)


@text_pages.get("/patients/<uuid:patient_id>/texts")
@needs(Permission.WORK)
def patient(patient_id: UUID) -> str:
    """Show one patient's texts: what may be sent about a visit (`?visit=`), and what was."""
    return _page(patient_id, read_id(request.args.get("visit", "")), {}, "")


@text_pages.get("/visits/<uuid:visit_id>/texts")
@needs(Permission.WORK)
def of_visit(visit_id: UUID) -> Response:
    """Lead from a visit to the texts of its patient."""
    try:
        patient_id = reading.patient_of_visit(current_caller(), visit_id)
    except reading.NotOnFileError:
        abort(404)
    return redirect(url_for(".patient", patient_id=patient_id, visit=visit_id))


@text_pages.post("/patients/<uuid:patient_id>/texts")
@needs(Permission.EDIT_CASES)
def send(patient_id: UUID) -> Response | tuple[str, int]:
    """Send one of the texts: it can be taken back for 30 seconds."""
    form, caller = read_send(request.form), current_caller()
    if form.errors:
        return _page(patient_id, form.visit_id, form.errors, form.template), 422
    try:
        sent = texting.send_text(caller, patient_id, form.template, form.visit_id, form.key or new_id())
    except texting.CannotTextError as cannot:
        errors = {"template": WHY.get(cannot.why, "No text may go to this patient: texts to the number ended")}
        return _page(patient_id, form.visit_id, errors, form.template), 422
    begins, zone = texting.goes_at(caller, sent)
    undo = url_for(".take_back", patient_id=patient_id, message_id=sent)
    say(sent_words(begins, caller.clock.now(), zone), undo=undo)
    return redirect(url_for(".patient", patient_id=patient_id), 303)


@text_pages.post("/patients/<uuid:patient_id>/texts/<uuid:message_id>/undo")
@needs(Permission.EDIT_CASES)
def take_back(patient_id: UUID, message_id: UUID) -> Response:
    """Take a text back before it goes."""
    taken = texting.take_back(current_caller(), message_id)
    say("The text was taken back." if taken else "The text has gone already; it cannot be taken back.")
    return redirect(url_for(".patient", patient_id=patient_id), 303)


@text_pages.post("/patients/<uuid:patient_id>/texts/stop")
@needs(Permission.EDIT_CASES)
def stop(patient_id: UUID) -> Response | tuple[str, int]:
    """Note that texts to the patient's number must end, as said by phone, mail or in person."""
    form = read_stop(request.form)
    if form.how is None:
        return _page(patient_id, None, form.errors, ""), 422
    try:
        stop_for_patient(current_caller(), patient_id, form.how)
    except NoNumberError:
        return _page(patient_id, None, {"how": WHY["no_number"]}, ""), 422
    say("Texts to this number have ended. What waited to go there is cancelled.", undo=_start(patient_id))
    return redirect(url_for(".patient", patient_id=patient_id), 303)


@text_pages.post("/patients/<uuid:patient_id>/texts/start")
@needs(Permission.EDIT_CASES)
def start(patient_id: UUID) -> Response:
    """Let texts go to the patient's number again."""
    try:
        lifted = start_for_patient(current_caller(), patient_id)
    except NoNumberError:
        abort(404)
    say("Texts may go to this number again." if lifted else "Texts to this number had not ended.")
    return redirect(url_for(".patient", patient_id=patient_id), 303)


def _start(patient_id: UUID) -> str:
    return url_for(".start", patient_id=patient_id)


def _page(patient_id: UUID, visit_id: UUID | None, errors: dict[str, str], chosen: str) -> str:
    try:
        found = reading.read_texts(current_caller(), patient_id)
    except reading.NotOnFileError:
        abort(404)
    page = text_page(found, visit_id)
    return render_template("alerts/texts.html", page=page, errors=errors, chosen=chosen, key=new_id(), how=HOW)
