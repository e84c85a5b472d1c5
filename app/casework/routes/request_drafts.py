"""Requests that are being written: the patient they are for, the list of them, keeping what is typed, discarding."""

from uuid import UUID
from zoneinfo import ZoneInfo

from flask import abort, jsonify, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from app.casework.actions import requests as actions
from app.casework.actions.finding import find_patients
from app.casework.actions.reading import PatientNotFoundError
from app.casework.actions.requests import DraftNotFoundError, RequestSentError, StaleDraftError
from app.casework.forms.approval import read_id
from app.casework.forms.finding import search_fault
from app.casework.forms.request import read_version, typed_request
from app.casework.routes.request_blueprint import request_pages
from app.casework.views.finding import found_page
from app.casework.views.request_drafts import draft_rows, saved_words
from app.practice.access import current_caller, current_practice, needs, say, sees
from app.practice.facts.staff import Permission
from app.practice.rules.fields import Field

NOT_KEPT = "Not saved: somebody else wrote this request meanwhile. Save it to see both and to choose."
SENT = "Not saved: this request has gone to the payer."


@request_pages.get("/requests")
@needs(Permission.EDIT_CASES)
def listing() -> str:
    """List the requests that are being written."""
    caller = current_caller()
    zone = ZoneInfo(current_practice().zone)
    drafts, people, staff, more = actions.list_drafts(caller, read_id(request.args.get("after", "")))
    rows = draft_rows(drafts, people, staff, zone, caller.clock.today(zone))
    return render_template("casework/requests.html", rows=rows, after=drafts[-1].id if more else None)


@request_pages.route("/requests/new", methods=["GET", "POST"])
@needs(Permission.EDIT_CASES)
def new() -> str | Response | tuple[str, int]:
    """Find the patient for whom approval is asked. The words are posted: they never stand in an address.

    An address that names the patient by our own id, with a visit or without, leads on to that patient's form.
    """
    words = request.form.get("words", "")
    patient_id, visit_id = read_id(request.args.get("patient", "")), read_id(request.args.get("visit", ""))
    if patient_id is not None:
        return redirect(url_for(".begin", patient_id=patient_id, visit=visit_id))
    if request.method == "GET":
        return render_template("casework/request_find.html", words="", error=None, page=None)
    error = search_fault(words)
    if error is not None:
        return render_template("casework/request_find.html", words=words, error=error, page=None), 422
    found = find_patients(current_caller(), words)
    if len(found.patients) == 1 and not found.more:
        return redirect(url_for(".begin", patient_id=found.patients[0].id), 303)
    page = found_page(found, sees(Field.CONTACT))
    return render_template("casework/request_find.html", words=words, error=None, page=page)


@request_pages.get("/visits/<uuid:visit_id>/request")
@needs(Permission.EDIT_CASES)
def of_visit(visit_id: UUID) -> Response:
    """Begin a request for a visit: its patient's form, filled from it."""
    patient_id = actions.patient_of_visit(current_caller(), visit_id)
    if patient_id is None:
        abort(404)
    return redirect(url_for(".begin", patient_id=patient_id, visit=visit_id))


@request_pages.post("/patients/<uuid:patient_id>/requests/<uuid:draft_id>/keep")
@needs(Permission.EDIT_CASES)
def keep(patient_id: UUID, draft_id: UUID) -> Response | tuple[Response, int]:
    """Keep what is typed, for the script that asks three seconds after the last key. Says when it was kept."""
    caller, form = current_caller(), request.form
    zone = ZoneInfo(current_practice().zone)
    version, case_version = read_version(form.get("version", "")), read_version(form.get("case_version", ""))
    try:
        kept = actions.keep_draft(caller, patient_id, draft_id, version or 0, typed_request(form), case_version)
    except (PatientNotFoundError, DraftNotFoundError):
        abort(404)
    except StaleDraftError:
        return jsonify(said=NOT_KEPT), 409
    except RequestSentError:
        return jsonify(said=SENT), 409
    said = saved_words(kept.saved_at.astimezone(zone), caller.clock.today(zone))
    return jsonify(said=said, version=kept.version)


@request_pages.post("/patients/<uuid:patient_id>/requests/<uuid:draft_id>/discard")
@needs(Permission.EDIT_CASES)
def discard(patient_id: UUID, draft_id: UUID) -> Response:
    """Put a draft away, for a day."""
    try:
        if actions.discard_draft(current_caller(), patient_id, draft_id):
            say("Draft discarded.", undo=url_for(".restore", patient_id=patient_id, draft_id=draft_id))
    except DraftNotFoundError:
        say("This draft is no longer there: it was made a case, or sent.")
    return redirect(url_for(".listing"), 303)


@request_pages.post("/patients/<uuid:patient_id>/requests/<uuid:draft_id>/restore")
@needs(Permission.EDIT_CASES)
def restore(patient_id: UUID, draft_id: UUID) -> Response:
    """Bring a discarded draft back."""
    try:
        if actions.restore_draft(current_caller(), patient_id, draft_id):
            say("Draft brought back.")
    except DraftNotFoundError:
        say("This draft is gone: it was discarded more than a day ago.")
        return redirect(url_for(".listing"), 303)
    return redirect(url_for(".write", patient_id=patient_id, draft_id=draft_id), 303)
