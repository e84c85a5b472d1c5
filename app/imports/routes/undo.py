"""Undo an import: a page that says what it will do, and afterwards what it did."""

from uuid import UUID
from zoneinfo import ZoneInfo

from flask import Blueprint, redirect, render_template, url_for
from werkzeug.wrappers import Response

from app.imports.actions.drafts import people_of
from app.imports.actions.undoing import ImportBusyError, NothingToUndoError, see_undo, undo_import
from app.imports.views.undoing import undo_page
from app.practice.access import current_caller, current_practice, needs, say
from app.practice.facts.staff import Permission

import_undo_pages = Blueprint("import_undo_pages", __name__)
LATE = "That import can no longer be undone: its 24 hours are over. Nothing was changed."
BUSY = "Another import works on this practice now, so nothing was undone. Try again when it has ended."


@import_undo_pages.get("/imports/<uuid:run_id>/undo")
@needs(Permission.IMPORT)
def show(run_id: UUID) -> str | Response:
    """Say what undoing an import will do, or what it did."""
    try:
        return _page(run_id)
    except NothingToUndoError:
        say(LATE)
        return redirect(url_for("import_pages.list"), 303)


@import_undo_pages.post("/imports/<uuid:run_id>/undo")
@needs(Permission.IMPORT)
def undo(run_id: UUID) -> Response | tuple[str, int]:
    """Undo it; a form that comes twice undoes it once."""
    try:
        done = undo_import(current_caller(), run_id)
    except NothingToUndoError:
        say(LATE)
        return redirect(url_for("import_pages.list"), 303)
    except ImportBusyError:
        return _page(run_id, BUSY), 409
    say("The import is undone." if done.ended_at else "The import is being undone; it goes on by itself.")
    return redirect(url_for("import_undo_pages.show", run_id=run_id), 303)


def _page(run_id: UUID, problem: str = "") -> str:
    caller = current_caller()
    page = undo_page(see_undo(caller, run_id), people_of(caller), ZoneInfo(current_practice().zone))
    return render_template("imports/undo_page.html", page=page, problem=problem)
