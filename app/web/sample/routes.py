"""The tour of the sample practice. In a real practice there is no such page."""

from flask import Blueprint, abort, render_template

from app.practice.access import current_caller, current_practice, needs
from app.practice.facts import Permission
from app.web.sample.filling import filled_on
from app.web.sample.touring import stops

tour_pages = Blueprint("tour_pages", __name__)


@tour_pages.get("/tour")
@needs(Permission.SEE_SCHEDULE)
def show() -> str:
    """Show one live example of each failure, and of what goes well."""
    if not current_practice().sample:
        abort(404)
    caller = current_caller()
    return render_template("web/tour.html", stops=stops(caller), filled=filled_on(caller))
