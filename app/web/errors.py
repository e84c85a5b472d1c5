"""Error pages: what happened and what to do; for what broke, an incident number and no detail."""

from flask import Flask, g, redirect, render_template, request, url_for
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException, SecurityError
from werkzeug.wrappers import Response

from app.platform.db import db
from app.platform.incidents import describe, new_incident
from app.platform.logs import log
from app.web.kept import keep_form, posted

SENTENCES = {
    400: ("The page could not be read", "Go back, load the page again, and repeat the step."),
    401: ("You are signed out", "Sign in again in another tab, then go back and send the form once more."),
    403: ("This page is not open to your role", "Ask an administrator of your practice if you need it."),
    404: ("There is nothing at this address", "Check the address, or start from the schedule."),
    405: ("This address does not take that", "Go back and use the buttons of the page."),
    413: (
        "That is too large",
        "A file may have up to 64 MB. Export fewer days or columns at a time, and bring the parts in one after the "
        "other: rows that are on file already change nothing.",
    ),
}
OTHER = ("The page could not be shown", "Go back and try again.")
BROKEN = ("Something broke", "Nothing was half-written. Try again; if it stays, tell your administrator this number:")
FOREIGN = "Cleared does not answer under this name. Open it at the address that your administrator gave you."
EXPIRED = ("The page was open too long", "Go back, load the page again, and repeat the step.")


def show_errors(app: Flask) -> None:
    """Answer every error with a page of ours."""
    app.register_error_handler(CSRFError, _expired)
    app.register_error_handler(HTTPException, _expected)
    app.register_error_handler(Exception, _broken)


def _expected(error: HTTPException) -> tuple[str, int] | HTTPException:
    if isinstance(error, SecurityError):  # a host that is not ours: no address of a page can be made for it
        return FOREIGN, 400
    code = error.code or 500
    if code < 400:
        return error
    return _page(code, *SENTENCES.get(code, OTHER))


def _expired(_error: CSRFError) -> Response | tuple[str, int]:
    """Keep what was typed on a page that was open too long, and ask its person; a stranger is told what to do."""
    form = posted() if hasattr(g, "staff") else None
    if form is None:
        return _page(400, *EXPIRED)
    kept = keep_form(g.caller, g.staff, form)
    return redirect(url_for("kept_pages.show", form_id=kept, stale=1), 303)


def _broken(error: Exception) -> tuple[str, int]:
    incident = new_incident()
    db.session.rollback()
    log().error(
        "broken", incident=incident, what=describe(error), endpoint=request.endpoint or "", method=request.method
    )
    return _page(500, *BROKEN, incident=incident)


def _page(code: int, title: str, advice: str, incident: str | None = None) -> tuple[str, int]:
    known = hasattr(g, "staff") and hasattr(g, "practice")
    page = render_template("web/error.html", title=title, advice=advice, incident=incident, known=known)
    return page, code
