"""What the practice asks of everybody at sign-in: a second factor, or the password alone."""

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from app.platform.password_rules import ALONE, WITH_FACTOR
from app.practice.access import current_caller, current_practice, fresh, needs, say
from app.practice.actions import practice as actions
from app.practice.facts.staff import Permission

sign_in_rule_pages = Blueprint("sign_in_rule_pages", __name__, url_prefix="/admin/sign-in")
ON = "Everybody is asked for a second factor from now on."
OFF = f"A password alone is enough from now on. New passwords need {ALONE} characters. All administrators are told."


@sign_in_rule_pages.get("")
@needs(Permission.SETTINGS)
def show() -> str:
    """Show what is asked, and what it means to switch it off."""
    required = current_practice().second_factor
    return render_template("practice/sign_in_rule.html", required=required, alone=ALONE, with_factor=WITH_FACTOR)


@sign_in_rule_pages.post("")
@needs(Permission.SETTINGS)
@fresh
def save() -> Response:
    """Ask for a second factor from now on, or no longer."""
    required = request.form.get("second_factor") == "yes"
    changed = actions.ask_for_second_factor(current_caller(), required)
    say((ON if required else OFF) if changed else "Nothing was changed.")
    return redirect(url_for("sign_in_rule_pages.show"), 303)
