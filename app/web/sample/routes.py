"""The tour of the sample practice. In a real practice there is no such page."""

from flask import Blueprint, abort, redirect, render_template, url_for
from werkzeug.wrappers import Response

from app.practice.access import current_caller, current_practice, needs, say
from app.practice.facts.staff import Permission
from app.web.sample.filling import filled_on
from app.web.sample.ticking import tick
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


@tour_pages.post("/tour/tick")
@needs(Permission.IMPORT)
def play() -> Response:
    """Play one step of time, and say what happened. Nothing in the sentence is anybody's: the sample is made up."""
    if not current_practice().sample:
        abort(404)
    played = tick(current_caller())
    say(" ".join(f"{one.sentence} Chart {one.mrn}." for one in played) or "The sample has no more steps to play.")
    return redirect(url_for("tour_pages.show"), 303)
