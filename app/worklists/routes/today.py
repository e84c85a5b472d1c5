"""The page of today: where whoever sees the schedule, or is asked about patients, lands."""

from dataclasses import replace
from functools import partial
from uuid import UUID

from flask import Blueprint, g, render_template, request, url_for

from app.practice.access import current_caller, needs
from app.practice.facts.staff import Permission
from app.worklists.actions import today as actions
from app.worklists.actions.shared import SiteNotFoundError
from app.worklists.facts import TodayQuery
from app.worklists.views.today import today_page

today_pages = Blueprint("today_pages", __name__)


@today_pages.get("/today")
@needs(Permission.SEE_SCHEDULE, Permission.ANSWER_ASKS)
def show() -> tuple[str, int]:
    """Show what is due for the person, all of it or a site's or the person's own."""
    errors: dict[str, str] = {}
    query = TodayQuery(request.args.get("mine") == "yes", _site(request.args.get("site", ""), errors))
    try:
        found = actions.read_page(current_caller(), query, g.permissions)
    except SiteNotFoundError:
        errors["site"] = "This site is not one of the practice's. All sites are shown."
        found = actions.read_page(current_caller(), replace(query, site=None), g.permissions)
    page = today_page(*found, partial(url_for, "schedule_pages.day"))
    return render_template("worklists/today.html", page=page, errors=errors), 422 if errors else 200


def _site(text: str, errors: dict[str, str]) -> UUID | None:
    if not text:
        return None
    try:
        return UUID(text)
    except ValueError:
        errors["site"] = "The site in the address is cut off. Choose it again on this page."
        return None
