"""Signing in: address and password, then a second factor; or a passkey alone, which is both.

What is under way between the two stands in the database, and the cookie holds its id. Nothing is said that tells
whether an address is on file: an unknown one, a wrong password, a lock and a person who may not sign in are one
sentence and the same work.
"""

from flask import Blueprint, Flask, current_app, redirect, render_template, request, url_for
from flask import session as cookie
from flask_login import current_user
from werkzeug.wrappers import Response

from app.platform.caller import Caller
from app.platform.db import db
from app.practice.access import say
from app.practice.actions import factors, second_step
from app.practice.actions import signing_in as actions
from app.practice.actions.signing_in import Typed
from app.practice.actions.throttling import Refusal
from app.practice.facts.factors import Purpose, SignInStep
from app.practice.facts.staff import Factor, Staff
from app.practice.forms.sign_in import SignInForm, read_sign_in
from app.practice.rules.factors import FEW_CODES
from app.practice.rules.passkeys import request_options
from app.practice.views.factors import CODE_REFUSED, PASSKEY_REFUSED, REFUSED, codes_left_words
from app.web.guard import clock_of
from app.web.kept import my_forms
from app.web.signin import browser_here, enter, origin_here, own_address, passkey_place, read_id
from app.web.source import source_address
from app.web.standing import standing_of

sign_in_pages = Blueprint("sign_in_pages", __name__, url_prefix="/sign-in")
Page = Response | str | tuple[str, int]
STEP, CHALLENGE = "step", "challenge"
KEPT = "/kept/"
TOO_LATE = "Sign-in took longer than five minutes, or five codes were wrong. Enter your password again."


def take_over_sign_in(app: Flask) -> None:
    """Answer Flask-Security's address of sign-in with the page of ours."""
    app.view_functions["security.login"] = sign_in


def sign_in() -> Page:
    """Show the page of sign-in, or take an address and a password."""
    next_path = own_address(request.values.get("next", ""))
    if current_user.is_authenticated:
        return redirect(next_path or url_for("home.land"))
    if request.method != "POST":
        return _page(SignInForm("", ""), next_path)
    form = read_sign_in(request.form)
    if form.errors:
        return _page(form, next_path), 422
    typed = Typed(form.email, form.password)
    found = actions.check_password(db.session(), clock_of(current_app), typed, origin_here())
    if isinstance(found, Refusal):
        form.errors["email"] = REFUSED[found]
        return _page(form, next_path), 422 if found is Refusal.WRONG else 429
    return _after_password(found, next_path)


def _after_password(staff: Staff, next_path: str) -> Response:
    caller = _caller_of(staff)
    if factors.own_factors(caller, staff.id):
        step_id = actions.begin_step(caller, staff.id, next_path)
        cookie.clear()
        cookie[STEP] = step_id.hex
        return redirect(url_for("sign_in_pages.factor"))
    enter(actions.begin_session(caller, staff.id, browser=browser_here()))
    return _landed(caller, next_path)


@sign_in_pages.get("/factor")
def factor() -> Page:
    """Ask for the second factor of a sign-in that is under way."""
    found = _under_way()
    return _to_begin() if found is None else _factor_page(*found)


@sign_in_pages.post("/factor")
def show_factor() -> Page:
    """Take a code of an authenticator app, or a recovery code."""
    found = _under_way()
    if found is None:
        return _to_begin()
    staff, step = found
    code = request.form.get("code", "").strip()
    if not code:
        return _factor_page(staff, step, "Enter the code."), 422
    shown = second_step.check_code(_caller_of(staff), staff, code, origin_here(), step)
    if isinstance(shown, Refusal):
        if _under_way() is None:
            return _to_begin()
        sentence = CODE_REFUSED if shown is Refusal.WRONG else REFUSED[shown]
        return _factor_page(staff, step, sentence), 422 if shown is Refusal.WRONG else 429
    return _finish(staff, step, shown)


@sign_in_pages.post("/passkey/options")
def passkey_options() -> Response:
    """Say what a passkey must sign: one of the person who is signing in, or any of this address."""
    found = _under_way()
    staff = None if found is None else found[0]
    known = () if staff is None else second_step.passkeys_of(_caller_of(staff), staff.id)
    whose = None if staff is None else staff.id
    challenge = second_step.ask_passkey(db.session(), clock_of(current_app), Purpose.SIGN_IN, whose)
    cookie[CHALLENGE] = challenge.id.hex
    return Response(request_options(passkey_place(), challenge.nonce, known), mimetype="application/json")


@sign_in_pages.post("/passkey")
def show_passkey() -> Page:
    """Sign in with a passkey, after the password or without it."""
    found, next_path = _under_way(), own_address(request.form.get("next", ""))
    challenge_id, clock = read_id(cookie.pop(CHALLENGE, None)), clock_of(current_app)
    challenge = challenge_id and second_step.challenge_of(db.session(), clock, challenge_id, Purpose.SIGN_IN)
    typed = request.form.get("credential", "")
    shown = challenge and second_step.check_passkey(
        db.session(), clock, passkey_place(), challenge, typed, source_address()
    )
    if not shown or (found is not None and found[0].id != shown.staff.id):
        if found is not None:
            return _factor_page(*found, PASSKEY_REFUSED, "passkey"), 422
        return _page(SignInForm("", "", {"passkey": PASSKEY_REFUSED}), next_path), 422
    if found is not None:
        return _finish(*found, Factor.PASSKEY)
    caller = _caller_of(shown.staff)
    enter(actions.begin_session(caller, shown.staff.id, Factor.PASSKEY, browser_here()))
    return _landed(caller, next_path)


def _finish(staff: Staff, step: SignInStep, shown: Factor) -> Response:
    caller = _caller_of(staff)
    begun = actions.finish_step(caller, step, shown, browser_here())
    if begun is None:
        return _to_begin()
    enter(begun)
    left = factors.codes_left(caller, staff.id)
    if shown is Factor.RECOVERY or left <= FEW_CODES:
        say(codes_left_words(left, used=shown is Factor.RECOVERY))
    return _landed(caller, step.next_path)


def _landed(caller: Caller, next_path: str) -> Response:
    standing_of(current_app).of(caller.session, caller.practice_id, caller.clock.now())  # known before a page asks
    if next_path.startswith(KEPT) and next_path not in {f"{KEPT}{form.id}" for form in my_forms(caller)}:
        next_path = ""  # at a shared desk, the form of whoever sat here before
    return redirect(next_path or url_for("home.land"))


def _caller_of(staff: Staff) -> Caller:
    clock = clock_of(current_app)
    return Caller(db.session(), staff.practice_id, clock, staff.id, via="web", source=source_address())


def _under_way() -> tuple[Staff, SignInStep] | None:
    step_id = read_id(cookie.get(STEP))
    return None if step_id is None else actions.step_of(db.session(), clock_of(current_app), step_id)


def _to_begin() -> Response:
    if cookie.pop(STEP, None) is not None:
        say(TOO_LATE)
    return redirect(url_for("security.login"))


def _page(form: SignInForm, next_path: str) -> str:
    return render_template("web/sign_in.html", form=form, next_path=next_path)


def _factor_page(staff: Staff, step: SignInStep, error: str | None = None, field: str = "code") -> str:
    kinds = {one.kind for one in factors.own_factors(_caller_of(staff), staff.id)}
    return render_template(
        "web/second_step.html",
        kinds=kinds,
        kind=Factor,
        errors={} if error is None else {field: error},
        next_path=step.next_path,
    )
