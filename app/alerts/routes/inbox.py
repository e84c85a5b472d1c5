"""The list of alerts, one alert, what is done with them, and the short links of messages."""

from collections.abc import Collection, Mapping
from uuid import UUID

from flask import Blueprint, abort, current_app, g, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from app.alerts.actions import bulk, handling, reading
from app.alerts.facts.inbox import Query
from app.alerts.forms.inbox import WorkForm, read_query, read_undo, read_work
from app.alerts.views.inbox import address, list_page, story_page, undo_token
from app.alerts.views.words import target
from app.deadlines.rules.calendar import zone_of
from app.practice.access import POLICY, allows, current_caller, current_practice, say, signed_in
from app.values.wording import counted, long_day

alert_pages = Blueprint("alert_pages", __name__)
NOT_OURS = "This site is not one of the practice's. All sites are shown"
SOMEONE_WAS_QUICKER = (
    "Somebody did something with these alerts after the page was loaded. Nothing was changed; the list shows how they "
    "stand now"
)


@alert_pages.get("/alerts")
@signed_in
def listing() -> tuple[str, int]:
    """List alerts; what the address says wrongly is named and left out."""
    form = read_query(request.args)
    return _list(form.query, dict(form.errors), status=422 if form.errors else 200)


@alert_pages.post("/alerts/work")
@signed_in
def work() -> Response | tuple[str, int]:
    """Do what was chosen with the ticked alerts, or with the one whose button was pressed."""
    caller, query = current_caller(), read_query(request.form).query
    today = caller.clock.today(zone_of(current_practice().zone))
    form = read_work(request.form, request.form.getlist("tick"), today)
    if not form.errors:
        try:
            undo_ids = _do(form)
        except handling.ChangedSinceError:
            return _list(query, {"ticks": SOMEONE_WAS_QUICKER}, form, 409)
        except handling.AlertNotFoundError:
            form.errors["ticks"] = "One of these alerts is not on file. Nothing was changed"
        except handling.NobodyToHandToError:
            form.errors["to"] = "Nobody is there to take them. Choose another person"
        except handling.SnoozeError as error:
            name = "until" if form.do == "snooze" else "ticks"
            form.errors[name] = f"Snooze until must be from {long_day(error.first)} to {long_day(error.last)}"
        else:
            say(_done_words(form), _to("undo", query, token=undo_token(undo_ids)))
            return redirect(_to("listing", query), 303)
    one = request.form.get("page", "")
    if one:
        return _story(_id(one), form.errors, form.typed), 422
    return _list(query, form.errors, form, 422)


@alert_pages.post("/alerts/undo/<token>")
@signed_in
def undo(token: str) -> Response:
    """Take steps back, all or none."""
    try:
        alerts = bulk.take_back_all(current_caller(), read_undo(token))
    except handling.AlertNotFoundError:
        abort(404)
    except handling.ChangedSinceError:
        say("Something else was done with these alerts since, or a day has passed. Nothing was changed.")
    else:
        if not alerts:
            abort(404)
        say(f"{counted(len(alerts), 'alert stands', 'alerts stand')} as before.")
    return redirect(_to("listing", read_query(request.args).query), 303)


@alert_pages.get("/alerts/<uuid:alert_id>")
@signed_in
def show(alert_id: UUID) -> str:
    """Show one alert with its story."""
    return _story(alert_id, {}, {})


@alert_pages.get("/a/<code>")
@signed_in
def open(code: str) -> Response:
    """Lead from a message to what it is about: the page where it is dealt with, else the alert's own."""
    try:
        alert = reading.open_link(current_caller(), code.upper())
    except handling.AlertNotFoundError:
        abort(404)
    where = target(alert)
    view = None if where is None else current_app.view_functions.get(where.endpoint)
    if where is None or view is None or not allows(getattr(view, POLICY, None), g.permissions):
        return redirect(url_for("alert_pages.show", alert_id=alert.id))
    return redirect(url_for(where.endpoint, **where.values))  # type: ignore[arg-type]


def _do(form: WorkForm) -> tuple[UUID, ...]:
    caller = current_caller()
    if form.do == "acknowledge":
        return bulk.acknowledge_all(caller, form.ticked)
    if form.do == "take":
        return bulk.take_all(caller, form.ticked)
    if form.do == "hand_over":
        return bulk.hand_over_all(caller, form.ticked, form.to)
    assert form.until is not None
    return bulk.snooze_all(caller, form.ticked, form.until)


def _done_words(form: WorkForm) -> str:
    count = counted(len(form.ticked), "alert")
    if form.until is not None:
        return f"{count} snoozed until {long_day(form.until)}."
    done = {"acknowledge": "acknowledged", "take": "taken: now yours", "hand_over": "handed over"}[form.do]
    return f"{count} {done}."


def _to(endpoint: str, query: Query, **values: str) -> str:
    return url_for(f"alert_pages.{endpoint}", **values, **address(query))  # type: ignore[arg-type]


def _list(query: Query, errors: dict[str, str], form: WorkForm | None = None, status: int = 200) -> tuple[str, int]:
    caller = current_caller()
    try:
        found = reading.read_listing(caller, query, g.permissions)
    except reading.SiteNotFoundError:
        errors, status = {**errors, "site": NOT_OURS}, 422
        found = reading.read_listing(caller, Query(query.whose, query.shown, None, query.reason), g.permissions)
    ticked: Collection[str] = () if form is None else {str(one) for one in form.ticked}
    typed: Mapping[str, str] = {} if form is None else form.typed
    shown = render_template("alerts/list.html", page=list_page(found), errors=errors, ticked=ticked, typed=typed)
    return shown, status


def _story(alert_id: UUID, errors: Mapping[str, str], typed: Mapping[str, str]) -> str:
    try:
        found = reading.read_story(current_caller(), alert_id, g.permissions)
    except handling.AlertNotFoundError:
        abort(404)
    return render_template("alerts/alert.html", page=story_page(found), errors=errors, typed=typed)


def _id(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        abort(404)
