"""The end of a session that nobody used: what its pages know of it, and what was typed on them until then."""

from collections.abc import Mapping
from dataclasses import replace
from urllib.parse import parse_qsl

from flask import Blueprint, Flask, Response, current_app, jsonify, request, url_for
from flask_login import current_user
from werkzeug.exceptions import HTTPException

from app.platform.caller import Caller
from app.platform.db import db
from app.practice.actions.signing_in import SEEN_STEP
from app.practice.rules.sessions import IDLE_LIMIT, seconds_left
from app.web.guard import clock_of
from app.web.kept import Posted, keep_form, may_keep, whose_session_ended
from app.web.signin import own_address
from app.web.source import source_address

idle_pages = Blueprint("idle_pages", __name__)


def add_idle(app: Flask) -> None:
    """Give the templates `idle()`: the seconds until the session ends, unused and at the latest, and its limit."""
    app.jinja_env.globals["idle"] = _idle


def _idle() -> Mapping[str, int]:
    now, browser = clock_of(current_app).now(), current_user.session
    if now - browser.seen_at >= SEEN_STEP:  # this very page was written down as its last use
        browser = replace(browser, seen_at=now)
    unused, last = seconds_left(browser, now)
    return {"unused": unused, "last": last, "limit": int(IDLE_LIMIT.total_seconds())}


@idle_pages.post("/sign-in/idle")
def end() -> Response:
    """Say where a page goes whose session has ended, and keep what was typed on it; or how long it has still to go.

    The session may be over already: its cookie still tells whose the form is (app/web/kept.py). It is prolonged by
    this question in no case.
    """
    clock, page = clock_of(current_app), own_address(request.form.get("page", ""))
    if current_user.is_authenticated:
        return jsonify(left=max(1, min(seconds_left(current_user.session, clock.now()))))
    staff = whose_session_ended(clock)
    if staff is None:
        return jsonify(to=url_for("security.login", next=page or None))
    form = _typed()
    if form is not None:
        caller = Caller(db.session(), staff.practice_id, clock, via="web", source=source_address())
        page = url_for("kept_pages.show", form_id=keep_form(caller, staff, form))
    return jsonify(to=url_for("security.login", next=page or None))


def _typed() -> Posted | None:
    """Read the form that stood on the page; None when there was none, or none that is worth keeping."""
    path = own_address(request.form.get("path", ""))
    try:
        endpoint, _ = current_app.url_map.bind("").match(path.partition("?")[0], method="POST")
    except HTTPException:
        return None
    values = parse_qsl(request.form.get("typed", ""), keep_blank_values=True)
    return may_keep(endpoint, path, values, files=0) if values else None
