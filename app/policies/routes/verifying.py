"""Verify rules of the library with their payer: several at once, on one basis."""

from flask import abort, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from app.platform.ids import new_id
from app.policies.actions import verifying as actions
from app.policies.actions.detail import PayerNotFoundError
from app.policies.facts.freshness import VerifyPage
from app.policies.forms.verifying import WAYS, VerifyForm, fresh_verify, read_verify_form
from app.policies.routes.blueprint import rules_pages
from app.policies.views.freshness import verify_page
from app.practice.access import current_caller, needs, say
from app.practice.facts.staff import Permission
from app.values.wording import counted


@rules_pages.get("/<key>/verify")
@needs(Permission.EDIT_RULES)
def verify(key: str) -> str:
    """Show the rules of a payer that are not fresh, or those that the address names."""
    found = _found(key)
    ticked = [row.tick for row in verify_page(found).rows] if found.asked else []
    return _page(found, fresh_verify(ticked, new_id(), found.today))


@rules_pages.post("/<key>/verify")
@needs(Permission.EDIT_RULES)
def save_verified(key: str) -> Response | tuple[str, int]:
    """Keep that the rules that are ticked are as they are written, all of them or none."""
    found = _found(key)
    form = read_verify_form(request.form, request.form.getlist("rule"), key, found.today)
    if form.word is None:
        return _page(found, form), 422
    try:
        done = actions.verify_rules(current_caller(), form.word)
    except actions.RuleTurnedError:
        form.errors["rule"] = "A rule that was ticked says otherwise now. Read it again, then verify it."
        form.typed["once"] = str(new_id())
        return _page(found, form), 409
    if done.again:
        say("This was saved before; nothing was saved twice.")
    else:
        undo = url_for("rules_pages.undo", action=done.action)
        say(f"{counted(done.rules, 'rule is', 'rules are')} verified.", undo=undo)
    return redirect(url_for("rules_pages.verify", key=key), 303)


def _found(key: str) -> VerifyPage:
    asked = frozenset(name[:200] for name in request.args.getlist("rule") if name)
    everything, after = request.args.get("all") == "yes", request.args.get("after") or None
    try:
        return actions.read_verify(current_caller(), key, asked, everything, after)
    except PayerNotFoundError:
        abort(404)


def _page(found: VerifyPage, form: VerifyForm) -> str:
    page = verify_page(found)
    following = None
    if page.next is not None:
        asked, everything = sorted(found.asked) or None, "yes" if page.everything else None
        following = url_for("rules_pages.verify", key=page.key, rule=asked, all=everything, after=page.next)
    return render_template(
        "policies/verify.html", page=page, form=form, kinds=WAYS, next_page=following, paged="after" in request.args
    )
