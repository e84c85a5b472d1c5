"""Edit a rule by a new version, or end it. Who comes second sees both and chooses."""

from uuid import UUID

from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from app.platform.ids import new_id
from app.policies.actions.basics import RefusedRuleError
from app.policies.actions.changing import RuleChangedError, end_rule, save_rule
from app.policies.actions.own_rules import read_options
from app.policies.facts.own_rules import RuleHistory
from app.policies.forms.changes import EndForm, fresh_end, read_end_form
from app.policies.forms.own_rules import form_of_rule, read_rule_form
from app.policies.routes.blueprint import rules_pages
from app.policies.routes.practice import rule_or_404, show_rule_form
from app.policies.routes.telling import tell
from app.policies.views.own_rules import rule_page
from app.practice.access import current_caller, needs
from app.practice.facts.staff import Permission


@rules_pages.get("/practice/<uuid:rule>/edit")
@needs(Permission.EDIT_RULES)
def edit_rule(rule: UUID) -> str:
    """Show the form of the new version of a rule."""
    history = rule_or_404(rule)
    options = read_options(current_caller())
    return show_rule_form(form_of_rule(history.rule.kept, options, new_id()), options, rule_page(history))


@rules_pages.post("/practice/<uuid:rule>/edit")
@needs(Permission.EDIT_RULES)
def save_version(rule: UUID) -> Response | tuple[str, int]:
    """Record the new version: the old one ends the day before. Nothing is saved when it was changed meanwhile."""
    caller = current_caller()
    history = rule_or_404(rule)
    options = read_options(caller)
    form = read_rule_form(request.form, request.form.getlist("lines"), options, rule)
    if form.word is None:
        return show_rule_form(form, options, rule_page(history)), 422
    try:
        done = save_rule(caller, form.word)
    except RefusedRuleError as error:
        form.errors["codes"] = str(error)
        return show_rule_form(form, options, rule_page(history)), 422
    except RuleChangedError:
        now = rule_or_404(rule)
        form.typed |= {"version": str(now.rule.kept.version), "once": str(new_id())}
        return show_rule_form(form, options, rule_page(history), stale=rule_page(now)), 409
    tell(done, "The new version is recorded; the one before it has ended.")
    return redirect(url_for("rules_pages.practice", made=done.action), 303)


@rules_pages.get("/practice/<uuid:rule>/end")
@needs(Permission.EDIT_RULES)
def ask_end(rule: UUID) -> str:
    """Ask for the last day of a rule, and why."""
    history = rule_or_404(rule)
    return _end_page(fresh_end(history, new_id()), history)


@rules_pages.post("/practice/<uuid:rule>/end")
@needs(Permission.EDIT_RULES)
def end(rule: UUID) -> Response | tuple[str, int]:
    """End a rule, for one code or for all."""
    history = rule_or_404(rule)
    form = read_end_form(request.form, history)
    if form.word is None:
        return _end_page(form, history), 422
    try:
        done = end_rule(current_caller(), form.word)
    except RuleChangedError:
        now = rule_or_404(rule)
        form.typed |= {"version": str(now.rule.kept.version), "once": str(new_id())}
        return _end_page(form, now, stale=True), 409
    tell(done, "The end is recorded.")
    return redirect(url_for("rules_pages.practice_rule", rule=rule), 303)


def _end_page(form: EndForm, history: RuleHistory, stale: bool = False) -> str:
    page = rule_page(history)
    codes = (("", f"All {len(page.codes)}"), *((code, code.removeprefix("drug:")) for code in page.codes))
    return render_template("policies/rule_end.html", form=form, page=page, codes=codes, stale=stale)
