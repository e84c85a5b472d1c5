"""The Outbox: for administrators, with the brake, what was held back, and cancelling a message."""

from uuid import UUID

from flask import Blueprint, abort, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from app.alerts.actions import braking, holding, overseeing
from app.alerts.facts.outbox import State, Way
from app.alerts.views.outbox import message_page, outbox_page
from app.practice.access import current_caller, needs, say
from app.practice.facts.staff import Permission
from app.values.wording import counted

outbox_pages = Blueprint("outbox_pages", __name__, url_prefix="/admin/outbox")


@outbox_pages.get("")
@needs(Permission.SETTINGS)
def listing() -> tuple[str, int]:
    """List messages, newest first; what the address says wrongly is named and left out."""
    errors: dict[str, str] = {}
    state, before = _state(errors), _before(errors)
    page = outbox_page(overseeing.read_outbox(current_caller(), state, before))
    return render_template("alerts/outbox.html", page=page, errors=errors), 422 if errors else 200


@outbox_pages.get("/<uuid:message_id>")
@needs(Permission.SETTINGS)
def show(message_id: UUID) -> str:
    """Show one message with every attempt at it."""
    try:
        found = overseeing.read_message(current_caller(), message_id)
    except overseeing.MessageNotFoundError:
        abort(404)
    return render_template("alerts/message.html", page=message_page(found))


@outbox_pages.post("/<uuid:message_id>/cancel")
@needs(Permission.SETTINGS)
def cancel(message_id: UUID) -> Response:
    """Cancel a message that has not gone."""
    try:
        cancelled = overseeing.cancel_message(current_caller(), message_id)
    except overseeing.MessageNotFoundError:
        abort(404)
    if cancelled:
        say("The message is cancelled. Its alert stays.")
    else:
        say("The message is no longer waiting, so nothing was changed.")
    return redirect(url_for("outbox_pages.show", message_id=message_id), 303)


@outbox_pages.post("/brakes/<any(sms, email):way>/release")
@needs(Permission.SETTINGS)
def release(way: str) -> Response:
    """Let messages leave by a way again."""
    words = "Texts" if way == Way.SMS else "E-mails"
    if braking.release(current_caller(), Way(way)):
        say(f"{words} leave again.")
    else:
        say(f"{words} were not stopped.")
    return redirect(url_for("outbox_pages.listing"), 303)


@outbox_pages.post("/held/<any(let, discard):what>")
@needs(Permission.SETTINGS)
def held(what: str) -> Response:
    """Let through what a sweep held back, or discard it."""
    caller = current_caller()
    if what == "let":
        say(f"{counted(holding.let_through(caller), 'reminder')} let through; they become messages within a minute.")
    else:
        count = counted(holding.discard_held(caller), "reminder")
        say(f"{count} discarded. The alerts stay under Alerts.")
    return redirect(url_for("outbox_pages.listing"), 303)


def _state(errors: dict[str, str]) -> State | None:
    text = request.args.get("state", "")
    if text and text not in tuple(State):
        errors["state"] = "The state in the address is not known. All messages are shown"
        return None
    return State(text) if text else None


def _before(errors: dict[str, str]) -> UUID | None:
    text = request.args.get("before", "")
    try:
        return UUID(text) if text else None
    except ValueError:
        errors["before"] = "The address of this page is cut off. The first page is shown"
        return None
