"""The audit log's pages: search, one patient's access report, and the review of unusual reading."""

from datetime import datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from flask import Blueprint, abort, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from app.oversight.actions import reading, reviewing
from app.oversight.facts import Finding
from app.oversight.forms import ReviewForm, SearchForm, read_cursor, read_id, read_review, read_search
from app.oversight.views.lines import report_page, search_page
from app.oversight.views.unusual import case_page, unusual_page
from app.oversight.views.words import ACTIONS
from app.practice.access import current_caller, current_practice, current_staff, may, needs, say
from app.practice.facts.staff import Permission

audit_pages = Blueprint("audit_pages", __name__, url_prefix="/admin/audit")
NOT_FOUND = "Nobody has exactly this record number or member ID, or several have. Check it, and enter all of it"


@audit_pages.get("")
@needs(Permission.SEE_AUDIT)
def search() -> tuple[str, int]:
    """Search the log by person, patient, action and days."""
    return _searched({}, "")


@audit_pages.post("/patient")
@needs(Permission.SEE_AUDIT)
def find_patient() -> Response | tuple[str, int]:
    """Find a patient by the exact record number or member id, which is posted and stands in no address."""
    words = request.form.get("words", "").strip()
    if not words or len(words) > 60:
        return _searched({"words": "Enter the whole record number or member ID"}, words)
    found = reading.patient_named(current_caller(), words)
    if found is None:
        return _searched({"words": NOT_FOUND}, words)
    kept: dict[str, Any] = {name: request.form.get(name) or None for name in ("person", "action", "begins", "ends")}
    return redirect(url_for(".search", patient=found, **kept), 303)


@audit_pages.get("/patients/<uuid:patient_id>")
@needs(Permission.SEE_AUDIT)
def report(patient_id: UUID) -> tuple[str, int]:
    """Show one patient's access report, to print: who saw or changed the patient, when, what and from where."""
    form = _form()
    asked = form.asked(_zone())
    try:
        found = reading.report(current_caller(), patient_id, asked.begins, asked.ends, _knows())
    except reading.PatientNotFoundError:
        abort(404)
    first, last = (f"{day:%m/%d/%Y}" if day else "" for day in (form.first, form.last))
    page = report_page(found, first, last, current_staff().name)
    shown = render_template("oversight/report.html", page=page, form=form, errors=form.errors)
    return shown, 422 if form.errors else 200


@audit_pages.get("/unusual")
@needs(Permission.REVIEW_ACCESS)
def unusual() -> str:
    """List reading that stands out: what waits for a look, or what somebody has looked at."""
    reviewed = request.args.get("state") == "reviewed"
    found = reviewing.listing(current_caller(), reviewed, _before(), _knows())
    return render_template("oversight/unusual.html", page=unusual_page(found, reviewed))


@audit_pages.get("/unusual/<uuid:case_id>")
@needs(Permission.REVIEW_ACCESS)
def case(case_id: UUID) -> tuple[str, int]:
    """Show one, with the form of its review."""
    return _case(case_id, ReviewForm("", ""), 200)


@audit_pages.post("/unusual/<uuid:case_id>")
@needs(Permission.REVIEW_ACCESS)
def review(case_id: UUID) -> Response | tuple[str, int]:
    """Save what came of a look."""
    form = read_review(request.form)
    if form.errors:
        return _case(case_id, form, 422)
    try:
        reviewing.review(current_caller(), case_id, Finding(form.finding), form.note)
    except reviewing.CaseNotFoundError:
        abort(404)
    except reviewing.OwnReadingError:
        form.errors["finding"] = "You read this yourself; somebody else reviews it"
        return _case(case_id, form, 422)
    except reviewing.AlreadyReviewedError:
        form.errors["note"] = "Somebody was quicker: the review below stands, and yours was not saved"
        return _case(case_id, form, 409)
    say("The review is saved.")
    return redirect(url_for(".unusual"), 303)


def _searched(errors: dict[str, str], words: str) -> tuple[str, int]:
    form = _form()
    found = reading.search(current_caller(), form.asked(_zone()), form.patient_id, _knows())
    waits = reviewing.waiting(current_caller())
    errors = {**form.errors, **errors}
    chosen = any((form.person, form.action, form.begins, form.ends, form.patient_id))
    page = search_page(found, form.patient_id, chosen)
    shown = render_template("oversight/search.html", page=page, form=form, errors=errors, words=words, waits=waits)
    return shown, 422 if errors else 200


def _form() -> SearchForm:
    caller = current_caller()
    typed = request.values if request.method == "POST" else request.args
    people = {str(one) for one in reading.names_of_people(caller)}
    return read_search(typed, people, ACTIONS, caller.clock.today(_zone()))


def _case(case_id: UUID, form: ReviewForm, status: int) -> tuple[str, int]:
    try:
        found = reviewing.one(current_caller(), case_id, _knows())
    except reviewing.CaseNotFoundError:
        abort(404)
    page = case_page(found, current_caller().user_id)
    return render_template("oversight/case.html", page=page, form=form, errors=form.errors), status


def _before() -> tuple[datetime, UUID] | None:
    micros, _, name = request.args.get("before", "").partition("-")
    at, one = read_cursor(f"{micros}-0"), read_id(name)
    return None if at is None or one is None else (at[0], one)


def _knows() -> bool:
    """Whether the reader has a clinical role, and may know initials of patients and reasons of break-glass."""
    return may(Permission.SEE_CASES)


def _zone() -> ZoneInfo:
    return ZoneInfo(current_practice().zone)
