"""Error pages: what happened and what to do; for what broke, an incident number and no detail."""

from contextlib import suppress

from flask import Flask, g, redirect, render_template, request, url_for
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException, SecurityError
from werkzeug.wrappers import Response

from app.api.problems import answer_problems, asked_of_api, broken_problem, expected_problem
from app.platform.db import db
from app.platform.incidents import describe, new_incident
from app.platform.logs import log
from app.web.gate import OTHER_KIND, RefusedRequest, too_large
from app.web.kept import keep_form, posted

SENTENCES = {
    400: ("The page could not be read", "Go back, load the page again, and repeat the step."),
    401: ("You are signed out", "Sign in again in another tab, then go back and send the form once more."),
    403: ("This page is not open to your role", "Ask an administrator of your practice if you need it."),
    404: ("There is nothing at this address", "Check the address, or start from the schedule."),
    405: ("This address does not take that", "Go back and use the buttons of the page."),
    408: ("The page took too long to arrive", "Check the connection, then go back and send it again."),
    409: ("Someone was quicker", "Go back and load the page again: it has changed since you opened it."),
    410: ("This page is no more", "Start again from the first page."),
    415: OTHER_KIND[1:],
    429: ("That was too often", "Wait a minute, then try again."),
    503: ("Cleared is busy", "Wait a minute, then try again; if it stays, tell your administrator this number:"),
}
OTHER = ("The page could not be shown", "Go back and try again.")
BROKEN = ("Something broke", "Nothing was half-written. Try again; if it stays, tell your administrator this number:")
FOREIGN = "Cleared does not answer under this name. Open it at the address that your administrator gave you."
EXPIRED = ("The page was open too long", "Go back, load the page again, and repeat the step.")
Page = tuple[str, int]


def show_errors(app: Flask) -> None:
    """Answer every error with a page of ours."""
    answer_problems(app)
    app.register_error_handler(CSRFError, _expired)
    app.register_error_handler(HTTPException, _expected)
    app.register_error_handler(Exception, _broken)


def _expected(error: HTTPException) -> Page | Response | HTTPException:
    if isinstance(error, SecurityError):  # a host that is not ours: no address of a page can be made for it
        return Response(FOREIGN, 400, content_type="text/plain; charset=utf-8")
    code = error.code or 500
    if code < 400 or error.response is not None:
        return error
    if code < 500 and asked_of_api(request.path):
        return expected_problem(error)
    if code >= 500:
        return _broken(error, code, SENTENCES.get(code, BROKEN))
    if isinstance(error, RefusedRequest):
        log().warning("refused", status=code, endpoint=request.endpoint or "")
        return _shown(code, error.title, error.advice)
    if code == 413:
        return _shown(code, *too_large(request.max_content_length or 0))
    return _shown(code, *SENTENCES.get(code, OTHER))


def _expired(_error: CSRFError) -> Response | Page:
    """Keep what was typed on a page that was open too long, and ask its person; a stranger is told what to do."""
    form = posted() if hasattr(g, "staff") else None
    log().warning("refused", status=400, endpoint=request.endpoint or "")
    if form is None:
        return _shown(400, *EXPIRED)
    kept = keep_form(g.caller, g.staff, form)
    return redirect(url_for("kept_pages.show", form_id=kept, stale=1), 303)


def _broken(error: Exception, code: int = 500, words: tuple[str, str] = BROKEN) -> Page | Response:
    """Write down what broke under a number, and show the number alone."""
    incident = new_incident()
    with suppress(Exception):  # a database that does not answer cannot be rolled back either
        db.session.rollback()
    log().error(
        "broken", incident=incident, what=describe(error), endpoint=request.endpoint or "", method=request.method
    )
    if asked_of_api(request.path):
        return broken_problem(error, incident)
    return _shown(code, *words, incident=incident)


def _shown(code: int, title: str, advice: str, incident: str | None = None) -> Page:
    """Show an error's page; in the frame of all pages where we know who asks, and without it where that breaks too."""
    known = hasattr(g, "staff") and hasattr(g, "practice")
    try:
        return _page(code, title, advice, incident, known), code
    except Exception as second:
        incident = incident or new_incident()
        log().error("broken", incident=incident, what=describe(second), endpoint=request.endpoint or "", method="")
        with suppress(Exception):
            db.session.rollback()
        g.pop("staff", None)  # whatever shows this page asks the database nothing about its reader
        return _page(code, title, advice, incident, known=False), code


def _page(code: int, title: str, advice: str, incident: str | None, known: bool) -> str:
    return render_template("web/error.html", title=title, advice=advice, incident=incident, known=known, code=code)
