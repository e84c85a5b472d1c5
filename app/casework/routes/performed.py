"""What was performed at a visit, beside what was planned and approved."""

from uuid import UUID

from flask import Blueprint, abort, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from app.casework.actions.performed import (
    NotPerformedError,
    StalePerformanceError,
    read_performance,
    record_performed,
)
from app.casework.forms.performed import PerformedForm, read_performed
from app.casework.views.performed import open_words, performed_words
from app.clearance.actions.answering import VisitNotFoundError
from app.platform.ids import new_id
from app.practice.access import current_caller, may, needs, say
from app.practice.facts.staff import Permission

performed_pages = Blueprint("performed_pages", __name__, url_prefix="/visits/<uuid:visit_id>")


@performed_pages.get("/performed")
@needs(Permission.SEE_SCHEDULE)
def show(visit_id: UUID) -> str:
    """Show what was performed at a visit, and the form that records it."""
    return _page(visit_id, None)


@performed_pages.post("/performed")
@needs(Permission.EDIT_CASES)
def save(visit_id: UUID) -> Response | tuple[str, int]:
    """Record what was performed; where a service is not covered, a request is opened for it."""
    form = read_performed(request.form)
    if form.errors or form.key is None:
        return _page(visit_id, form), 422
    try:
        found = record_performed(current_caller(), visit_id, form.lines, form.version, form.key)
    except VisitNotFoundError:
        abort(404)
    except NotPerformedError:
        form.errors["codes"] = "This visit did not take place, or lies ahead: nothing can be recorded"
        return _page(visit_id, form), 422
    except StalePerformanceError:
        form.stale = True
        return _page(visit_id, form), 409
    opened = found.record.case_id is not None and found.window is not None
    say("Recorded. A request for what is not covered is open in draft." if opened else "Recorded.")
    return redirect(url_for(".show", visit_id=visit_id), 303)


def _page(visit_id: UUID, form: PerformedForm | None) -> str:
    try:
        found = read_performance(current_caller(), visit_id)
    except VisitNotFoundError:
        abort(404)
    page = performed_words(found)
    return render_template(
        "casework/performed.html",
        page=page,
        form=form,
        key=(form.key if form is not None else None) or new_id(),
        open_sentence=open_words(page),
        edits=may(Permission.EDIT_CASES),
    )
