"""The visit panel on its own page: why may this visit go ahead, or why not, and what did we show of it before?"""

from uuid import UUID
from zoneinfo import ZoneInfo

from flask import Blueprint, abort, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from app.clearance.actions.accepting import (
    NotAcceptableError,
    ResultsChangedError,
    RiskEndError,
    accept_risk,
    restore_risk,
    withdraw_risk,
)
from app.clearance.actions.answering import VisitNotFoundError
from app.clearance.actions.moving import read_move
from app.clearance.actions.opening import open_visit
from app.clearance.actions.recounting import read_visit
from app.clearance.forms import RiskForm, read_move_day, read_risk, read_shown_on
from app.clearance.views.history import history_words
from app.clearance.views.moving import move_words
from app.clearance.views.panel import panel_of
from app.practice.access import current_caller, current_practice, needs, say
from app.practice.facts.staff import Permission
from app.values.wording import short_day

visit_pages = Blueprint("visit_pages", __name__)
CHANGED = "What the checks find has changed since you opened this page. Read it again before you accept it."


@visit_pages.get("/visits/<uuid:visit_id>")
@needs(Permission.SEE_SCHEDULE)
def show(visit_id: UUID) -> tuple[str, int]:
    """Show one visit with its reason in full and what we showed before; an unknown or foreign visit is not found.

    `shown_on` in the address asks for one day of the past.
    """
    caller = current_caller()
    asked = read_shown_on(request.args, caller.clock.today(ZoneInfo(current_practice().zone)))
    try:
        opened, history = read_visit(caller, visit_id, asked.day)
    except VisitNotFoundError:
        abort(404)
    page = render_template("clearance/show.html", panel=panel_of(opened), history=history_words(history), asked=asked)
    return page, 422 if asked.errors else 200


@visit_pages.get("/visits/<uuid:visit_id>/move")
@needs(Permission.SEE_SCHEDULE)
def move(visit_id: UUID) -> tuple[str, int]:
    """Say on which days a visit could go ahead, and what a day would break; `day` in the address asks for one."""
    caller = current_caller()
    form = read_move_day(request.args, caller.clock.today(ZoneInfo(current_practice().zone)))
    try:
        found = read_move(caller, visit_id, form.day)
    except VisitNotFoundError:
        abort(404)
    page = render_template("clearance/move.html", page=move_words(found), form=form)
    return page, 422 if form.errors else 200


@visit_pages.get("/visits/<uuid:visit_id>/accept-risk")
@needs(Permission.ACCEPT_RISK)
def accept(visit_id: UUID) -> Response | str:
    """Ask for the reason why a visit may go ahead all the same."""
    return _accept_page(visit_id, RiskForm("", b""))


@visit_pages.post("/visits/<uuid:visit_id>/accept-risk")
@needs(Permission.ACCEPT_RISK)
def save_accepted(visit_id: UUID) -> Response | tuple[Response | str, int]:
    """Let the visit through, or say what is missing with all that was typed."""
    caller = current_caller()
    form = read_risk(request.form, caller.clock.today(ZoneInfo(current_practice().zone)))
    if form.errors:
        return _accept_page(visit_id, form), 422
    try:
        accept_risk(caller, visit_id, form.reason, form.seen, form.until)
    except VisitNotFoundError:
        abort(404)
    except NotAcceptableError:
        say("Nothing was stored: this visit is no longer blocked, not checked or waiting.")
        return _to_visit(visit_id)
    except RiskEndError as refused:
        form.errors["until"] = str(refused)
        return _accept_page(visit_id, form), 422
    except ResultsChangedError:
        form.errors["reason"] = CHANGED
        return _accept_page(visit_id, form), 409
    say("The risk is accepted. It is void as soon as a check finds something else.", _address("withdraw", visit_id))
    return _to_visit(visit_id)


@visit_pages.post("/visits/<uuid:visit_id>/withdraw-risk")
@needs(Permission.ACCEPT_RISK)
def withdraw(visit_id: UUID) -> Response:
    """Take an accepted risk back."""
    try:
        withdrawn = withdraw_risk(current_caller(), visit_id)
    except VisitNotFoundError:
        abort(404)
    if withdrawn:
        say("The accepted risk is withdrawn.", _address("restore", visit_id))
    else:
        say("No accepted risk stands on this visit.")
    return _to_visit(visit_id)


@visit_pages.post("/visits/<uuid:visit_id>/restore-risk")
@needs(Permission.ACCEPT_RISK)
def restore(visit_id: UUID) -> Response:
    """Undo a withdrawal."""
    try:
        restored = restore_risk(current_caller(), visit_id)
    except VisitNotFoundError:
        abort(404)
    if restored:
        say("The accepted risk stands again.", _address("withdraw", visit_id))
    else:
        say("The accepted risk was not restored: what the checks find has changed, or it stands already.")
    return _to_visit(visit_id)


def _accept_page(visit_id: UUID, form: RiskForm) -> Response | str:
    """The form with the answer as it is now; a visit that needs no leave is shown instead."""
    try:
        opened = open_visit(current_caller(), visit_id)
    except VisitNotFoundError:
        abort(404)
    panel = panel_of(opened)
    if not panel.offers.accept:
        return _to_visit(visit_id)
    if form.until_typed is None:
        form.until_typed = short_day(max(opened.answer.lines[0].visit.day, opened.answer.basis.as_of))
    return render_template("clearance/accept.html", panel=panel, form=form)


def _to_visit(visit_id: UUID) -> Response:
    return redirect(_address("show", visit_id), 303)


def _address(view: str, visit_id: UUID) -> str:
    return url_for(f"visit_pages.{view}", visit_id=visit_id)
