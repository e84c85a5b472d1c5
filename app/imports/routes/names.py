"""Payers that files named and the library does not know: what each is, said by a person and taken back by one."""

from uuid import UUID
from zoneinfo import ZoneInfo

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from app.imports.actions.drafts import people_of
from app.imports.actions.naming import (
    NameGoneError,
    NameMatchedError,
    match_name,
    read_names,
    see_move,
    take_back,
)
from app.imports.views.names import move_page, names_page
from app.practice.access import current_caller, current_practice, needs, say
from app.practice.facts.staff import Permission
from app.values.wording import counted

payer_name_pages = Blueprint("payer_name_pages", __name__, url_prefix="/imports/payers")
CHOOSE = "Choose the payer of the library that this name means."
SINCE = "Someone has said since what this name is. The list shows it; nothing was changed."


@payer_name_pages.get("", endpoint="list")
@needs(Permission.IMPORT)
def show_all() -> str:
    """List the names to decide and those decided."""
    return _list({})


@payer_name_pages.get("/same")
@needs(Permission.IMPORT)
def same() -> str | Response | tuple[str, int]:
    """Say what it moves when a name is the same as a payer of the library."""
    name, payer = request.args.get("name", ""), request.args.get("payer", "")
    if not payer:
        return _list({f"payer-{name}": CHOOSE}), 422
    try:
        page = move_page(see_move(current_caller(), name, payer))
    except NameGoneError:
        say(SINCE)
        return redirect(url_for("payer_name_pages.list"), 303)
    return render_template("imports/payer_same.html", page=page)


@payer_name_pages.post("/same")
@needs(Permission.IMPORT)
def match() -> Response:
    """Take a name for a payer of the library; a form that comes twice does it once."""
    return _decide(request.form.get("payer", ""))


@payer_name_pages.post("/own")
@needs(Permission.IMPORT)
def own() -> Response:
    """Keep a name as a payer of its own."""
    return _decide(None)


@payer_name_pages.post("/<uuid:match_id>/undo")
@needs(Permission.IMPORT)
def undo(match_id: UUID) -> Response:
    """Take back what was said of a name."""
    try:
        take_back(current_caller(), match_id)
        say("Taken back. What had moved is under its own name again.")
    except NameGoneError:
        say("That was taken back already.")
    return redirect(url_for("payer_name_pages.list"), 303)


def _decide(payer: str | None) -> Response:
    try:
        done = match_name(current_caller(), request.form.get("name", ""), payer)
    except (NameGoneError, NameMatchedError):
        say(SINCE)
    else:
        undo_at = url_for("payer_name_pages.undo", match_id=done.id)
        moved = (
            f"{counted(len(done.moved.get('coverage', ())), 'coverage')} moved, and later files are read the same way."
        )
        say("Kept as a payer of its own." if payer is None else f"The name is matched: {moved}", undo=undo_at)
    return redirect(url_for("payer_name_pages.list"), 303)


def _list(errors: dict[str, str]) -> str:
    caller = current_caller()
    page = names_page(read_names(caller), people_of(caller), ZoneInfo(current_practice().zone))
    return render_template("imports/payer_names.html", page=page, errors=errors)
