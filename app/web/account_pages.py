"""Doors of people who have no password yet, or not any more; and the page where one's own is changed.

A link in an e-mail holds its code behind #, which no browser sends to a server: the page takes it into its form, so
that no log and no Referer has it. Opening a page changes nothing; only its form does.
"""

from flask import Blueprint, current_app, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from app.platform.db import db
from app.platform.password_rules import ALONE, WITH_FACTOR
from app.practice.access import current_caller, current_practice, current_staff, signed_in
from app.practice.actions import passwords as actions
from app.practice.store import practice as practices
from app.web.guard import clock_of, gateways_in
from app.web.opening import gateways_for
from app.web.source import source_address

account_pages = Blueprint("account_pages", __name__)
OVER = (
    "This code opens nothing: it was used, it has ended, or it was typed differently. Ask an administrator for another."
)
TOO_OFTEN = "New passwords were asked for too often. Wait an hour, or ask an administrator for a code."
WRONG = "This is not your password. Enter the one that you signed in with."
TWICE = "The two are not the same. Enter the new password twice."


@account_pages.get("/choose-password")
def choose() -> str:
    """Show the form of whoever has a code, by e-mail or on paper."""
    return _choose({}, "")


@account_pages.post("/choose-password")
def chosen() -> Response | tuple[str, int]:
    """Take the code and the new password; every browser of the person ends."""
    code, password, errors = request.form.get("code", ""), request.form.get("password", ""), {}
    if not code.strip():
        errors["code"] = "Enter the code of your invitation, or open its link again."
    elif password != request.form.get("password_again", ""):
        errors["password_again"] = TWICE
    else:
        try:
            actions.choose_password(db.session(), clock_of(current_app), source_address(), code, password)
        except actions.CodeOverError:
            errors["code"] = OVER
        except actions.PasswordFaultError as fault:
            errors["password"] = fault.sentence
    return (_choose(errors, code), 422) if errors else redirect(url_for("account_pages.done"), 303)


@account_pages.get("/password-chosen")
def done() -> str:
    """Say that the password is set, and lead to sign-in."""
    return render_template("web/password_chosen.html")


@account_pages.get("/forgotten-password")
def forgotten() -> str:
    """Show the form that asks for a link; where no e-mail is set up, say whom to ask."""
    return _forgotten({}, "")


@account_pages.post("/forgotten-password")
def ask() -> Response | tuple[str, int]:
    """Note that somebody asks for a link. The answer is the same, and the same work, whoever has the address."""
    typed = request.form.get("email", "")
    if not typed.strip():
        return _forgotten({"email": "Enter your e-mail address."}, typed), 422
    try:
        actions.ask_for_reset(db.session(), clock_of(current_app), source_address(), typed)
    except actions.TooOftenError:
        return _forgotten({"email": TOO_OFTEN}, typed), 429
    return redirect(url_for("account_pages.asked"), 303)


@account_pages.get("/forgotten-password/asked")
def asked() -> str:
    """Say what happens now, whoever asked."""
    return render_template("web/password_asked.html")


@account_pages.get("/password")
@signed_in
def own() -> str:
    """Show the form that changes one's own password."""
    return _own({})


@account_pages.post("/password")
@signed_in
def change() -> Response | tuple[str, int]:
    """Change one's own password; it is shown by signing in with the new one."""
    old, new, again = (request.form.get(name, "") for name in ("old_password", "password", "password_again"))
    errors = {"password_again": TWICE} if new != again else {}
    if not errors:
        try:
            actions.change_own_password(current_caller(), current_staff(), old, new)
        except actions.WrongPasswordError:
            errors["old_password"] = WRONG
        except actions.PasswordFaultError as fault:
            errors["password"] = fault.sentence
    return (_own(errors), 422) if errors else redirect(url_for("account_pages.done"), 303)


def _choose(errors: dict[str, str], code: str) -> str:
    shortest = min((_shortest(one.second_factor) for one in practices.all_practices(db.session())), default=ALONE)
    return render_template("web/choose_password.html", errors=errors, code=code, shortest=shortest)


def _own(errors: dict[str, str]) -> str:
    shortest = _shortest(current_practice().second_factor)
    return render_template("web/own_password.html", errors=errors, shortest=shortest, must=current_staff().must_change)


def _shortest(second_factor: bool) -> int:
    return WITH_FACTOR if second_factor else ALONE


def _forgotten(errors: dict[str, str], typed: str) -> str:
    practice = next(iter(practices.all_practices(db.session())), None)
    by_mail = practice is not None and gateways_for(practice, gateways_in(current_app)).mail is not None
    return render_template("web/forgotten_password.html", errors=errors, email=typed, by_mail=by_mail)
