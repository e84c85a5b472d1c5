"""The eligibility page, the form of a check, one check, and all checks of a coverage."""

from collections.abc import Collection, Mapping
from dataclasses import replace
from functools import partial
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from flask import Blueprint, abort, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from app.coverage.actions.coverages import StaleCoverageError
from app.eligibility.actions import checking, listing
from app.eligibility.actions.asking import ask_for
from app.eligibility.actions.checking import CheckNotFoundError, CheckStart
from app.eligibility.actions.listing import SiteNotFoundError
from app.eligibility.forms.checking import CheckForm, read_check_form
from app.eligibility.forms.query import QueryForm, read_id, read_ids, read_query
from app.eligibility.views.form import check_page, recorded_words
from app.eligibility.views.history import check_detail, history_page
from app.eligibility.views.listing import asked_words, list_page
from app.platform.ids import new_id
from app.practice.access import current_caller, current_practice, needs, say, sees
from app.practice.facts.staff import Permission
from app.practice.rules.fields import Field

eligibility_pages = Blueprint("eligibility_pages", __name__, url_prefix="/eligibility")


@eligibility_pages.get("")
@needs(Permission.SEE_SCHEDULE)
def show() -> tuple[str, int]:
    """Show the visits of coming days with their coverages; what the address says wrongly is named and left out."""
    form = _query(request.args)
    page, errors = _list(form, all_ticked=request.args.get("ticked") == "all")
    return page, 422 if errors else 200


@eligibility_pages.post("/ask")
@needs(Permission.WORK)
def ask() -> Response | tuple[str, int]:
    """Ask the plans of the visits that are ticked."""
    back = {name: request.form.get(name, "") for name in ("day", "days", "standing", "payer", "site", "after")}
    ticked = read_ids(request.form.getlist("tick"))
    if not ticked:
        page, _errors = _list(_query(back), {"ticks": "Tick the visits whose plans are to be asked."})
        return page, 422
    made = ask_for(current_caller(), ticked)
    if made.cannot and not made.asks:
        page, _errors = _list(_query(back), {"ticks": asked_words(made)}, ticked)
        return page, 422
    say(asked_words(made), left=bool(made.cannot) or not made.asks)
    kept: dict[str, Any] = {name: value for name, value in back.items() if value}
    return redirect(url_for(".show", **kept), 303)


@eligibility_pages.get("/check/<uuid:coverage_id>")
@needs(Permission.EDIT_CASES)
def check(coverage_id: UUID) -> str:
    """Show the form of a check."""
    return _form(_start(coverage_id), None)


@eligibility_pages.post("/check/<uuid:coverage_id>")
@needs(Permission.EDIT_CASES)
def record(coverage_id: UUID) -> Response | tuple[str, int]:
    """Record what a plan said."""
    caller, start = current_caller(), _start(coverage_id)
    form = read_check_form(request.form, start.today, caller.clock.now(), caller.user_id, start.coverage)
    if form.check is None:
        return _form(start, form), 422
    try:
        done = checking.record_manual(caller, form.check, form.version or 0, form.changes)
    except StaleCoverageError:
        return _form(_start(coverage_id), form, stale=True), 409
    except CheckNotFoundError:
        abort(404)
    undo = None
    if done.undoable:
        undo = url_for(
            "coverage_pages.undo", patient_id=start.patient.id, coverage_id=coverage_id, event_id=done.check_id
        )
    say(recorded_words(done), undo=undo)
    return redirect(url_for(".history", coverage_id=coverage_id), 303)


@eligibility_pages.get("/coverages/<uuid:coverage_id>")
@needs(Permission.SEE_SCHEDULE)
def history(coverage_id: UUID) -> str:
    """Show all checks of a coverage, newest first, and what changed from one to the next."""
    try:
        found = checking.read_history(current_caller(), coverage_id, read_id(request.args.get("before", "")))
    except CheckNotFoundError:
        abort(404)
    return render_template("eligibility/history.html", page=history_page(found, sees(Field.MEMBER_ID)))


@eligibility_pages.get("/checks/<uuid:check_id>")
@needs(Permission.SEE_SCHEDULE)
def detail(check_id: UUID) -> str:
    """Show one check in words."""
    try:
        found, one = checking.read_check(current_caller(), check_id)
    except CheckNotFoundError:
        abort(404)
    page = check_detail(found, one, sees(Field.MEMBER_ID), sees(Field.NOTES))
    return render_template("eligibility/check_detail.html", page=page)


def _query(args: Mapping[str, str]) -> QueryForm:
    return read_query(args, current_caller().clock.today(ZoneInfo(current_practice().zone)))


def _list(
    form: QueryForm, more: Mapping[str, str] | None = None, ticked: Collection[UUID] = (), all_ticked: bool = False
) -> tuple[str, dict[str, str]]:
    errors = {**form.errors, **(more or {})}
    try:
        found = listing.read_list(current_caller(), form.query)
    except SiteNotFoundError:
        errors["site"] = "This site is not one of the practice's. All sites are shown."
        found = listing.read_list(current_caller(), replace(form.query, site=None, after=None))
    page = list_page(found, partial(url_for, ".show"))
    shown = render_template(
        "eligibility/list.html",
        page=page,
        errors=errors,
        typed_day=form.typed_day if "day" in errors else page.day,
        ticked=ticked,
        all_ticked=all_ticked,
    )
    return shown, errors


def _start(coverage_id: UUID) -> CheckStart:
    try:
        return checking.start_check(current_caller(), coverage_id)
    except CheckNotFoundError:
        abort(404)


def _form(start: CheckStart, form: CheckForm | None, stale: bool = False) -> str:
    errors = form.errors if form is not None else {}
    page = check_page(start, form.typed.values if form is not None else None, errors)
    return render_template(
        "eligibility/check_form.html",
        page=page,
        errors=errors,
        questions=form.typed.questions if form is not None else {},
        key=form.key if form is not None and form.key is not None else new_id(),
        version=start.version if stale or form is None else form.version,
        stale=stale,
    )
