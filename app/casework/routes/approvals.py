"""Approvals of one patient: log one in under a minute, change one, close one, take a change back."""

from collections.abc import Mapping
from uuid import UUID

from flask import Blueprint, abort, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from app.authorizations.actions import (
    MISTAKE,
    AuthorizationNotFoundError,
    KnownNumberError,
    StaleAuthorizationError,
    UndoRefusedError,
)
from app.authorizations.rules.moves import IllegalMoveError
from app.authorizations.rules.settling import RefusedValueError
from app.casework.actions import approvals as actions
from app.casework.actions.approvals import Under
from app.casework.actions.cosmetic import CosmeticRequestError
from app.casework.actions.foreseeing import foresee_breaks
from app.casework.actions.payers import NewPayerError, PayerNotNamedError
from app.casework.actions.reading import PatientNotFoundError, read_patient
from app.casework.facts.approvals import ApprovalStart
from app.casework.facts.chart import Chart
from app.casework.facts.done import Done
from app.casework.forms.approval import ApprovalForm, read_approval, read_id
from app.casework.forms.closing import read_closing
from app.casework.forms.typed import NEW_PAYER, in_order, new_payer_words
from app.casework.views.approval_form import FIELDS, WHYS, approval_page, differences, typed_of
from app.casework.views.changed import changed_words
from app.casework.views.foreseen import breaks_question
from app.casework.views.outcome import saved_page
from app.platform.ids import new_id
from app.practice.access import current_caller, needs, say
from app.practice.facts.staff import Permission

approval_pages = Blueprint("approval_pages", __name__, url_prefix="/patients/<uuid:patient_id>/approvals")
NOTHING: Mapping[str, str] = {}
WRONGLY_LOGGED = "wrongly_logged"
BESIDE = {"items": "units"}
"""Beside which field of the form a value is refused, where it has another name."""
NO_PAYER = "Enter the payer by its name, like Aetna"
UNDONE_LATE = (
    "This change cannot be taken back any more: it is older than a day, or another one followed. Edit the approval."
)


@approval_pages.get("/new")
@needs(Permission.EDIT_CASES)
def new(patient_id: UUID) -> str:
    """Show the short form, filled from the coverage of the day and the visit that it was opened from."""
    return _new(_start(patient_id), new_id(), None)


@approval_pages.post("/new")
@needs(Permission.EDIT_CASES)
def log(patient_id: UUID) -> Response | tuple[str, int]:
    """Log an approval; a form that is sent twice logs it once."""
    start = _start(patient_id)
    form = _read(start, new=True)
    key = form.key or new_id()
    if not form.typed.good:
        return _new(start, key, form), 422
    try:
        done = actions.log_approval(current_caller(), patient_id, key, _under(form), form.values)
    except (PayerNotNamedError, NewPayerError, CosmeticRequestError) as fault:
        _explain(form, fault)
        return _new(start, key, form), 422
    except KnownNumberError as known:
        form.errors["number"] = _known(form)
        return _new(start, key, form, known.authorization_id), 422
    if done.change is not None:
        say(changed_words("Approval logged", done))
    return redirect(url_for(".saved", patient_id=patient_id, authorization_id=key, visit=start.visit_id), 303)


@approval_pages.get("/<uuid:authorization_id>/saved")
@needs(Permission.SEE_CASES)
def saved(patient_id: UUID, authorization_id: UUID) -> str:
    """Say what an approval covers of the visits that are booked, and what it does not."""
    chart = _chart(patient_id)
    approval = next((one for one in chart.approvals if one.id == authorization_id), None)
    if approval is None:
        abort(404)
    page = saved_page(chart, approval)
    return render_template("casework/saved.html", page=page, visit_id=read_id(request.args.get("visit", "")))


@approval_pages.get("/<uuid:authorization_id>")
@needs(Permission.EDIT_CASES)
def edit(patient_id: UUID, authorization_id: UUID) -> str:
    """Show one approval for editing."""
    return _edit(_start_edit(patient_id, authorization_id))


@approval_pages.post("/<uuid:authorization_id>")
@needs(Permission.EDIT_CASES)
def save(patient_id: UUID, authorization_id: UUID) -> Response | tuple[str, int]:
    """Change an approval; where somebody was quicker, show both values and ask which to keep."""
    start = _start_edit(patient_id, authorization_id)
    form = _read(start, new=False)
    if not form.typed.good:
        return _edit(start, form), 422
    caller, version = current_caller(), form.version or 0
    try:
        why = MISTAKE if WRONGLY_LOGGED in form.typed.confirmed else None
        given = patient_id, authorization_id, version, _under(form), form.values, why
        breaks = foresee_breaks(caller, patient_id, lambda: actions.edit_approval(caller, *given))
        if form.typed.asks(breaks_question(breaks)):
            return _edit(start, form), 422
        done = actions.edit_approval(caller, *given)
    except (PayerNotNamedError, NewPayerError, IllegalMoveError, RefusedValueError, CosmeticRequestError) as fault:
        _explain(form, fault)
        return _edit(start, form), 422
    except KnownNumberError as known:
        form.errors["number"] = _known(form)
        return _edit(start, form, known.authorization_id), 422
    except StaleAuthorizationError:
        return _edit(_start_edit(patient_id, authorization_id), form, stale=True), 409
    return _saved(patient_id, authorization_id, done, "Approval saved")


