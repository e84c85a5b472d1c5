"""How a person wants to be told: the person's own page, days away, and a test message."""

from collections.abc import Mapping
from uuid import UUID

from flask import Blueprint, abort, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from app.alerts.actions import preferences as actions
from app.alerts.actions import roster
from app.alerts.facts.outbox import Way
from app.alerts.forms.preferences import PreferencesForm, read_preferences
from app.alerts.forms.roster import read_absence
from app.alerts.views.preferences import Differences, preference_differences, preferences_page
from app.alerts.views.roster import clash_words
from app.platform.ids import new_id
from app.practice.access import current_caller, say, signed_in

preference_pages = Blueprint("preference_pages", __name__, url_prefix="/alerts/preferences")


@preference_pages.get("")
@signed_in
def show() -> str:
    """Show how the person is told."""
    return _page({})


@preference_pages.post("")
@signed_in
def save() -> Response | tuple[str, int]:
    """Store how the person is told."""
    caller = current_caller()
    found = actions.read_preferences(caller)
    form = read_preferences(request.form, request.form.getlist("tick"), found.person, found.others, found.sites)
    if form.person is None:
        return _page(form.errors, form), 422
    try:
        changed = actions.save_preferences(caller, form.person, form.version)
    except actions.StalePreferencesError:
        found = actions.read_preferences(caller)
        both = preference_differences(found.person, form.person, found.others, found.sites)
        return _page({}, form, both), 409
    say("How you are told is saved." if changed else "Nothing was changed.")
    return redirect(url_for("preference_pages.show"), 303)


@preference_pages.post("/away")
@signed_in
def add_absence() -> Response | tuple[str, int]:
    """Note days on which the person is away."""
    caller = current_caller()
    today = actions.read_preferences(caller).today
    form = read_absence(request.form, _key(), caller.user_id, today)
    if form.away is not None:
        try:
            roster.add_absence(caller, form.away)
        except roster.ClashError as clash:
            form.errors["begins"] = clash_words(clash)
        except roster.NotOnRosterError:
            form.errors["cover"] = "This person no longer works here. Choose another to cover"
    if form.errors:
        return _page(form.errors, away=request.form), 422
    say("Your days away are noted. What is told to you then goes to whoever covers.")
    return redirect(url_for("preference_pages.show") + "#away", 303)


@preference_pages.post("/away/<uuid:absence_id>/<any(remove, restore):what>")
@signed_in
def mark_absence(absence_id: UUID, what: str) -> Response:
    """Take days away back, or let them hold again."""
    try:
        roster.mark_absence(current_caller(), absence_id, holds=what == "restore")
    except roster.NotOnRosterError:
        abort(404)
    except roster.ClashError as clash:
        say(f"{clash_words(clash)}. Nothing was changed.")
        return redirect(url_for("preference_pages.show") + "#away", 303)
    undo = url_for("preference_pages.mark_absence", absence_id=absence_id, what="restore")
    if what == "restore":
        say("The days away hold again.")
    else:
        say("The days away are taken back.", undo)
    return redirect(url_for("preference_pages.show") + "#away", 303)


@preference_pages.post("/test")
@signed_in
def send_test() -> Response | tuple[str, int]:
    """Queue a test message to the person."""
    way = Way.SMS if request.form.get("way") == Way.SMS else Way.EMAIL
    try:
        actions.send_test(current_caller(), way, _key())
    except actions.NoAddressError as error:
        return _page({"test": str(error)}), 422
    words = "text" if way is Way.SMS else "e-mail"
    say(f"A test {words} to you is queued. It is sent within a minute where {words}s are set up.")
    return redirect(url_for("preference_pages.show") + "#test", 303)


def _key() -> UUID:
    try:
        return UUID(request.form.get("key", ""))
    except ValueError:
        return new_id()


def _page(
    errors: Mapping[str, str],
    form: PreferencesForm | None = None,
    both: Differences | None = None,
    away: Mapping[str, str] | None = None,
) -> str:
    found = actions.read_preferences(current_caller())
    page = preferences_page(found) if form is None else preferences_page(found, form.typed, form.ticks)
    return render_template(
        "alerts/preferences.html", page=page, errors=errors, both=both, away=away or {}, key=new_id(), test_key=new_id()
    )
