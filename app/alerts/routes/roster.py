"""Who is on call and who is away: kept by managers and administrators."""

from collections.abc import Mapping
from uuid import UUID

from flask import Blueprint, abort, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from app.alerts.actions import roster as actions
from app.alerts.forms.roster import read_absence, read_duty
from app.alerts.views.roster import clash_words, roster_page
from app.platform.ids import new_id
from app.practice.access import current_caller, needs, say
from app.practice.facts.staff import Permission

roster_pages = Blueprint("roster_pages", __name__, url_prefix="/alerts/on-call")
GONE = "This person no longer works here. Choose another"


@roster_pages.get("")
@needs(Permission.SETTINGS, Permission.ACCEPT_RISK)
def show() -> str:
    """Show who is on call and who is away."""
    return _page({}, {})


@roster_pages.post("/duties")
@needs(Permission.SETTINGS, Permission.ACCEPT_RISK)
def add_duty() -> Response | tuple[str, int]:
    """Put a person on call."""
    caller = current_caller()
    found = actions.read_roster(caller)
    form = read_duty(request.form, _key(), found.today, found.zone)
    if form.duty is not None:
        try:
            actions.add_duty(caller, form.duty)
        except actions.ClashError as clash:
            form.errors["duty_begins"] = clash_words(clash)
        except actions.NotOnRosterError:
            form.errors["duty_who"] = GONE
    if form.errors:
        return _page(form.errors, request.form), 422
    say("The duty is noted.")
    return redirect(url_for("roster_pages.show"), 303)


@roster_pages.post("/away")
@needs(Permission.SETTINGS, Permission.ACCEPT_RISK)
def add_absence() -> Response | tuple[str, int]:
    """Note that a person is away."""
    caller = current_caller()
    form = read_absence(request.form, _key(), None, actions.read_roster(caller).today)
    if form.away is not None:
        try:
            actions.add_absence(caller, form.away)
        except actions.ClashError as clash:
            form.errors["begins"] = clash_words(clash)
        except actions.NotOnRosterError:
            form.errors["who"] = GONE
    if form.errors:
        return _page(form.errors, request.form), 422
    say("The days away are noted. What is told to this person then goes to whoever covers.")
    return redirect(url_for("roster_pages.show"), 303)


@roster_pages.post("/<any(duties, away):kind>/<uuid:row_id>/<any(remove, restore):what>")
@needs(Permission.SETTINGS, Permission.ACCEPT_RISK)
def mark(kind: str, row_id: UUID, what: str) -> Response:
    """Take a duty or an absence back, or let it hold again."""
    change = actions.mark_duty if kind == "duties" else actions.mark_absence
    words = "The duty is" if kind == "duties" else "The days away are"
    try:
        change(current_caller(), row_id, what == "restore")
    except actions.NotOnRosterError:
        abort(404)
    except actions.ClashError as clash:
        say(f"{clash_words(clash)}. Nothing was changed.")
        return redirect(url_for("roster_pages.show"), 303)
    if what == "restore":
        say(f"{words} on file again.")
    else:
        say(f"{words} taken back.", url_for("roster_pages.mark", kind=kind, row_id=row_id, what="restore"))
    return redirect(url_for("roster_pages.show"), 303)


def _key() -> UUID:
    try:
        return UUID(request.form.get("key", ""))
    except ValueError:
        return new_id()


def _page(errors: Mapping[str, str], typed: Mapping[str, str]) -> str:
    caller = current_caller()
    page = roster_page(actions.read_roster(caller), caller.clock.now())
    return render_template("alerts/roster.html", page=page, errors=errors, typed=typed, key=new_id(), duty_key=new_id())
