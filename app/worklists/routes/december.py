"""What ends with the year, with the visits that its end leaves open, renewed in one go.

One of the pages of rules; it stands here because it knows of visits, which the room of rules does not.
"""

from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from app.platform.ids import new_id
from app.policies.actions.basics import RefusedRuleError
from app.policies.actions.changing import RuleChangedError, renew_rules
from app.policies.actions.own_rules import RuleNotFoundError
from app.policies.facts.own_rules import OwnRule
from app.policies.forms.basis import KINDS
from app.policies.forms.changes import RenewalForm, fresh_renewal, read_renewal
from app.policies.forms.once import read_once
from app.policies.routes.pages import rules_pages as rules_pages
from app.policies.routes.telling import tell
from app.policies.views.own_rules import rule_row
from app.practice.access import current_caller, needs
from app.practice.facts.staff import Permission
from app.values.wording import counted
from app.worklists.actions.december import December, read_december


@rules_pages.get("/december")
@needs(Permission.SEE_RULES)
def december() -> str:
    """List what ends by the end of the year or within 45 days."""
    return _page(None)


@rules_pages.post("/december")
@needs(Permission.EDIT_RULES)
def renew() -> Response | tuple[str, int]:
    """Renew the rules that are ticked, all of them or none."""
    caller = current_caller()
    today = read_december(caller).found.today
    form = read_renewal(request.form, request.form.getlist("rule"), today)
    if form.renewal is None:
        return _page(form), 422
    try:
        done = renew_rules(caller, form.renewal)
    except RefusedRuleError as error:
        form.errors["until"] = str(error)
        return _page(form), 422
    except (RuleChangedError, RuleNotFoundError):
        form.errors["rule"] = "A rule that was ticked has changed since. Look the list over and renew again."
        form.typed["once"] = str(new_id())
        return _page(form), 409
    tell(done, f"{counted(done.rules, 'rule is', 'rules are')} renewed.")
    return redirect(url_for("rules_pages.practice", made=done.action), 303)


def _page(form: RenewalForm | None) -> str:
    page = read_december(current_caller(), read_once(request.args.get("after", "")))
    found = page.found
    form = form or fresh_renewal(found.today, new_id())
    rows = [(rule_row(one, found.names, found.staff), _open(page, one)) for one in page.shown]
    count = counted(page.all_rules, "rule")
    following = url_for("rules_pages.december", after=page.next) if page.next is not None else None
    return render_template(
        "policies/december.html", rows=rows, form=form, kinds=KINDS, count=count, next_page=following
    )


def _open(page: December, one: OwnRule) -> str:
    """How many visits its end leaves open."""
    visits = page.open_visits[one.kept.id]
    least = "at least " if page.more else ""
    return f"{least}{counted(visits, 'visit')}" if visits or page.more else "No visits yet"
