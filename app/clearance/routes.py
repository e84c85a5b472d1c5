"""The visit panel on its own page: why may this visit go ahead, or why not?"""

from uuid import UUID

from flask import Blueprint, abort, render_template

from app.clearance.actions.answering import VisitNotFoundError
from app.clearance.actions.opening import open_visit
from app.clearance.views.panel import panel_of
from app.practice.access import current_caller, needs
from app.practice.facts import Permission

visit_pages = Blueprint("visit_pages", __name__)


@visit_pages.get("/visits/<uuid:visit_id>")
@needs(Permission.SEE_SCHEDULE)
def show(visit_id: UUID) -> str:
    """Show one visit with its reason in full. An unknown visit, or another practice's, is not found."""
    try:
        opened = open_visit(current_caller(), visit_id)
    except VisitNotFoundError:
        abort(404)
    return render_template("clearance/show.html", panel=panel_of(opened))
