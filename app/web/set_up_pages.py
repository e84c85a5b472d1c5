"""Setting up a second factor: an authenticator app or a passkey; the first brings recovery codes, shown once.

At a first sign-in these are the only pages that open. Later they add another factor, behind a fresh proof.
"""

import base64

import qrcode
from flask import Blueprint, Response, current_app, redirect, render_template, request, url_for
from flask import session as cookie
from flask_login import current_user
from qrcode.image.svg import SvgPathImage
from werkzeug.wrappers import Response as AnyResponse

from app.practice.access import current_caller, current_practice, current_staff, fresh, say, signed_in
from app.practice.actions import factors as actions
from app.practice.actions import second_step
from app.practice.facts.factors import Purpose, StaffFactor
from app.practice.forms.sign_in import FactorForm, read_factor
from app.practice.rules.factors import app_address, grouped
from app.practice.rules.passkeys import Owner, creation_options, made_passkey
from app.practice.views.factors import PASSKEY_NOT_MADE, TOO_MANY
from app.web.guard import clock_of
from app.web.proofs import THEN
from app.web.sign_in_pages import CHALLENGE
from app.web.signin import go_on_as, passkey_place, read_id

set_up_pages = Blueprint("set_up_pages", __name__, url_prefix="/sign-in/set-up")
Page = AnyResponse | str | tuple[str, int]
CODE_WRONG = "This is not the code that the app shows now. Check the clock of the phone, and enter the next code."
PASSKEY_NAME = "Passkey"


@set_up_pages.get("")
@signed_in
@fresh
def choose() -> str:
    """Show what can be set up."""
    return _choose({})


@set_up_pages.post("/app")
@signed_in
@fresh
def begin_app() -> Page:
    """Make the secret of an authenticator app."""
    try:
        actions.begin_app(current_caller(), current_staff())
    except actions.TooManyFactorsError:
        return _choose({"app": TOO_MANY}), 422
    return redirect(url_for("set_up_pages.app"), 303)


@set_up_pages.get("/app")
@signed_in
@fresh
def app() -> Page:
    """Show the secret as a QR code and as text, until the app's first code has come."""
    begun = actions.app_begun(current_caller(), current_staff())
    return redirect(url_for("set_up_pages.choose")) if begun is None else _app(begun, FactorForm(""))


@set_up_pages.post("/app/code")
@signed_in
@fresh
def confirm_app() -> Page:
    """Take the app's first code."""
    caller, staff = current_caller(), current_staff()
    form = read_factor(request.form, actions.APP_NAME, code=True)
    begun = actions.app_begun(caller, staff)
    if begun is None:
        return redirect(url_for("set_up_pages.choose"))
    added = None if form.errors else actions.confirm_app(caller, staff, current_user.session, form.code, form.name)
    if added is None:
        form.errors.setdefault("code", CODE_WRONG)
        return _app(begun, form), 422
    return _added(added)


@set_up_pages.post("/passkey/options")
@signed_in
@fresh
def passkey_options() -> Response:
    """Say what a new passkey must sign, and which this person has already."""
    caller, staff = current_caller(), current_staff()
    challenge = second_step.ask_passkey(caller.session, caller.clock, Purpose.ADD, staff.id)
    cookie[CHALLENGE] = challenge.id.hex
    known = second_step.passkeys_of(caller, staff.id)
    owner = Owner(staff.id, staff.email, staff.name)
    options = creation_options(passkey_place(), owner, challenge.nonce, known)
    return Response(options, mimetype="application/json")


@set_up_pages.post("/passkey")
@signed_in
@fresh
def add_passkey() -> Page:
    """Take a passkey that the browser has made."""
    caller, staff = current_caller(), current_staff()
    form = read_factor(request.form, PASSKEY_NAME)
    challenge_id = read_id(cookie.pop(CHALLENGE, None))
    challenge = challenge_id and second_step.challenge_of(
        caller.session, clock_of(current_app), challenge_id, Purpose.ADD
    )
    good = challenge if challenge and challenge.whose == staff.id else None
    made = good and made_passkey(passkey_place(), good.nonce, request.form.get("credential", ""))
    if form.errors or not made:
        return _choose(form.errors or {"passkey": PASSKEY_NOT_MADE}, form.name), 422
    try:
        added = actions.add_passkey(caller, staff, current_user.session, made, form.name)
    except actions.TooManyFactorsError:
        return _choose({"passkey": TOO_MANY}), 422
    except actions.KnownPasskeyError:
        return _choose({"passkey": PASSKEY_NOT_MADE}), 422
    return _added(added)


def _choose(errors: dict[str, str], name: str = "") -> str:
    mine = actions.own_factors(current_caller(), current_staff().id)
    return render_template("web/set_up.html", errors=errors, first=not mine, name=name)


def _app(begun: StaffFactor, form: FactorForm) -> str:
    secret = begun.secret or ""
    drawn = picture_of(app_address(secret, current_staff().email, current_practice().name))
    return render_template("web/set_up_app.html", form=form, picture=drawn, secret=grouped(secret))


def picture_of(text: str) -> str:
    """Draw a QR code as an SVG picture inside an address (`data:`), so that nothing is fetched for it."""
    drawn = qrcode.make(text, image_factory=SvgPathImage, border=4).to_string()
    return "data:image/svg+xml;base64," + base64.b64encode(drawn).decode()


def _added(added: actions.Added) -> Page:
    go_on_as(added.session_id)
    if added.codes:
        return codes_page(added.codes)
    say("The second factor is added. Every other browser of yours is signed out.")
    return redirect(url_for("own_pages.show"), 303)


def codes_page(codes: tuple[str, ...]) -> str:
    """Show new recovery codes, this once, and lead on to the page that was asked for."""
    shown = [grouped(code) for code in codes]
    return render_template("web/recovery_codes.html", codes=shown, then=cookie.pop(THEN, None) or url_for("home.land"))
