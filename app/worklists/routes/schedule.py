"""The schedule page. All of its state is in its address."""

from collections.abc import Collection, Mapping
from dataclasses import replace
from functools import partial
from uuid import UUID

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from app.practice.access import current_caller, may, needs
from app.practice.facts.staff import Permission
from app.worklists.actions import schedule as actions
from app.worklists.actions.shared import SiteNotFoundError
from app.worklists.forms.query import ScheduleForm, read_query
from app.worklists.forms.work import read_back
from app.worklists.views.addresses import NOBODYS, write_query
from app.worklists.views.schedule import schedule_page

schedule_pages = Blueprint("schedule_pages", __name__)


@schedule_pages.get("/schedule")
@needs(Permission.SEE_SCHEDULE)
def day() -> tuple[str, int]:
    """Show the visits of a day or a week; what the address says wrongly is named and left out."""
    page, errors = show_schedule(read_query(request.args), all_ticked=request.args.get("ticked") == "all")
    return page, 422 if errors else 200


@schedule_pages.post("/schedule/find")
@needs(Permission.SEE_SCHEDULE)
def find() -> Response | tuple[str, int]:
    """Keep to one patient's visits. The record number goes in the form; the address that follows holds our own id."""
    mrn, query = request.form.get("mrn", "").strip(), read_back(request.form.get("back", ""))
    try:
        patient = actions.find_patient(current_caller(), mrn) if mrn else None
    except actions.PatientNotFoundError:
        error = {"mrn": "No patient has this record number. Compare it with the practice system."}
        page, _errors = show_schedule(ScheduleForm(query), error, typed={"mrn": mrn})
        return page, 422
    fresh = replace(query, patient=patient, after=None, before=None, visit=None)
    return redirect(url_for("schedule_pages.day", **write_query(fresh)), 303)  # type: ignore[arg-type]


def show_schedule(
    form: ScheduleForm,
    more: Mapping[str, str] | None = None,
    ticked: Collection[UUID] = (),
    typed: Mapping[str, str] | None = None,
    all_ticked: bool = False,
) -> tuple[str, Mapping[str, str]]:
    """Render the list that an address asks for, with `more` errors of a form on it and what was ticked and typed.

    Returns   the page, and all its errors.
    """
    errors = {**form.errors, **(more or {})}
    try:
        schedule = actions.read_schedule(current_caller(), form.query)
    except SiteNotFoundError:
        errors["site"] = "This site is not one of the practice's. All sites are shown."
        schedule = actions.read_schedule(current_caller(), replace(form.query, site=None, after=None, before=None))
    if form.query.visit is not None and schedule.panel is None:
        errors["visit"] = "The visit that this address names is not on file. Choose one from the list."
    page = schedule_page(
        schedule,
        partial(url_for, "schedule_pages.day"),
        partial(url_for, "visit_work_pages.ask"),
        url_for("patient_pages.show", patient_id=NOBODYS) if may(Permission.SEE_CASES) else None,
    )
    shown = render_template(
        "worklists/schedule.html",
        page=page,
        errors=errors,
        typed_day=form.typed_day if "day" in errors else page.filters.day,
        ticked=ticked,
        all_ticked=all_ticked,
        typed=typed or {},
    )
    return shown, errors
