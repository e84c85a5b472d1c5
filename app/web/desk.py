"""Small pages and answers around all pages: keys, how a day is read, staying signed in, leaving the sample."""

from zoneinfo import ZoneInfo

from flask import Blueprint, Response, abort, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from app.practice.access import current_caller, current_practice, needs, say, signed_in
from app.practice.facts.staff import Permission
from app.values.days import read_typed_day
from app.values.wording import long_day
from app.web.first_hour import skip_step
from app.web.keyboard import key_lists
from app.web.navigation import navigation

desk_pages = Blueprint("desk_pages", __name__)
UNREAD = "This is not read as a day."


@desk_pages.get("/keys")
@signed_in
def keys() -> str:
    """List what the keys do."""
    return render_template("web/keys.html", lists=key_lists(navigation()))


@desk_pages.get("/day")
@signed_in
def day() -> Response:
    """Say how a typed day is read, in the practice's zone; nothing for nothing."""
    text = request.args.get("text", "").strip()
    today = current_caller().clock.today(ZoneInfo(current_practice().zone))
    found = read_typed_day(text, today)
    words = "" if not text else UNREAD if found is None else long_day(found)
    return Response(words, mimetype="text/plain")


@desk_pages.get("/stay")
@signed_in
def stay() -> Response:
    """Do nothing but prolong the session, as every page does."""
    return Response(status=204)


@desk_pages.post("/next-step/<name>/skip")
@needs(Permission.IMPORT)
def skip(name: str) -> AnyResponse:
    """Go without a step of the first hour; what it would bring can still be brought later."""
    if not skip_step(current_caller(), name):
        abort(404)
    say("Skipped. It stays under Imports and Rules for later.")
    return redirect(url_for("home.land"), 303)


@desk_pages.get("/leave-sample")
@signed_in
def leave_sample() -> str:
    """Say how to leave the sample practice, and how to be rid of it without a trace."""
    if not current_practice().sample:
        abort(404)
    return render_template("web/leave_sample.html")
