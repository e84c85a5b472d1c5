"""The page where somebody who is signed in proves again who they are, before what is dangerous."""

from flask import Blueprint, Response, current_app, redirect, render_template, request, url_for
from flask import session as cookie
from flask_login import current_user
from werkzeug.wrappers import Response as AnyResponse

from app.practice.access import current_caller, current_staff, signed_in
from app.practice.actions import factors, second_step
from app.practice.actions import signing_in as actions
from app.practice.actions.signing_in import Typed
from app.practice.actions.throttling import Refusal
from app.practice.facts.factors import Purpose
from app.practice.facts.staff import Factor, Staff
from app.practice.rules.factors import is_app_code
from app.practice.rules.passkeys import request_options
from app.practice.views.factors import AGAIN_REFUSED, PASSKEY_REFUSED, REFUSED
from app.web.guard import clock_of
from app.web.sign_in_pages import CHALLENGE
from app.web.signin import go_on_as, origin_here, own_address, passkey_place, read_id

again_pages = Blueprint("again_pages", __name__, url_prefix="/sign-in/again")
Page = AnyResponse | str | tuple[str, int]


@again_pages.get("")
@signed_in
def show() -> str:
    """Ask for the password, a code of the app, or a passkey."""
    return _page(own_address(request.args.get("next", "")), {})


@again_pages.post("/passkey/options")
@signed_in
def passkey_options() -> Response:
    """Say what one of the person's passkeys must sign."""
    caller, staff = current_caller(), current_staff()
    challenge = second_step.ask_passkey(caller.session, caller.clock, Purpose.AGAIN, staff.id)
    cookie[CHALLENGE] = challenge.id.hex
    known = second_step.passkeys_of(caller, staff.id)
    return Response(request_options(passkey_place(), challenge.nonce, known), mimetype="application/json")


@again_pages.post("")
@signed_in
def prove() -> Page:
    """Take the proof, and lead back to where it was asked for."""
    next_path, proof = own_address(request.form.get("next", "")), request.form.get("proof", "")
    if "credential" in request.form:
        wrong = {} if _passkey_shown() else {"passkey": PASSKEY_REFUSED}
        status = 422
    else:
        found = _proved(current_staff(), proof)
        wrong = {} if found is None else {"proof": AGAIN_REFUSED if found is Refusal.WRONG else REFUSED[found]}
        status = 422 if found in (None, Refusal.WRONG) else 429
    if wrong:
        return _page(next_path, wrong), status
    go_on_as(actions.renew_session(current_caller(), current_user.session))
    return redirect(next_path or url_for("home.land"), 303)


def _proved(staff: Staff, proof: str) -> Refusal | None:
    """Compare what was typed with the app's code or the password. Returns why not, or None when it is right."""
    caller = current_caller()
    if is_app_code(proof):
        shown = second_step.check_code(caller, staff, proof, origin_here())
        return shown if isinstance(shown, Refusal) else None
    found = actions.check_password(caller.session, caller.clock, Typed(staff.email, proof), origin_here())
    return found if isinstance(found, Refusal) else None


def _passkey_shown() -> bool:
    caller, staff = current_caller(), current_staff()
    challenge_id, clock = read_id(cookie.pop(CHALLENGE, None)), clock_of(current_app)
    challenge = challenge_id and second_step.challenge_of(caller.session, clock, challenge_id, Purpose.AGAIN)
    typed = request.form.get("credential", "")
    if not challenge or challenge.whose != staff.id:
        return False
    shown = second_step.check_passkey(caller.session, clock, passkey_place(), challenge, typed, caller.source)
    return shown is not None and shown.staff.id == staff.id


def _page(next_path: str, errors: dict[str, str]) -> str:
    kinds = {one.kind for one in factors.own_factors(current_caller(), current_staff().id)}
    return render_template("web/again.html", next_path=next_path, errors=errors, kinds=kinds, kind=Factor)
