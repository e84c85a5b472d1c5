"""The payer's answer on a case: approved, said, cut, more asked, none needed, too early, and the ends."""

from collections.abc import Mapping
from uuid import UUID
from zoneinfo import ZoneInfo

from flask import Blueprint, abort, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from app.authorizations.actions import EventNotFoundError, KnownNumberError, StaleAuthorizationError
from app.authorizations.rules.moves import IllegalMoveError
from app.authorizations.rules.settling import RefusedValueError
from app.casework.actions.deciding import decide, foresee
from app.casework.facts.cases import CaseFile
from app.casework.facts.decisions import Decision, Foreseen
from app.casework.forms.approval import read_id
from app.casework.forms.decision import CONFIRMED, DecisionForm, read_decision
from app.casework.forms.typed import in_order
from app.casework.routes.cases import read
from app.casework.views.approval_form import typed_of
from app.casework.views.changed import changed_words
from app.casework.views.decision import FIELDS, asks_first, decision_page, open_to
from app.casework.views.differing import differing
from app.platform.ids import new_id
from app.practice.access import current_caller, current_practice, needs, say
from app.practice.facts.staff import Permission

decision_pages = Blueprint("decision_pages", __name__, url_prefix="/cases/<uuid:case_id>/decision")
SAID = {
    Decision.APPROVED: "Approval logged",
    Decision.VERBAL: "Spoken approval logged: it clears no visit until the number is there",
    Decision.MORE_INFO: "Logged what the payer asks for",
    Decision.INFO_SENT: "Logged that the payer has what it asked for",
    Decision.NOT_REQUIRED: "Logged that no approval is required",
    Decision.TOO_EARLY: "Logged from when the payer takes the request",
    Decision.WITHDRAWN: "Request withdrawn",
    Decision.DISMISSED: "Logged that the payer dismissed the request",
    Decision.CLOSED: "Case closed",
}
_FIELD_OF = {"items": "codes", "site_id": "site", "provider_npi": "provider"}
"""Where the form calls a field otherwise than the record does."""


@decision_pages.get("")
@needs(Permission.EDIT_CASES)
def show(case_id: UUID) -> str | Response:
    """Ask for one answer. `what` names it; `corrects` the change that was wrong."""
    case = read(case_id)
    corrects = read_id(request.args.get("corrects", ""))
    what = _what(request.args.get("what", ""), case, corrects)
    if what is Decision.DENIED:
        return redirect(url_for("denial_pages.new", case_id=case_id), 303)
    return _page(case, what, corrects)


@decision_pages.post("")
@needs(Permission.EDIT_CASES)
def save(case_id: UUID) -> Response | tuple[str, int]:
    """Record one answer; what it cuts or breaks is shown before, and two who answer at once are shown both."""
    case = read(case_id)
    corrects = read_id(request.form.get("corrects", ""))
    what = _what(request.form.get("what", ""), case, corrects)
    caller = current_caller()
    zone = ZoneInfo(current_practice().zone)
    documents = [one.id for one in case.documents]
    form = read_decision(request.form, what, caller.clock.now(), zone, case.chart.sites, documents)
    if not form.typed.good:
        return _page(case, what, corrects, form), 422
    try:
        key, version = form.key or new_id(), form.version or 0
        foreseen = None if form.foreseen else foresee(caller, case_id, version, key, form.decided)
        question = asks_first(foreseen) if foreseen is not None else None
        if question is not None:
            form.typed.ask(CONFIRMED, question)
            return _page(case, what, corrects, form, foreseen), 422
        done = decide(caller, case_id, version, key, form.decided)
    except StaleAuthorizationError:
        return _page(read(case_id), what, corrects, form, stale=True), 409
    except (IllegalMoveError, RefusedValueError, KnownNumberError, EventNotFoundError) as fault:
        _explain(form, fault)
        return _page(read(case_id), what, corrects, form), 422
    if done.change is not None:
        address = url_for("case_pages.undo", case_id=case_id, event_id=done.change)
        say(changed_words(SAID[what], done), undo=address)
    return redirect(url_for("case_pages.show", case_id=case_id), 303)


def _what(text: str, case: CaseFile, corrects: UUID | None) -> Decision:
    """Which answer the page is about: the one that was asked for where the case may go there, else the first."""
    open_ones = open_to(case.record, corrects is not None)
    if text in {one.value for one in Decision}:
        return Decision(text)
    if not open_ones:
        abort(404)
    return open_ones[0]


def _explain(form: DecisionForm, fault: Exception) -> None:
    if isinstance(fault, IllegalMoveError):
        form.typed.refuse("what", fault.sentence)
    elif isinstance(fault, RefusedValueError):
        form.typed.refuse(_FIELD_OF.get(fault.field, fault.field), fault.sentence)
    elif isinstance(fault, KnownNumberError):
        name = form.typed.values.get("number") or form.typed.values.get("contact_reference") or "This number"
        form.typed.refuse("number", f"{name} of this payer is on file for this patient already, on another case")
    else:
        form.typed.refuse("what", "What you wanted to correct is not on this case any more.")


def _page(
    case: CaseFile,
    what: Decision,
    corrects: UUID | None,
    form: DecisionForm | None = None,
    foreseen: Foreseen | None = None,
    stale: bool = False,
) -> str:
    errors: Mapping[str, str] = in_order(form.errors, ("what", *FIELDS)) if form is not None else {}
    page = decision_page(case, what, form.typed.values if form is not None else None, errors, corrects, foreseen)
    both = differing(page.values, typed_of(case.record), case) if stale else []
    version = case.version if form is None or stale else form.version
    return render_template(
        "casework/decision.html",
        page=page,
        errors=errors,
        questions=form.typed.questions if form is not None else {},
        key=(form.key if form is not None else None) or new_id(),
        version=version,
        stale=stale,
        both=both,
        status=page.status,
    )
