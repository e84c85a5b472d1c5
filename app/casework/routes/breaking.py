"""Open a patient who is out of sight, for an hour and with a reason."""

from zoneinfo import ZoneInfo

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from app.casework.actions.breaking import NobodyFoundError, Sought, break_glass
from app.casework.forms.breaking import BreakForm, read_break
from app.practice.access import current_caller, current_practice, needs
from app.practice.facts.staff import Permission

break_pages = Blueprint("break_pages", __name__)
NOBODY = "Nobody is on file under this. Check it: it must be whole and exact"


@break_pages.get("/patients/open")
@needs(Permission.BREAK_GLASS)
def show() -> str:
    """Ask whom a person needs to see, and why."""
    return render_template("casework/open_patient.html", form=BreakForm("", "", "", None, ""))


@break_pages.post("/patients/open")
@needs(Permission.BREAK_GLASS)
def open() -> Response | tuple[str, int]:
    """Open the patient for an hour. Numbers and words are posted: they never stand in an address."""
    caller = current_caller()
    form = read_break(request.form, caller.clock.today(ZoneInfo(current_practice().zone)))
    if not form.errors:
        try:
            found = break_glass(caller, Sought(form.mrn, form.member_id, form.born), form.reason)
        except NobodyFoundError:
            form.errors["mrn" if form.mrn else "member_id"] = NOBODY
        else:
            return redirect(url_for("patient_pages.show", patient_id=found), 303)
    return render_template("casework/open_patient.html", form=form), 422
