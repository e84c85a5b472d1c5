"""The print view of one day, and lists as they were printed."""

from uuid import UUID

from flask import Blueprint, abort, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from app.practice.access import current_caller, current_staff, needs
from app.practice.facts.staff import Permission
from app.worklists.actions import printing as actions
from app.worklists.actions.shared import SiteNotFoundError
from app.worklists.forms.query import ScheduleForm, read_query
from app.worklists.views.printing import list_words, print_page

print_pages = Blueprint("print_pages", __name__)


@print_pages.get("/schedule/print")
@needs(Permission.SEE_SCHEDULE)
def show() -> tuple[str, int]:
    """Show what would be printed of a day: how many visits and sheets of each site."""
    form = read_query(request.args)
    errors = {name: sentence for name, sentence in form.errors.items() if name in ("day", "site")}
    return _page(form, errors, request.args.get("initials") == "yes")


@print_pages.post("/schedule/print")
@needs(Permission.SEE_SCHEDULE)
def save() -> Response | tuple[str, int]:
    """Print: the list is made and kept as it is shown then."""
    form, caller = read_query(request.form), current_caller()
    errors = {name: sentence for name, sentence in form.errors.items() if name in ("day", "site")}
    initials = request.form.get("initials") == "yes"
    day = form.query.day
    if errors or day is None:
        return _page(form, errors or {"day": "Enter the day to print."}, initials)
    try:
        shown = actions.read_day(caller, day, form.query.site)
    except SiteNotFoundError:
        return _page(form, {}, initials)
    except actions.TooManyError:
        errors["site"] = f"The day has more than {actions.MOST_VISITS:,} visits. Choose one site."
        return _page(form, errors, initials)
    list_id = actions.keep_printed(caller, shown, list_words(shown, current_staff().name, initials))
    return redirect(url_for("print_pages.printed", list_id=list_id, now="yes"), 303)


def _page(form: ScheduleForm, errors: dict[str, str], initials: bool) -> tuple[str, int]:
    try:
        found = actions.read_print(current_caller(), form.query.day, form.query.site)
    except SiteNotFoundError:
        errors["site"] = "This site is not one of the practice's. All sites are shown."
        found = actions.read_print(current_caller(), form.query.day, None)
    page = print_page(found)
    typed = form.typed_day if "day" in errors else page.typed_day
    shown = render_template("worklists/print.html", page=page, typed_day=typed, initials=initials, errors=errors)
    return shown, 422 if errors else 200


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
