"""What ends with the year, with the visits that its end leaves open, renewed in one go, payer by payer or together.

One of the pages of rules; it stands here because it knows of visits, which the room of rules does not.
"""

from flask import g, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from app.platform.ids import new_id
from app.policies.actions.basics import RefusedRuleError
from app.policies.actions.changing import RuleChangedError, renew_rules
from app.policies.actions.own_rules import RuleNotFoundError
from app.policies.forms.basis import KINDS
from app.policies.forms.changes import RenewalForm, fresh_renewal, read_renewal
from app.policies.forms.once import read_once
from app.policies.routes.pages import rules_pages as rules_pages
from app.policies.routes.telling import tell
from app.practice.access import current_caller, needs
from app.practice.facts.staff import Permission
from app.values.wording import counted
from app.worklists.actions.december import December, read_december
from app.worklists.views.december import december_page


@rules_pages.get("/december")
@needs(Permission.SEE_RULES)
def december() -> str:
    """List what ends by the end of the year or within 45 days, of one payer or all."""
    return _page(_read(), None)


@rules_pages.post("/december")
@needs(Permission.EDIT_RULES)
def renew() -> Response | tuple[str, int]:
    """Renew the rules and answers that are ticked, all of them or none."""
    found = _read()
    form = read_renewal(request.form, request.form.getlist("rule"), found.found.today, request.form.getlist("answer"))
    if form.renewal is None:
        return _page(found, form), 422
    try:
        done = renew_rules(current_caller(), form.renewal)
    except RefusedRuleError as error:
        form.errors["until"] = str(error)
        return _page(found, form), 422
    except (RuleChangedError, RuleNotFoundError):
        form.errors["rule"] = "A rule or answer that was ticked has changed since. Look the list over and renew again."
        form.typed["once"] = str(new_id())
        return _page(_read(), form), 409
    if done.rules == len(form.renewal.rules) or done.again:
        tell(done, f"{counted(done.rules, 'rule is', 'rules are')} renewed.")
    else:
        tell(done, f"{counted(done.rules, 'rule or answer is', 'rules and answers are')} renewed.")
    if form.renewal.answers:
        return redirect(url_for("rules_pages.december", payer=found.payer), 303)
    return redirect(url_for("rules_pages.practice", made=done.action), 303)


def _read() -> December:
    after, payer = read_once(request.args.get("after", "")), request.args.get("payer", "")[:80] or None
    return read_december(current_caller(), g.permissions, after, payer)


def _page(found: December, form: RenewalForm | None) -> str:
    page = december_page(found)
    following = None
    if found.next is not None:
        following = url_for("rules_pages.december", after=found.next, payer=found.payer)
    return render_template(
        "policies/december.html",
        page=page,
        form=form or fresh_renewal(found.found.today, new_id()),
        kinds=KINDS,
        next_page=following,
    )