@approval_pages.post("/<uuid:authorization_id>/close")
@needs(Permission.EDIT_CASES)
def close(patient_id: UUID, authorization_id: UUID) -> Response | tuple[str, int]:
    """End an approval early, or void it, with the reason."""
    start = _start_edit(patient_id, authorization_id)
    assert start.approval is not None
    form = read_closing(request.form, start.today, start.approval.begins)
    if not form.typed.good:
        return _edit(start, closing=form.typed.errors), 422
    caller = current_caller()
    given = patient_id, authorization_id, form.version or 0, form.last_day, form.why or ""
    try:
        breaks = foresee_breaks(caller, patient_id, lambda: actions.close_approval(caller, *given))
        if form.typed.asks(breaks_question(breaks)):
            return _edit(start, asked=form.typed.questions), 422
        done = actions.close_approval(caller, *given)
    except IllegalMoveError as fault:
        form.typed.errors["how"] = fault.sentence
        return _edit(start, closing=form.typed.errors), 422
    except StaleAuthorizationError:
        form.typed.errors["how"] = "Somebody changed this approval meanwhile. Look at it below, and close it again"
        return _edit(_start_edit(patient_id, authorization_id), closing=form.typed.errors), 409
    return _saved(patient_id, authorization_id, done, "Approval closed")


@approval_pages.post("/<uuid:authorization_id>/undo/<uuid:event_id>")
@needs(Permission.EDIT_CASES)
def undo(patient_id: UUID, authorization_id: UUID, event_id: UUID) -> Response:
    """Take the last change of an approval back, within a day."""
    try:
        done = actions.undo_approval(current_caller(), patient_id, authorization_id, event_id)
        say(changed_words("Change taken back", done))
    except AuthorizationNotFoundError:
        abort(404)
    except (UndoRefusedError, KnownNumberError):
        say(UNDONE_LATE)
    return redirect(url_for("patient_pages.show", patient_id=patient_id), 303)


def _saved(patient_id: UUID, authorization_id: UUID, done: Done, what: str) -> Response:
    if done.change is None:
        say("Nothing was different, so nothing was changed.")
    else:
        address = url_for(".undo", patient_id=patient_id, authorization_id=authorization_id, event_id=done.change)
        say(changed_words(what, done), undo=address if done.undoable else None)
    return redirect(url_for(".saved", patient_id=patient_id, authorization_id=authorization_id), 303)


def _read(start: ApprovalStart, new: bool) -> ApprovalForm:
    sites, coverages = [one.id for one in start.sites], [one.id for one in start.coverages]
    return read_approval(request.form, start.today, sites, coverages, new)


def _under(form: ApprovalForm) -> Under:
    return Under(form.coverage, form.payer, form.member_id, NEW_PAYER in form.typed.confirmed)


def _explain(form: ApprovalForm, fault: Exception) -> None:
    if isinstance(fault, PayerNotNamedError):
        form.typed.refuse("payer", NO_PAYER)
    elif isinstance(fault, CosmeticRequestError):
        form.typed.refuse("codes", fault.sentence)
    elif isinstance(fault, IllegalMoveError):
        form.typed.ask(WRONGLY_LOGGED, f"{fault.sentence} Was the status logged wrongly, so that this corrects it?")
    elif isinstance(fault, RefusedValueError):
        form.typed.refuse(BESIDE.get(fault.field, fault.field), fault.sentence)
    else:
        form.typed.ask(NEW_PAYER, new_payer_words(form.payer or ""))


def _known(form: ApprovalForm) -> str:
    name = form.values["number"] or form.values["reference"] or "This approval"
    return f"{name} of this payer is on file for this patient already. Edit that one"


def _new(start: ApprovalStart, key: UUID, form: ApprovalForm | None, known: UUID | None = None) -> str:
    typed, errors, questions = _entries(form)
    page = approval_page(start, typed, errors)
    return render_template(
        "casework/approval_new.html", page=page, key=key, errors=errors, questions=questions, known=known
    )


def _edit(
    start: ApprovalStart,
    form: ApprovalForm | None = None,
    known: UUID | None = None,
    stale: bool = False,
    closing: Mapping[str, str] = NOTHING,
    asked: Mapping[str, str] = NOTHING,
) -> str:
    typed, errors, questions = _entries(form)
    page = approval_page(start, typed, errors)
    assert start.approval is not None
    both = differences(page, typed_of(start.approval)) if stale else []
    version = start.version if stale or form is None else form.version
    return render_template(
        "casework/approval_edit.html",
        page=page,
        errors=errors or closing,
        closing=closing,
        closing_asks=asked,
        close_typed=request.form if closing or asked else {},
        questions=questions,
        known=known,
        version=version,
        stale=stale,
        both=both,
        whys=WHYS,
    )


def _entries(form: ApprovalForm | None) -> tuple[Mapping[str, str] | None, dict[str, str], dict[str, str]]:
    return (None, {}, {}) if form is None else (form.typed.values, in_order(form.errors, FIELDS), form.typed.questions)


def _start(patient_id: UUID) -> ApprovalStart:
    visit = read_id(request.args.get("visit", "") or request.form.get("visit", ""))
    try:
        return actions.start_approval(current_caller(), patient_id, visit)
    except PatientNotFoundError:
        abort(404)


def _start_edit(patient_id: UUID, authorization_id: UUID) -> ApprovalStart:
    try:
        return actions.start_edit(current_caller(), patient_id, authorization_id)
    except (PatientNotFoundError, AuthorizationNotFoundError):
        abort(404)


def _chart(patient_id: UUID) -> Chart:
    try:
        return read_patient(current_caller(), patient_id)
    except PatientNotFoundError:
        abort(404)
