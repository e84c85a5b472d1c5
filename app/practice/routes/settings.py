"""How a person wants the pages: light or dark, how dense, and whether single keys do something."""

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from app.practice.access import current_caller, current_staff, say, signed_in
from app.practice.actions import staff as actions
from app.practice.forms.staff import read_look

settings_pages = Blueprint("settings_pages", __name__)


@settings_pages.get("/settings")
@signed_in
def show() -> str:
    """Show a person's own settings."""
    return render_template("practice/settings.html", chosen=current_staff().look, errors={})


@settings_pages.post("/settings")
@signed_in
def save() -> Response | tuple[str, int]:
    """Store a person's own settings."""
    form = read_look(request.form)
    if form.look is None:
        return render_template("practice/settings.html", chosen=current_staff().look, errors=form.errors), 422
    actions.choose_look(current_caller(), current_staff(), form.look)
    say("Your settings are saved.")
    return redirect(url_for("settings_pages.show"), 303)
