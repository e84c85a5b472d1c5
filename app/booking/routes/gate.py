"""The gate at booking: the class of each planned service with its source, and the one fact that is missing."""

from uuid import UUID

from flask import Blueprint, abort, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from app.booking.actions.reading import read_gate
from app.booking.actions.recording import record_missing
from app.booking.facts.gate import Gate
from app.booking.forms import CHART, DOCUMENT, PATIENT, FactForm, read_fact
from app.booking.rules.missing import accepted_findings
from app.booking.views.gate import gate_page
from app.clearance.actions.answering import VisitNotFoundError
from app.clinical.actions.charting import SourceRefusedError
from app.platform.ids import new_id
from app.practice.access import current_caller, needs, say
from app.practice.facts.staff import Permission

booking_pages = Blueprint("booking_pages", __name__, url_prefix="/visits/<uuid:visit_id>/booking")


SOURCES = (
    (CHART, "In the note, in the practice's chart"),
    (DOCUMENT, "In a document on file"),
    (PATIENT, "The patient says so"),
)


@booking_pages.get("")
@needs(Permission.SEE_SCHEDULE)
def show(visit_id: UUID) -> str:
    """Show a visit at the gate."""
    return _page(read(visit_id), None)


@booking_pages.post("/facts")
@needs(Permission.EDIT_CASES)
def save_fact(visit_id: UUID) -> Response | tuple[str, int]:
    """Record the missing fact of one code; a form that is sent twice counts once."""
    gate = read(visit_id)
    asked = next((one for one in gate.lines if one.missing and one.verdict.line.code == request.form.get("code")), None)
    if asked is None or asked.missing is None:
        say("Nothing was recorded: no fact is missing for this service any more.")
        return _back(visit_id)
    form = read_fact(request.form, gate.today, accepted_findings(asked.missing), gate.documents)
    if form.said is None:
        return _page(gate, form), 422
    try:
        record_missing(current_caller(), visit_id, form.said)
    except VisitNotFoundError:
        abort(404)
    except SourceRefusedError:
        form.errors["document"] = "This document is no longer on file. Choose another"
        return _page(gate, form), 422
    say("Recorded. The visit was judged again.")
    return _back(visit_id)


def read(visit_id: UUID) -> Gate:
    """Read a visit at the gate; one that is not there, or out of sight, is not found."""
    try:
        return read_gate(current_caller(), visit_id)
    except VisitNotFoundError:
        abort(404)


def _page(gate: Gate, form: FactForm | None) -> str:
    return render_template(
        "booking/gate.html",
        page=gate_page(gate),
        form=form,
        errors=form.errors if form is not None else {},
        key=new_id(),
        sources=SOURCES if gate.documents else (SOURCES[0], SOURCES[2]),
    )


def _back(visit_id: UUID) -> Response:
    return redirect(url_for("booking_pages.show", visit_id=visit_id), 303)
