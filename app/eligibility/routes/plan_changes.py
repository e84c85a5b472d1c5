"""Changes of plans: the list, and the form of what a new plan said of an approved course."""

from collections import defaultdict
from datetime import UTC, datetime
from uuid import UUID

from flask import Blueprint, abort, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from app.authorizations.actions import KnownNumberError
from app.authorizations.rules.settling import RefusedValueError
from app.eligibility.actions.continuity import ConfirmedAlreadyError, NoContinuityError, confirm
from app.eligibility.actions.plan_changes import ToConfirm, read_changes, start_confirming
from app.eligibility.forms.continuity import ConfirmForm, read_confirmation
from app.eligibility.views.plan_changes import changes_page, confirm_page
from app.platform.ids import new_id
from app.practice.access import current_caller, needs, say, sees
from app.practice.facts.staff import Permission
from app.practice.rules.fields import Field

plan_change_pages = Blueprint("plan_change_pages", __name__, url_prefix="/eligibility/changes")
FIELD_OF = {"number": "reference", "reference": "reference", "ends": "until", "begins": "begins"}


@plan_change_pages.get("")
@needs(Permission.SEE_SCHEDULE)
def listing() -> str:
    """List the coverages that came to name another plan, with what each touches."""
    found = read_changes(current_caller(), _place(request.args.get("after", "")))
    return render_template("eligibility/changes.html", page=changes_page(found, sees(Field.APPROVALS)))


@plan_change_pages.get("/confirm/<uuid:case_id>")
@needs(Permission.EDIT_CASES)
def start(case_id: UUID) -> str:
    """Show the form of what the new plan said."""
    return _form(case_id, _start(case_id), None)


@plan_change_pages.post("/confirm/<uuid:case_id>")
@needs(Permission.EDIT_CASES)
def save(case_id: UUID) -> Response | tuple[str, int]:
    """Record that the new plan lets an approved course go on."""
    found = _start(case_id)
    form = read_confirmation(request.form, found.today)
    if form.said is None:
        return _form(case_id, found, form), 422
    try:
        confirm(current_caller(), case_id, form.key or new_id(), form.said)
    except ConfirmedAlreadyError:
        form.errors["reference"] = "An answer of the new plan is on file already. Open the case to change it."
    except KnownNumberError:
        form.errors["reference"] = "Another approval of this patient has this reference. Open the case to compare both."
    except RefusedValueError as refused:
        form.errors[FIELD_OF.get(refused.field, "reference")] = refused.sentence
    if form.errors:
        return _form(case_id, found, form), 422
    say("Recorded. The approval is usable under the new plan for these days, and the visits are judged anew.")
    return redirect(url_for(".listing"), 303)


def _start(case_id: UUID) -> ToConfirm:
    try:
        return start_confirming(current_caller(), case_id)
    except NoContinuityError:
        abort(404)


def _form(case_id: UUID, found: ToConfirm, form: ConfirmForm | None) -> str:
    page = confirm_page(found)
    values = form.typed if form is not None else {"begins": page.begins, "until": page.until, "key": str(new_id())}
    return render_template(
        "eligibility/continuity.html",
        case_id=case_id,
        page=page,
        values=defaultdict(str, values),
        errors=form.errors if form is not None else {},
        at=defaultdict(str, form.errors if form is not None else {}),
    )


def _place(text: str) -> tuple[datetime, UUID] | None:
    """Read where a page begins; an address that says it otherwise begins at the first."""
    at, _, change = text.partition("-")
    try:
        return datetime.strptime(at, "%Y%m%d%H%M%S%f").replace(tzinfo=UTC), UUID(hex=change)
    except ValueError:
        return None
