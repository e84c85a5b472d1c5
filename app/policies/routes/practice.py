"""The practice's own rules: list them, see one with its versions, record one by hand."""

from uuid import UUID

from flask import abort, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from app.platform.ids import new_id
from app.policies.actions import own_rules as actions
from app.policies.actions.basics import RefusedRuleError
from app.policies.actions.changing import save_rule
from app.policies.actions.originals import read_originals, read_turned
from app.policies.actions.own_rules import RuleNotFoundError
from app.policies.facts.own_rules import RuleHistory, RuleOptions
from app.policies.forms.basis import KINDS
from app.policies.forms.changes import read_query
from app.policies.forms.own_rules import NEEDS, RuleForm, fresh_rule, read_rule_form
from app.policies.routes.blueprint import rules_pages
from app.policies.routes.telling import tell
from app.policies.views.conflicts import SHOWN, original_words, turned_rows
from app.policies.views.finder import LINES
from app.policies.views.own_rules import RulePage, rule_page, rules_page
from app.practice.access import current_caller, needs
from app.practice.facts.staff import Permission


@rules_pages.get("/practice")
@needs(Permission.SEE_RULES)
def practice() -> tuple[str, int]:
    """List the practice's own rules; what the address says wrongly is named and left out."""
    form = read_query(request.args)
    found = actions.read_own_rules(current_caller(), form.query)
    page = rules_page(found, lambda **parts: url_for("rules_pages.practice", **parts))
    turned = turned_rows(read_turned(current_caller())) if not page.filtered and form.query.after is None else ()
    shown = render_template("policies/practice.html", page=page, form=form, turned=turned[:SHOWN], more=turned[SHOWN:])
    return shown, 422 if form.errors else 200


@rules_pages.get("/practice/<uuid:rule>")
@needs(Permission.SEE_RULES)
def practice_rule(rule: UUID) -> str:
    """Show one rule with its versions."""
    history = rule_or_404(rule)
    originals = original_words(read_originals(current_caller(), history.rule.kept))
    return render_template("policies/practice_rule.html", page=rule_page(history), originals=originals)


@rules_pages.get("/practice/new")
@needs(Permission.EDIT_RULES)
def new_rule() -> str:
    """Ask for a rule; the address may give payer, codes, places and need."""
    options = actions.read_options(current_caller())
    return show_rule_form(fresh_rule(request.args, options, new_id(), request.args.getlist("lines")), options)


@rules_pages.post("/practice/new")
@needs(Permission.EDIT_RULES)
def record_rule() -> Response | tuple[str, int]:
    """Record a rule."""
    caller = current_caller()
    options = actions.read_options(caller)
    form = read_rule_form(request.form, request.form.getlist("lines"), options)
    if form.word is not None:
        try:
            done = save_rule(caller, form.word)
        except RefusedRuleError as error:
            form.errors["codes"] = str(error)
        else:
            tell(done, "The rule is recorded.")
            return redirect(url_for("rules_pages.practice", made=done.action), 303)
    return show_rule_form(form, options), 422


def rule_or_404(rule: UUID) -> RuleHistory:
    """Read one rule with its versions, or answer that there is none."""
    try:
        return actions.read_rule(current_caller(), rule)
    except RuleNotFoundError:
        abort(404)


def show_rule_form(
    form: RuleForm, options: RuleOptions, page: RulePage | None = None, stale: RulePage | None = None
) -> str:
    """Show the form of a rule. `page`: the rule of which it is the new version; `stale`: as it is on file meanwhile."""
    return render_template(
        "policies/rule_form.html",
        form=form,
        page=page,
        stale=stale,
        payers=(("", "Choose"), *options.payers.items()),
        lines=LINES[1:],
        needs=NEEDS,
        kinds=KINDS,
    )
