"""Texts that came in and wait for a person, and those that were read."""

from uuid import UUID

from flask import Blueprint, abort, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from app.alerts.actions.replies import ReplyNotFoundError, read_reply, unread_reply
from app.alerts.actions.text_page import read_replies
from app.alerts.forms.texts import read_id
from app.alerts.views.text_page import reply_list
from app.practice.access import current_caller, needs, say
from app.practice.facts.staff import Permission

reply_pages = Blueprint("reply_pages", __name__, url_prefix="/alerts/replies")


@reply_pages.get("")
@needs(Permission.WORK)
def listing() -> str:
    """List the replies that wait; `?read=yes`: those that were read. `before`: the place where a page goes on."""
    read = request.args.get("read") == "yes"
    page = read_replies(current_caller(), read, read_id(request.args.get("before", "")))
    return render_template("alerts/replies.html", page=reply_list(page))


@reply_pages.post("/<uuid:reply_id>/read")
@needs(Permission.EDIT_CASES)
def mark_read(reply_id: UUID) -> Response:
    """Note that a reply was read: texts to its number may go again."""
    try:
        read_reply(current_caller(), reply_id)
    except ReplyNotFoundError:
        abort(404)
    say("Read. Texts to this number may go again.", undo=url_for(".mark_unread", reply_id=reply_id))
    return redirect(url_for(".listing"), 303)


@reply_pages.post("/<uuid:reply_id>/unread")
@needs(Permission.EDIT_CASES)
def mark_unread(reply_id: UUID) -> Response:
    """Take that back: the reply waits for a person again."""
    try:
        unread_reply(current_caller(), reply_id)
    except ReplyNotFoundError:
        abort(404)
    say("The reply waits again.")
    return redirect(url_for(".listing"), 303)
