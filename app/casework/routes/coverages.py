"""Coverages of one patient: add one, change one. What the plan said is recorded on the pages of eligibility."""

from uuid import UUID

from flask import Blueprint, abort, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from app.casework.actions import coverages as actions
from app.casework.actions.foreseeing import foresee_breaks
from app.casework.actions.payers import NewPayerError, PayerNotNamedError
from app.casework.actions.reading import PatientNotFoundError
from app.casework.facts.coverages import CoverageStart
from app.casework.facts.done import Done
from app.casework.forms.coverage import CoverageForm, read_coverage
from app.casework.forms.typed import NEW_PAYER, in_order, new_payer_words
from app.casework.views.changed import changed_words
from app.casework.views.coverage_form import FIELDS, coverage_page, differences, typed_of
from app.casework.views.foreseen import breaks_question
from app.coverage.actions.coverages import (
    CoverageNotFoundError,
    KnownCoverageError,
    StaleCoverageError,
    UndoRefusedError,
)
from app.platform.ids import new_id
from app.practice.access import current_caller, needs, say
from app.practice.facts.staff import Permission

coverage_pages = Blueprint("coverage_pages", __name__, url_prefix="/patients/<uuid:patient_id>/coverages")
NO_PAYER = "Enter the payer by its name, like Aetna; record a patient without insurance on the patient's page"
UNDONE_LATE = (
    "This change cannot be taken back: it is older than a day, another one followed, or the member ID changed. "
    "Edit the coverage."
)
KNOWN = "This patient has a coverage of this payer, member ID, order and start date already"


@coverage_pages.get("/new")
@needs(Permission.EDIT_CASES)
def add(patient_id: UUID) -> str:
    """Show the form of a new coverage."""
    return _form(_start(patient_id), None, key=new_id())


@coverage_pages.post("/new")
@needs(Permission.EDIT_CASES)
def put(patient_id: UUID) -> Response | tuple[str, int]:
    """Add a coverage; a form that is sent twice adds it once."""
    start = _start(patient_id)
    form = read_coverage(request.form, start.today)
    key = form.key or new_id()
    done = Done(None)
    if form.typed.good:
        try:
            new_is_right = NEW_PAYER in form.typed.confirmed
            done = actions.put_coverage(current_caller(), patient_id, key, form.payer, new_is_right, form.values)
        except (PayerNotNamedError, NewPayerError, KnownCoverageError) as fault:
            _explain(form, fault)
    if not form.typed.good:
        return _form(start, form, key=key), 422
    return _done(patient_id, "Coverage added", done)


@coverage_pages.get("/<uuid:coverage_id>")
@needs(Permission.EDIT_CASES)
def edit(patient_id: UUID, coverage_id: UUID) -> str:
    """Show one coverage for editing."""
    return _form(_start(patient_id, coverage_id), None)


@coverage_pages.post("/<uuid:coverage_id>")
@needs(Permission.EDIT_CASES)
def save(patient_id: UUID, coverage_id: UUID) -> Response | tuple[str, int]:
    """Change a coverage; where somebody was quicker, show both values and ask which to keep."""
    start = _start(patient_id, coverage_id)
    form = read_coverage(request.form, start.today)
    done = Done(None)
    if form.typed.good:
        try:
            new_is_right = NEW_PAYER in form.typed.confirmed
            caller, given = current_caller(), (start, form.version or 0, form.payer, new_is_right, form.values)
            breaks = foresee_breaks(caller, patient_id, lambda: actions.edit_coverage(caller, *given))
            if not form.typed.asks(breaks_question(breaks)):
                done = actions.edit_coverage(caller, *given)
        except StaleCoverageError:
            return _form(_start(patient_id, coverage_id), form, stale=True), 409
        except (PayerNotNamedError, NewPayerError, KnownCoverageError) as fault:
            _explain(form, fault)
    if not form.typed.good:
        return _form(start, form), 422
    return _done(patient_id, "Coverage saved", done, coverage_id)


@coverage_pages.post("/<uuid:coverage_id>/undo/<uuid:event_id>")
@needs(Permission.EDIT_CASES)
def undo(patient_id: UUID, coverage_id: UUID, event_id: UUID) -> Response:
    """Take the last change of a coverage back, within a day."""
    try:
        say(
            changed_words(
                "Change taken back", actions.undo_coverage(current_caller(), patient_id, coverage_id, event_id)
            )
        )
    except CoverageNotFoundError:
        abort(404)
    except (UndoRefusedError, KnownCoverageError):
        say(UNDONE_LATE)
    return redirect(url_for("patient_pages.show", patient_id=patient_id), 303)


def _explain(form: CoverageForm, fault: Exception) -> None:
    if isinstance(fault, PayerNotNamedError):
        form.typed.refuse("payer", NO_PAYER)
    elif isinstance(fault, KnownCoverageError):
        form.typed.refuse("member", KNOWN)
    else:
        form.typed.ask(NEW_PAYER, new_payer_words(form.payer))


def _done(patient_id: UUID, what: str, done: Done, coverage_id: UUID | None = None) -> Response:
    if done.change is None:
        say("Nothing was different, so nothing was changed.")
    elif coverage_id is None or not done.undoable:
        say(changed_words(what, done))
    else:
        back = url_for(".undo", patient_id=patient_id, coverage_id=coverage_id, event_id=done.change)
        say(changed_words(what, done), undo=back)
    return redirect(url_for("patient_pages.show", patient_id=patient_id), 303)


def _form(start: CoverageStart, form: CoverageForm | None, key: UUID | None = None, stale: bool = False) -> str:
    errors = in_order(form.errors, FIELDS) if form is not None else {}
    page = coverage_page(start, form.typed.values if form is not None else None, errors)
    now = typed_of(start.coverage) if start.coverage else {}
    return render_template(
        "casework/coverage.html",
        page=page,
        key=key,
        errors=errors,
        questions=form.typed.questions if form is not None else {},
        version=start.version if stale or form is None else form.version,
        stale=stale,
        both=differences(page, now, FIELDS) if stale else [],
    )


def _start(patient_id: UUID, coverage_id: UUID | None = None) -> CoverageStart:
    try:
        return actions.start_coverage(current_caller(), patient_id, coverage_id)
    except (PatientNotFoundError, CoverageNotFoundError):
        abort(404)
