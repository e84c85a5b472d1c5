"""How the drug of a case comes: who brings it, and each step until it is received."""

from collections import defaultdict
from uuid import UUID
from zoneinfo import ZoneInfo

from flask import Blueprint, abort, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from app.casework.actions import supplies as actions
from app.casework.facts.cases import CaseNotFoundError
from app.casework.facts.supplies import SupplyFile
from app.casework.forms.supplies import PLAN_FIELDS, STEP_FIELDS, PlanForm, StepForm, read_plan, read_step
from app.casework.forms.typed import in_order
from app.casework.views.changed import changed_words
from app.casework.views.supplies import PLANS, mark_words, supply_page, visits_ahead
from app.pharmacy.actions import MarkRefusedError, StaleSupplyError, SupplyNotFoundError
from app.platform.ids import new_id
from app.practice.access import current_caller, current_practice, needs, say
from app.practice.facts.staff import Permission

supply_pages = Blueprint("supply_pages", __name__, url_prefix="/cases/<uuid:case_id>/drug")


@supply_pages.get("")
@needs(Permission.SEE_CASES)
def show(case_id: UUID) -> str:
    """Show who brings the drug of a case and how far it has come."""
    return _page(_read(case_id))


@supply_pages.post("")
@needs(Permission.EDIT_CASES)
def plan(case_id: UUID) -> Response | tuple[str, int]:
    """Say who brings the drug; where somebody was quicker, show both and ask which to keep."""
    caller = current_caller()
    found = _read(case_id)
    form = read_plan(request.form, found.case.chart.today)
    if form.plan is None:
        return _page(found, planned=form), 422
    try:
        done = actions.plan_drug(caller, case_id, form.version, form.plan)
    except StaleSupplyError as meanwhile:
        theirs = PLANS[meanwhile.now.plan] if meanwhile.now is not None else "Nobody said"
        return _page(_read(case_id), planned=form, both=[("Who brings the drug", theirs, PLANS[form.plan])]), 409
    say(changed_words("Saved who brings the drug", done))
    return redirect(url_for(".show", case_id=case_id), 303)


@supply_pages.post("/steps")
@needs(Permission.EDIT_CASES)
def mark(case_id: UUID) -> Response | tuple[str, int]:
    """Record that a step is done. A form that is sent twice counts once."""
    caller, found = current_caller(), _read(case_id)
    today, now = caller.clock.today(ZoneInfo(current_practice().zone)), caller.clock.now()
    visits = [one for one, _day in visits_ahead(found)]
    form = read_step(request.form, today, now, caller.user_id, new_id(), visits)
    if not form.typed.good or form.mark is None:
        return _page(found, stepped=form), 422
    try:
        done = actions.mark_drug(caller, case_id, form.mark, f"{mark_words(form.mark)}.", form.step)
    except (MarkRefusedError, SupplyNotFoundError) as refused:
        form.typed.refuse("step", str(refused) or "Say first who brings the drug")
        return _page(_read(case_id), stepped=form), 422
    if done.change is not None:
        undo = url_for(".take_back", case_id=case_id, mark_id=done.change)
        say(changed_words("Step recorded", done), undo=undo)
    return redirect(url_for(".show", case_id=case_id), 303)


@supply_pages.post("/steps/<uuid:mark_id>/take-back")
@needs(Permission.EDIT_CASES)
def take_back(case_id: UUID, mark_id: UUID) -> Response:
    """Take a step back that was recorded in error. It stays readable, struck through."""
    found = _read(case_id)
    marks = found.supply.marks if found.supply is not None else ()
    step = next((one for one in marks if one.id == mark_id), None)
    if step is None:
        abort(404)
    done = actions.take_drug_back(current_caller(), case_id, mark_id, f"Taken back: {mark_words(step)}.")
    say(changed_words("Step taken back", done))
    return redirect(url_for(".show", case_id=case_id), 303)


def _read(case_id: UUID) -> SupplyFile:
    try:
        return actions.read_supply(current_caller(), case_id)
    except CaseNotFoundError:
        abort(404)


def _page(
    found: SupplyFile,
    planned: PlanForm | None = None,
    stepped: StepForm | None = None,
    both: list[tuple[str, str, str]] | None = None,
) -> str:
    page = supply_page(found)
    errors = in_order(planned.typed.errors, PLAN_FIELDS) if planned is not None else {}
    errors |= in_order(stepped.typed.errors, STEP_FIELDS) if stepped is not None else {}
    first = {"step": page.next_value, "on": "t"}
    return render_template(
        "pharmacy/case.html",
        page=page,
        errors=errors,
        at=defaultdict(str, errors),
        plan=planned.typed.values.get("plan", "") if planned is not None else page.plan,
        values=defaultdict(str, stepped.typed.values if stepped is not None else first),
        key=new_id() if stepped is None or stepped.mark is None else stepped.mark.id,
        version=page.version,
        both=both or [],
    )
