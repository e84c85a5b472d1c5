"""Keep every door: default deny, idle and absolute limits, and one Caller for each request."""

from dataclasses import replace
from typing import NoReturn
from uuid import UUID

from flask import Flask, abort, current_app, g, redirect, request, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

from app.api.access import let_in
from app.audit.actions import record
from app.gateways.facts import Gateways
from app.platform.caller import Caller
from app.platform.clock import Clock
from app.platform.db import db, writing
from app.platform.keys import Keys, LiveKeys
from app.platform.sessions import equip
from app.practice.access import POLICY, allows
from app.practice.actions import signing_in as actions
from app.practice.facts.staff import Staff, StaffSession
from app.practice.rules.fields import fields_of
from app.practice.rules.sight import permissions_in, scope_of
from app.practice.store import practice as store
from app.practice.store.openings import opened_now
from app.web.doorkeeping import door_here
from app.web.doors import EVERYBODY, NOBODY, STRANGERS, TOKENS, Door
from app.web.kept import keep_form, posted, whose_session_ended
from app.web.objects import all_in_sight
from app.web.opening import gateways_for
from app.web.proofs import ask_for_factor, ask_for_proof, is_about_proof
from app.web.source import source_address

PASSWORD_DOORS = frozenset({"account_pages.own", "account_pages.change", "security.logout"})
"""What opens to whoever has a password that another person knows."""
SETUP_DOORS = frozenset({"setup.show", "setup.save"}) | PASSWORD_DOORS


def keep_doors(app: Flask) -> None:
    """Check every request against the policy of its view."""
    app.before_request(_open_or_refuse)


def clock_of(app: Flask) -> Clock:
    """The clock that the program was made with."""
    clock: Clock = app.extensions["cleared_clock"]
    return clock


def keys_of(app: Flask) -> Keys:
    """The keys of the installation, as they are now."""
    live = app.extensions["cleared_keys"]
    assert isinstance(live, LiveKeys)
    return live.now()


def gateways_in(app: Flask) -> Gateways:
    """The ways out of the building that the settings name; the sample practice has none of them."""
    gateways = app.extensions["cleared_gateways"]
    assert isinstance(gateways, Gateways)
    return gateways


def _open_or_refuse() -> Response | None:
    equip(db.session(), keys_of(current_app))
    g.permissions, g.fields = frozenset(), frozenset()
    if request.endpoint is None:
        return None  # an unknown address goes on to "not found"
    door = door_here(current_app)
    if door is None or door.group == NOBODY:
        abort(404)
    if door.group == STRANGERS:
        return None
    if door.group == TOKENS:
        let_in(current_app, db.session(), clock_of(current_app), source_address())
        _find(door)
        return None
    if not current_user.is_authenticated:
        return _to_sign_in()
    return _open_to_person(door)


def _open_to_person(door: Door) -> Response | None:
    browser: StaffSession = current_user.session
    _know(current_user.staff, browser)
    led = ask_for_factor(browser)
    if led is not None:
        return led
    if not _open_to(door, g.staff):
        _refuse(door, 403)
    led = _to_own_password() or _to_setup() or ask_for_proof(browser)
    if led is None:
        _find(door)
    return led


def _find(door: Door) -> None:
    """Answer that there is nothing at the address, unless all that it names is in sight."""
    if not all_in_sight(g.caller, door, request.view_args or {}):
        _refuse(door, 404)


def _refuse(door: Door, code: int) -> NoReturn:
    """Write down who asked for what is not open or not in sight, and answer so. What was named stays unsaid."""
    with writing(g.caller.session):
        record(g.caller, "web.refused", view=door.view, method=request.method, code=code)
    abort(code)


def _open_to(door: Door, staff: Staff) -> bool:
    """Say whether a door opens to a person's roles, as the table has it and as the view's own mark asks."""
    if door.group == EVERYBODY:
        return True
    marked = getattr(current_app.view_functions[door.view], POLICY, None)
    return bool(door.roles & staff.roles) and allows(marked, g.permissions)


def _know(staff: Staff, browser: StaffSession) -> None:
    g.staff = staff
    session, clock = db.session(), clock_of(current_app)
    scope = scope_of(staff)
    if scope.limited:
        scope = replace(scope, opened=frozenset(opened_now(session, staff.practice_id, staff.id, clock.now())))
    g.permissions, g.fields = permissions_in(staff, scope), fields_of(staff.roles)
    source = source_address()
    g.session_id = UUID(bytes=browser.id.bytes)
    who = {"source": source, "browser": g.session_id}
    g.caller = Caller(session, staff.practice_id, clock, staff.id, via="web", scope=scope, fields=g.fields, **who)
    g.practice = store.practice_of(session, staff.practice_id)
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


def _to_own_password() -> Response | None:
    """Lead to the page of one's password first, while another person knows it."""
    if not g.staff.must_change or request.endpoint in PASSWORD_DOORS:
        return None
    return redirect(url_for("account_pages.own"), 303)


def _to_setup() -> Response | None:
    """Lead to the practice's page first; until it is filled in nothing else can be right."""
    db.session().info["gateways"] = gateways_for(g.practice, gateways_in(current_app))
    if g.practice.set_up or request.endpoint in SETUP_DOORS or is_about_proof(request.endpoint or ""):
        return None
    return redirect(url_for("setup.show"))
