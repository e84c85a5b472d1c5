"""Admin > API tokens: list them, make one and show its secret this once, revoke one."""

from uuid import UUID
from zoneinfo import ZoneInfo

from flask import Blueprint, abort, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from app.api.actions import tokens as actions
from app.api.forms.tokens import TAKEN, TokenForm, read_token
from app.api.views.tokens import RATES, SCOPES, token_lines
from app.platform.ids import new_id
from app.practice.access import current_caller, current_practice, fresh, needs, say
from app.practice.facts.staff import Permission
from app.practice.store import practice as practice_store

token_pages = Blueprint("token_pages", __name__, url_prefix="/admin/tokens")


@token_pages.get("")
@needs(Permission.SETTINGS)
def listing() -> str:
    """List the tokens: what each may do, until when, and when it was used last."""
    caller = current_caller()
    sites = practice_store.sites(caller.session, caller.practice_id)
    lines = token_lines(actions.tokens_of(caller), sites, caller.clock.now(), _zone())
    return render_template("api/tokens.html", lines=lines)


@token_pages.get("/new")
@needs(Permission.SETTINGS)
@fresh
def new() -> str:
    """Show the form of a new token."""
    return _form(new_id(), TokenForm())


@token_pages.post("/new")
@needs(Permission.SETTINGS)
@fresh
def make() -> Response | str | tuple[str, int]:
    """Make a token, and show its secret, this once."""
    caller, key = current_caller(), _id(request.form.get("key", ""))
    sites = {one.id for one in practice_store.sites(caller.session, caller.practice_id)}
    ticked = request.form.getlist("scopes"), request.form.getlist("sites")
    form = read_token(request.form, *ticked, sites, caller.clock.today(_zone()))
    if form.errors:
        return _form(key, form), 422
    if any(one.id == key for one in actions.tokens_of(caller)):
        say("This token was made already. Where its secret was not noted, revoke it and make another.")
        return redirect(url_for("token_pages.listing"), 303)
    try:
        token, secret = actions.make_token(
            caller, form.name, form.scopes, form.sight, form.expires_at(_zone()), form.per_minute, key
        )
    except actions.NameTakenError:
        form.errors["name"] = TAKEN
        return _form(key, form), 422
    return render_template("api/secret.html", token=token, secret=secret)


@token_pages.post("/<uuid:token_id>/revoke")
@needs(Permission.SETTINGS)
@fresh
def revoke(token_id: UUID) -> Response:
    """Let a token open nothing from now on."""
    try:
        token = actions.revoke_token(current_caller(), token_id)
    except actions.TokenNotFoundError:
        abort(404)
    say(f"The token {token.name} is revoked: it opens nothing any more.")
    return redirect(url_for("token_pages.listing"), 303)


def _zone() -> ZoneInfo:
    return ZoneInfo(current_practice().zone)


def _id(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        return new_id()


def _form(key: UUID, form: TokenForm) -> str:
    caller = current_caller()
    sites = {one.id.hex: one.name for one in practice_store.sites(caller.session, caller.practice_id)}
    return render_template(
        "api/token.html",
        key=key,
        form=form,
        sites=sites,
        scopes=SCOPES,
        rates={str(one): two for one, two in RATES.items()},
    )
