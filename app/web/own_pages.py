"""Your sign-in: one's own second factors, recovery codes and signed-in browsers."""

from uuid import UUID

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

from app.practice.access import current_caller, current_practice, current_staff, fresh, say, signed_in
from app.practice.actions import factors as actions
from app.practice.actions import own_sessions as browsers
from app.practice.facts.staff import StaffSession
from app.practice.forms.sign_in import read_factor
from app.practice.rules.factors import FEW_CODES
from app.practice.views.factors import LAST_FACTOR, factor_rows, session_rows
from app.web.set_up_pages import codes_page
from app.web.signin import go_on_as, read_id

own_pages = Blueprint("own_pages", __name__, url_prefix="/sign-in/own")
Page = Response | str | tuple[str, int]


@own_pages.get("")
@signed_in
def show() -> str:
    """Show everything about one's own sign-in."""
    return _page({})


@own_pages.post("/factors/name")
@signed_in
def rename() -> Page:
    """Give a factor of one's own another name."""
    factor_id = _factor_id()
    form = read_factor(request.form, "")
    if not form.name:
        form.errors["name"] = "Enter a name by which you know it again, like Work phone."
    if form.errors:
        return _page({f"name-{factor_id}": form.errors["name"]}), 422
    if not actions.name_factor(current_caller(), current_staff(), factor_id, form.name):
        abort(404)
    say("The name is saved.")
    return redirect(url_for("own_pages.show"), 303)


@own_pages.post("/factors/remove")
@signed_in
@fresh
def remove() -> Page:
    """Take a factor of one's own away."""
    factor_id, required = _factor_id(), current_practice().second_factor
    try:
        renewed = actions.remove_own(current_caller(), current_staff(), _browser(), factor_id, required)
    except actions.LastFactorError:
        return _page({f"remove-{factor_id}": LAST_FACTOR}), 422
    if renewed is None:
        abort(404)
    go_on_as(renewed)
    say("It is removed, and every other browser of yours is signed out.")
    return redirect(url_for("own_pages.show"), 303)


@own_pages.post("/codes")
@signed_in
@fresh
def renew_codes() -> Page:
    """Make new recovery codes in the place of the old ones, and show them this once."""
    if not actions.own_factors(current_caller(), current_staff().id):
        return redirect(url_for("set_up_pages.choose"), 303)
    renewed = actions.renew_codes(current_caller(), current_staff(), _browser())
    go_on_as(renewed.session_id)
    return codes_page(renewed.codes)


@own_pages.post("/sessions/end")
@signed_in
def end() -> Page:
    """Sign one other browser of one's own out."""
    if browsers.end_own(current_caller(), _browser(), request.form.get("session", "")):
        say("That browser is signed out.")
    else:
        say("That browser was signed out already.")
    return redirect(url_for("own_pages.show"), 303)


@own_pages.post("/sessions/end-others")
@signed_in
def end_others() -> Page:
    """Sign every other browser of one's own out."""
    go_on_as(browsers.end_others(current_caller(), _browser()))
    say("Every other browser of yours is signed out.")
    return redirect(url_for("own_pages.show"), 303)


def _browser() -> StaffSession:
    browser = current_user.session
    assert isinstance(browser, StaffSession)
    return browser


def _factor_id() -> UUID:
    factor_id = read_id(request.form.get("factor"))
    return abort(404) if factor_id is None else factor_id


def _page(errors: dict[str, str]) -> str:
    caller, staff, practice = current_caller(), current_staff(), current_practice()
    mine = actions.own_factors(caller, staff.id)
    left = actions.codes_left(caller, staff.id)
    return render_template(
        "web/own_sign_in.html",
        factors=factor_rows(mine, practice.zone),
        left=left,
        few=left <= FEW_CODES,
        sessions=session_rows(browsers.own_sessions(caller, staff.id), _browser().id, practice.zone),
        required=practice.second_factor,
        errors=errors,
    )
