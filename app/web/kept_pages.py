"""The page of a form that was kept: what was typed, to save it now or to discard it."""

import re
from uuid import UUID

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from app.practice.access import current_caller, say, signed_in
from app.practice.facts.staff import KeptForm
from app.web.kept import age_words, forget_form, my_forms

kept_pages = Blueprint("kept_pages", __name__)
_ID = re.compile(r"[0-9a-f]{8}-?([0-9a-f]{4}-?){3}[0-9a-f]{12}")
_TECHNICAL = frozenset({"version", "token", "after", "step"})


@kept_pages.get("/kept/<uuid:form_id>")
@signed_in
def show(form_id: UUID) -> Response | str:
    """Show a kept form of whoever asks; to anybody else there is none, and the first page is shown."""
    caller = current_caller()
    form = next((one for one in my_forms(caller) if one.id == form_id), None)
    if form is None:
        return redirect(url_for("home.land"))
    shown, stale = fields_of(form), "stale" in request.args
    return render_template("web/kept.html", form=form, fields=shown, stale=stale, age=age_words(form, caller.clock))


@kept_pages.post("/kept/<uuid:form_id>/discard")
@signed_in
def discard(form_id: UUID) -> Response:
    """Forget a kept form."""
    if forget_form(current_caller(), form_id):
        say("The form is discarded. Nothing of it was saved.")
    return redirect(url_for("home.land"), 303)


def fields_of(form: KeptForm) -> list[tuple[str, str]]:
    """Name what was typed by the fields' names; ids and other values of the program's own are left out."""
    shown: dict[str, list[str]] = {}
    for name, value in form.values:
        if value.strip() and name not in _TECHNICAL and not _ID.fullmatch(value):
            shown.setdefault(name, []).append(value)
    return [(_label(name), ", ".join(values)) for name, values in shown.items()]


def _label(name: str) -> str:
    words = re.sub(r"[_.\-]+", " ", name).strip().capitalize()
    return re.sub(r"\b(npi|mrn)\b", lambda found: found[0].upper(), words, flags=re.IGNORECASE)
