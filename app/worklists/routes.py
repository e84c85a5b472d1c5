"""The schedule page. All of its state is in its address."""

from flask import Blueprint, render_template, request, url_for

from app.practice.access import current_caller, needs
from app.practice.facts import Permission
from app.worklists import actions
from app.worklists.facts import ScheduleQuery
from app.worklists.forms import read_query
from app.worklists.views.schedule import schedule_page

schedule_pages = Blueprint("schedule_pages", __name__)


@schedule_pages.get("/schedule")
@needs(Permission.SEE_SCHEDULE)
def day() -> tuple[str, int]:
    """Show the visits of a day or a week; what the address says wrongly is named and left out."""
    form = read_query(request.args)
    errors = dict(form.errors)
    try:
        schedule = actions.read_schedule(current_caller(), form.query)
    except actions.SiteNotFoundError:
        errors["site"] = "This site is not one of the practice's. All sites are shown."
        schedule = actions.read_schedule(current_caller(), _everywhere(form.query))
    if form.query.visit is not None and schedule.panel is None:
        errors["visit"] = "The visit that this address names is not on file. Choose one from the list."
    page = schedule_page(schedule, lambda **parts: url_for("schedule_pages.day", **parts))
    typed = form.typed_day if "day" in errors else page.day
    answer = render_template("worklists/schedule.html", page=page, errors=errors, typed_day=typed)
    return answer, 422 if errors else 200


def _everywhere(query: ScheduleQuery) -> ScheduleQuery:
    return ScheduleQuery(query.span, query.day, None, query.badge, None, query.visit)
