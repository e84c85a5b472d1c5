"""Pages of the whole: where one lands, the practice's first page, and health."""

from dataclasses import replace
from zoneinfo import ZoneInfo

from flask import Blueprint, current_app, g, jsonify, redirect, render_template, request, url_for
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.wrappers import Response

from app.platform.db import db
from app.practice.access import current_caller, current_practice, needs, say, signed_in
from app.practice.actions import practice as actions
from app.practice.facts.staff import Permission
from app.practice.forms.practice import SetupForm, read_setup, zone_choices
from app.practice.rules.roles import version_of
from app.practice.store import practice as store
from app.practice.views.differences import Differences, practice_differences
from app.web.guard import clock_of
from app.web.kept import my_forms
from app.web.navigation import navigation
from app.web.standing import standing_of

home_pages = Blueprint("home", __name__)
setup_pages = Blueprint("setup", __name__)


@home_pages.get("/")
@signed_in
def land() -> Response | str:
    """Lead to a form that waits to be saved, or else to the first page that the person may open."""
    waiting = my_forms(current_caller())
    if waiting:
        return redirect(url_for("kept_pages.show", form_id=waiting[0].id))
    entries = navigation()
    return redirect(entries[0].address) if entries else render_template("web/home.html")


@setup_pages.get("/setup")
@needs(Permission.SETTINGS)
def show() -> str:
    """Show the practice's page."""
    practice = current_practice()
    name = practice.name if practice.set_up else ""
    return _setup(SetupForm(name, practice.zone, practice.state, practice.group_npi), {})


@setup_pages.post("/setup")
@needs(Permission.SETTINGS)
def save() -> Response | tuple[str, int]:
    """Store the practice's page, or show it again with what to mend."""
    form = read_setup(request.form)
    if form.errors:
        return _setup(form, request.form.to_dict()), 422
    caller, first = current_caller(), not current_practice().set_up
    typed = form.name, ZoneInfo(form.zone), form.state, form.group_npi
    try:
        actions.set_up_practice(caller, *typed, request.form.get("version"))
    except actions.StaleRecordError:
        now = store.practice_of(caller.session, caller.practice_id)
        mine = replace(now, name=form.name, zone=form.zone, state=form.state, group_npi=form.group_npi)
        g.practice = now
        return _setup(form, request.form.to_dict(), practice_differences(now, mine)), 409
    if not first:
        say("The practice's page is saved.")
    return redirect(url_for("home.land" if first else "setup.show"))


def _setup(form: SetupForm, typed: dict[str, str], both: Differences | None = None) -> str:
    return render_template(
        "web/setup.html",
        form=form,
        typed=typed,
        zones=zone_choices(form.zone),
        both=both,
        version=version_of(current_practice()),
    )


def health() -> tuple[Response, int]:
    """Say whether the program reaches its database, and whether reminders run: for whoever watches it."""
    now, standing = clock_of(current_app).now(), standing_of(current_app)
    try:
        practices = store.all_practices(db.session())
        still = any(standing.of(db.session(), one.id, now) is not None for one in practices)
    except SQLAlchemyError:
        return jsonify(status="the database does not answer"), 503
    return jsonify(status="ok", reminders="standing still" if still else "running"), 200
