"""Routine services: asked once, for one payer or several."""

from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from app.platform.ids import new_id
from app.policies.actions import routine as actions
from app.policies.actions.basics import RefusedRuleError
from app.policies.facts.desk import RoutineOffer
from app.policies.forms.basis import KINDS
from app.policies.forms.routine import RoutineForm, fresh_routine, read_routine
from app.policies.routes.blueprint import rules_pages
from app.policies.routes.telling import tell
from app.policies.views.finder import LINES
from app.policies.views.routine import routine_page
from app.practice.access import current_caller, needs
from app.practice.facts.staff import Permission
from app.values.wording import counted


@rules_pages.get("/routine")
@needs(Permission.EDIT_RULES)
def routine() -> str:
    """Ask whether the usual services need approval: of the payers that the address names, or of any."""
    chosen = tuple(request.args.getlist("payer"))
    offer = actions.read_offer(current_caller(), chosen)
    return _page(offer, fresh_routine(offer, chosen, new_id()))


@rules_pages.post("/routine")
@needs(Permission.EDIT_RULES)
def confirm_routine() -> Response | tuple[str, int]:
    """Keep the practice's word for all the payers that are ticked."""
    caller = current_caller()
    chosen = tuple(request.form.getlist("payer"))
    offer = actions.read_offer(caller, chosen)
    form = read_routine(request.form, chosen, request.form.getlist("code"), offer)
    if form.word is not None:
        try:
            done = actions.confirm_routine_of_several(caller, form.word)
        except RefusedRuleError as error:
            form.errors["payer"] = str(error)
        else:
            tell(done, f"Routine services are confirmed for {counted(done.rules, 'payer')}.")
            return redirect(url_for("rules_pages.practice", made=done.action), 303)
    return _page(offer, form), 422


def _page(offer: RoutineOffer, form: RoutineForm) -> str:
    page = routine_page(offer, form.payers, form.codes)
    return render_template(
        "policies/routine.html", page=page, form=form, lines=(("", "All lines"), *LINES[1:]), kinds=KINDS
    )
