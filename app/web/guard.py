"""Keep every door: default deny, idle and absolute limits, and one Caller for each request."""

from typing import Any
from uuid import UUID

from flask import Flask, abort, current_app, g, redirect, request, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

from app.gateways.facts import Gateways
from app.platform.caller import Caller
from app.platform.clock import Clock
from app.platform.db import db
from app.platform.keys import Keys
from app.platform.sessions import equip
from app.practice.access import POLICY, SIGNED_IN, allows
from app.practice.actions import signing_in as actions
from app.practice.facts.staff import Staff, StaffSession
from app.practice.rules.roles import permissions_of
from app.practice.store import practice as store
from app.web.doors import PUBLIC_DOORS, SHUT_DOORS, SIGNED_IN_DOORS
from app.web.kept import keep_form, posted, whose_session_ended
from app.web.opening import gateways_for
from app.web.source import source_address

SETUP_DOORS = frozenset({"setup.show", "setup.save", "security.logout"})


class UnguardedRouteError(Exception):
    """A route has no policy and is not on the list of public doors; the program does not start."""


def keep_doors(app: Flask) -> None:
    """Check every request against the policy of its view."""
    app.before_request(_open_or_refuse)


def refuse_unguarded(app: Flask) -> None:
    """Raise UnguardedRouteError when any endpoint has neither a policy nor a place on the lists of doors."""
    endpoints = {rule.endpoint for rule in app.url_map.iter_rules()}
    unguarded = sorted(endpoint for endpoint in endpoints if _policy(app, endpoint) is None)
    if unguarded:
        raise UnguardedRouteError(
            "These routes have no policy; mark the view with @needs(Permission...): " + ", ".join(unguarded)
        )


def clock_of(app: Flask) -> Clock:
    """The clock that the program was made with."""
    clock: Clock = app.extensions["cleared_clock"]
    return clock


def keys_of(app: Flask) -> Keys:
    """The keys of the installation."""
    keys = app.extensions["cleared_keys"]
    assert isinstance(keys, Keys)
    return keys


def gateways_in(app: Flask) -> Gateways:
    """The ways out of the building that the settings name; the sample practice has none of them."""
    gateways = app.extensions["cleared_gateways"]
    assert isinstance(gateways, Gateways)
    return gateways


def _policy(app: Flask, endpoint: str) -> Any:
    if endpoint in PUBLIC_DOORS or endpoint in SHUT_DOORS:
        return endpoint
    if endpoint in SIGNED_IN_DOORS:
        return SIGNED_IN
    return getattr(app.view_functions[endpoint], POLICY, None)


def _open_or_refuse() -> Response | None:
    equip(db.session(), keys_of(current_app))
    g.permissions = frozenset()
    if request.endpoint is None or request.endpoint in PUBLIC_DOORS:
        return None  # an unknown address goes on to "not found"
    if request.endpoint in SHUT_DOORS:
        abort(404)
    if not current_user.is_authenticated:
        return _to_sign_in()
    _know(current_user.staff, current_user.session)
    if not allows(_policy(current_app, request.endpoint), g.permissions):
        abort(403)
    return _to_setup()


def _know(staff: Staff, browser: StaffSession) -> None:
    g.staff = staff
    g.permissions = permissions_of(staff.roles)
    g.caller = Caller(
        db.session(), staff.practice_id, clock_of(current_app), staff.id, via="web", source=source_address()
    )
    g.session_id = UUID(bytes=browser.id.bytes)
    actions.keep_session(g.caller, browser)


def _to_sign_in() -> Response:
    if request.method in ("GET", "HEAD"):
        return redirect(url_for("security.login", next=request.full_path.rstrip("?")))
    clock = clock_of(current_app)
    form, staff = posted(), whose_session_ended(clock)
    if form is None or staff is None:
        abort(401)
    kept = keep_form(Caller(db.session(), staff.practice_id, clock, via="web", source=source_address()), staff, form)
    return redirect(url_for("security.login", next=url_for("kept_pages.show", form_id=kept)), 303)


def _to_setup() -> Response | None:
    """Lead to the practice's page first; until it is filled in nothing else can be right."""
    g.practice = store.practice_of(db.session(), g.staff.practice_id)
    db.session().info["gateways"] = gateways_for(g.practice, gateways_in(current_app))
    if g.practice.set_up or request.endpoint in SETUP_DOORS:
        return None
    return redirect(url_for("setup.show"))
