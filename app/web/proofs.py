"""What the guard asks of somebody who is signed in, before a page opens: a second factor, and a fresh proof."""

from flask import current_app, g, redirect, request, url_for
from flask import session as cookie
from werkzeug.wrappers import Response

from app.practice.access import FRESH
from app.practice.facts.staff import StaffSession
from app.practice.rules.factors import must_set_up
from app.practice.rules.sessions import is_fresh
from app.web.kept import keep_form, posted

THEN = "then"
AGAIN = frozenset({"again_pages.show", "again_pages.prove", "again_pages.passkey_options"})
OPEN_WITHOUT_FACTOR = AGAIN | {"security.logout", "desk_pages.stay"}
"""What opens to somebody who must set up a second factor, beside the pages on which that is done."""


def is_about_proof(endpoint: str) -> bool:
    """Say whether a page is one on which somebody proves who they are, or sets up how: it opens before all others."""
    return endpoint.startswith("set_up_pages.") or endpoint in OPEN_WITHOUT_FACTOR


def ask_for_factor(browser: StaffSession) -> Response | None:
    """Lead to setting up a second factor first, where the practice asks for one and none was shown.

    A password that another person knows is changed before that, on the only page that opens then.
    """
    endpoint = request.endpoint or ""
    if is_about_proof(endpoint) or g.staff.must_change or not must_set_up(g.practice.second_factor, browser.factor):
        return None
    if request.method in ("GET", "HEAD") and endpoint != "set_up_pages.choose":
        cookie[THEN] = request.full_path.rstrip("?")
    return redirect(url_for("set_up_pages.choose"), 303)


def ask_for_proof(browser: StaffSession) -> Response | None:
    """Lead to a fresh proof first, where the page asks for one; a form is kept until it is given."""
    view = current_app.view_functions[request.endpoint or ""]
    if not getattr(view, FRESH, False) or is_fresh(browser, g.caller.clock.now()):
        return None
    if request.method in ("GET", "HEAD"):
        return redirect(url_for("again_pages.show", next=request.full_path.rstrip("?")))
    form = posted()
    kept = None if form is None else keep_form(g.caller, g.staff, form)
    led = url_for("home.land") if kept is None else url_for("kept_pages.show", form_id=kept)
    return redirect(url_for("again_pages.show", next=led), 303)
