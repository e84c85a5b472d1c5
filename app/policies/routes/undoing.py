"""What an action with rules did, and taking it back."""

from uuid import UUID

from flask import redirect, url_for
from werkzeug.wrappers import Response

from app.policies.actions.basics import RefusedRuleError
from app.policies.actions.undoing import undo_action
from app.policies.facts.records import RuleAct
from app.policies.routes.blueprint import rules_pages
from app.policies.views.own_rules import count_changed
from app.practice.access import current_caller, needs, say
from app.practice.facts.staff import Permission


@rules_pages.post("/undo/<uuid:action>")
@needs(Permission.EDIT_RULES)
def undo(action: UUID) -> Response:
    """Take back what was done, and say so."""
    try:
        done = undo_action(current_caller(), action)
    except RefusedRuleError as error:
        say(str(error))
    else:
        if done.kind is RuleAct.VERIFY:
            say("It is undone: the rules count as they did before.")
            return redirect(url_for("rules_pages.payers"), 303)
        say(f"It is undone. {count_changed(done.visits_changed)}." if not done.again else "It was undone before.")
    return redirect(url_for("rules_pages.practice"), 303)
