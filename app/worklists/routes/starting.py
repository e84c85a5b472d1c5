"""Begin the requests that ticked visits need: a page that says which they are, and the step that begins them."""

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from app.casework.actions.starting import read_starting, start_requests
from app.platform.ids import new_id
from app.practice.access import current_caller, needs, say
from app.practice.facts.staff import Permission
from app.worklists.forms.work import read_back, read_key, read_visits
from app.worklists.routes.work import NOT_ON_FILE, address_of_list, text_of_list
from app.worklists.views.starting import begun_words, start_page

visit_start_pages = Blueprint("visit_start_pages", __name__)


@visit_start_pages.get("/schedule/requests")
@needs(Permission.EDIT_CASES)
def show() -> str | Response:
    """Show which requests some visits need, what there is already, and what cannot be begun.

    After a form was sent the address names it, and what it begun stands apart.
    """
    back, key = read_back(request.args.get("back", "")), read_key(request.args.get("key", ""))
    found = read_starting(current_caller(), read_visits(request.args.getlist("visit")))
    page = start_page(found, key)
    if not page.visits:
        say(NOT_ON_FILE)
        return redirect(address_of_list(back), 303)
    return render_template(
        "worklists/starting.html",
        page=page,
        key=new_id(),
        back=text_of_list(back),
        back_address=address_of_list(back, page.visits[0]),
    )


@visit_start_pages.post("/schedule/requests")
@needs(Permission.EDIT_CASES)
def begin() -> Response:
    """Begin what is needed and not there yet, and show what came of it. A form that is sent twice begins it once."""
    back, key = read_back(request.form.get("back", "")), read_key(request.form.get("key", "")) or new_id()
    visits = read_visits(request.form.getlist("visit"))
    say(begun_words(start_requests(current_caller(), visits, key)))
    named = [str(one) for one in visits]
    return redirect(url_for(".show", visit=named, key=key, back=text_of_list(back)), 303)
