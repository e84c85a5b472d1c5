"""The print view of one day, and lists as they were printed."""

from datetime import date
from typing import Any
from uuid import UUID

from flask import Blueprint, abort, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from app.practice.access import current_caller, current_staff, needs
from app.practice.facts import Permission
from app.worklists.actions import printing as actions
from app.worklists.actions.shared import SiteNotFoundError
from app.worklists.facts import DayList
from app.worklists.forms.query import read_query
from app.worklists.views.printing import list_words, printed_before

print_pages = Blueprint("print_pages", __name__)


@print_pages.get("/schedule/print")
@needs(Permission.SEE_SCHEDULE)
def show() -> tuple[str, int]:
    """Show the sheets of a day before they are printed: who is on them, and with names or initials."""
    errors: dict[str, str] = {}
    shown = _read(request.args, errors)
    initials = request.args.get("initials") == "yes"
    page = render_template(
        "worklists/print.html",
        page=list_words(shown, current_staff().name, initials),
        day=f"{shown.day:%m/%d/%Y}" if "day" not in errors else request.args.get("day", ""),
        sites=[(str(one.id), one.name) for one in shown.sites],
        site=str(shown.site or ""),
        exact=shown.day.isoformat(),
        before=printed_before(shown),
        errors=errors,
    )
    return page, 422 if errors else 200


@print_pages.post("/schedule/print")
@needs(Permission.SEE_SCHEDULE)
def save() -> Response:
    """Keep the list as it is printed, and show it."""
    caller = current_caller()
    shown = _read(request.form, {})
    words = list_words(shown, current_staff().name, request.form.get("initials") == "yes")
    return redirect(url_for("print_pages.printed", list_id=actions.keep_printed(caller, shown, words), now="yes"), 303)


@print_pages.get("/schedule/printed/<uuid:list_id>")
@needs(Permission.SEE_SCHEDULE)
def printed(list_id: UUID) -> str:
    """Show a list as it was printed."""
    try:
        found = actions.read_printed(current_caller(), list_id)
    except actions.PrintedNotFoundError:
        abort(404)
    now = request.args.get("now") == "yes"
    return render_template("worklists/printed.html", page=found.content, day=found.day.isoformat(), now=now)


def _read(args: Any, errors: dict[str, str]) -> DayList:
    form = read_query(args)
    errors.update({name: sentence for name, sentence in form.errors.items() if name in ("day", "site")})
    day: date | None = form.query.day
    try:
        return actions.read_day(current_caller(), day, form.query.site)
    except SiteNotFoundError:
        errors["site"] = "This site is not one of the practice's. All sites are shown."
        return actions.read_day(current_caller(), day, None)
