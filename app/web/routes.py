"""Pages of the whole: where one lands, the practice's first page, and health."""

from zoneinfo import ZoneInfo

from flask import Blueprint, jsonify, redirect, render_template, request, url_for
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.wrappers import Response

from app.platform.db import db
from app.practice import actions, store
from app.practice.access import current_caller, needs, signed_in
from app.practice.facts import Permission
from app.practice.forms import SetupForm, read_setup, zone_choices
from app.web.kept import my_forms
from app.web.navigation import navigation

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
    caller = current_caller()
    practice = store.practice_of(caller.session, caller.practice_id)
    name = practice.name if practice.set_up else ""
    return _setup(SetupForm(name, practice.zone, practice.state, practice.group_npi), {})


@setup_pages.post("/setup")
@needs(Permission.SETTINGS)
def save() -> Response | tuple[str, int]:
    """Store the practice's page, or show it again with what to mend."""
    form = read_setup(request.form)
    if form.errors:
        return _setup(form, request.form.to_dict()), 422
    actions.set_up_practice(current_caller(), form.name, ZoneInfo(form.zone), form.state, form.group_npi)
    return redirect(url_for("home.land"))


def _setup(form: SetupForm, typed: dict[str, str]) -> str:
    return render_template("web/setup.html", form=form, typed=typed, zones=zone_choices(form.zone))


def health() -> tuple[Response, int]:
    """Say whether the program can reach its database: for whoever watches it."""
    try:
        db.session.execute(text("SELECT 1"))
    except SQLAlchemyError:
        return jsonify(status="the database does not answer"), 503
    return jsonify(status="ok"), 200
