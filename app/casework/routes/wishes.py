"""Contact wishes of one patient, and the word that there is no insurance."""

from collections.abc import Mapping
from uuid import UUID
from zoneinfo import ZoneInfo

from flask import Blueprint, abort, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from app.casework.actions import wishes as actions
from app.casework.actions.reading import PatientNotFoundError
from app.casework.facts.wishes import WishesStart
from app.casework.forms.coverage import read_version
from app.casework.forms.typed import in_order
from app.casework.forms.wishes import WishesForm, read_wishes
from app.casework.views.changed import changed_words
from app.casework.views.wishes import FIELDS, differences, first_values, wishes_page
from app.practice.access import current_caller, current_practice, needs, say
from app.practice.facts.staff import Permission

wish_pages = Blueprint("wish_pages", __name__, url_prefix="/patients/<uuid:patient_id>")


@wish_pages.get("/wishes")
@needs(Permission.EDIT_CASES)
def edit(patient_id: UUID) -> str:
    """Show the form of contact wishes."""
    return _form(_start(patient_id), None)


@wish_pages.post("/wishes")
@needs(Permission.EDIT_CASES)
def save(patient_id: UUID) -> Response | tuple[str, int]:
    """Record contact wishes; where somebody was quicker, show both values and ask which to keep."""
    start, caller = _start(patient_id), current_caller()
    form = read_wishes(request.form, caller.clock.today(ZoneInfo(current_practice().zone)))
    if not form.typed.good:
        return _form(start, form), 422
    try:
        actions.save_wishes(caller, patient_id, form.version or 0, form.reached, form.consent, form.said, form.contact)
    except actions.StalePatientError:
        return _form(_start(patient_id), form, stale=True), 409
    say("Contact wishes recorded.")
    return redirect(url_for("patient_pages.show", patient_id=patient_id), 303)


@wish_pages.post("/no-coverage")
@needs(Permission.EDIT_CASES)
def no_coverage(patient_id: UUID) -> Response:
    """Record, or take back, that the patient has no insurance."""
    none = request.form.get("none") == "yes"
    try:
        done = actions.say_no_coverage(current_caller(), patient_id, read_version(request.form) or 0, none)
        say(changed_words("No insurance recorded" if none else "Insurance is to be found out again", done))
    except PatientNotFoundError:
        abort(404)
    except actions.StalePatientError:
        say("Somebody changed this patient meanwhile. Nothing was saved; look at the page, and do it again.")
    except actions.CoverageOnFileError:
        say("A coverage is on file. End it before you record that there is no insurance.")
    return redirect(url_for("patient_pages.show", patient_id=patient_id), 303)


def _form(start: WishesStart, form: WishesForm | None, stale: bool = False) -> str:
    typed: Mapping[str, str] | None = form.typed.values if form is not None else None
    errors = in_order(form.typed.errors, FIELDS) if form is not None else {}
    page = wishes_page(start, typed, errors)
    return render_template(
        "casework/wishes.html",
        page=page,
        errors=errors,
        version=start.version if stale or form is None else form.version,
        stale=stale,
        both=differences(page, first_values(start)) if stale else [],
    )


def _start(patient_id: UUID) -> WishesStart:
    try:
        return actions.start_wishes(current_caller(), patient_id)
    except PatientNotFoundError:
        abort(404)
