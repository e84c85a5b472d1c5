"""What is known about each payer, and how fresh it is."""

from flask import abort, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from app.policies.actions import payers as actions
from app.policies.actions.basics import RefusedRuleError
from app.policies.actions.detail import PayerNotFoundError, read_payer
from app.policies.routes.blueprint import rules_pages
from app.policies.views.detail import detail_page
from app.policies.views.payers import payers_page
from app.practice.access import current_caller, needs, say
from app.practice.facts.staff import Permission
from app.values.wording import counted


@rules_pages.get("")
@needs(Permission.SEE_RULES)
def payers() -> str:
    """List the payers: those that the practice works with, then the others of the library."""
    return _page({})


@rules_pages.post("")
@needs(Permission.EDIT_RULES)
def choose() -> Response | tuple[str, int]:
    """Turn payers on or off. Turning on leads to their routine services."""
    keys = tuple(request.values.getlist("payer"))
    turned_on = request.values.get("turn") != "off"
    if not keys:
        return _page({"payer": "Tick at least one payer."}), 422
    try:
        changed = actions.choose_payers(current_caller(), keys, turned_on)
    except RefusedRuleError as error:
        return _page({"payer": str(error)}), 422
    undo = url_for("rules_pages.choose", payer=changed, turn="off" if turned_on else "on") if changed else None
    if not turned_on:
        say(f"{counted(len(changed), 'payer is', 'payers are')} turned off.", undo=undo)
        return redirect(url_for("rules_pages.payers"), 303)
    say(f"{counted(len(changed), 'payer is', 'payers are')} turned on. Their routine services come next.", undo=undo)
    return redirect(url_for("rules_pages.routine", payer=keys), 303)


@rules_pages.get("/<key>")
@needs(Permission.SEE_RULES)
def payer(key: str) -> str:
    """Show one payer: its rules, sources, ways, clocks, and what changed when."""
    topic, after = request.args.get("topic"), request.args.get("after")
    try:
        found = read_payer(current_caller(), key, topic or None, after or None)
    except PayerNotFoundError:
        abort(404)
    return render_template("policies/payer.html", page=detail_page(found), paged=bool(after))


def _page(errors: dict[str, str]) -> str:
    page = payers_page(actions.read_payers(current_caller()))
    return render_template("policies/payers.html", page=page, errors=errors, ticked=request.values.getlist("payer"))
