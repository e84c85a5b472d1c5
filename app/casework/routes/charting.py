"""The clinical facts of a patient: seen, added, corrected, taken away and brought back."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from flask import Blueprint, abort, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from app.casework.actions import charting as reading
from app.casework.actions.reading import PatientNotFoundError
from app.casework.facts.charting import FactsFile
from app.casework.forms.charting import FIELDS, FactForm, read_fact, read_key, read_kind
from app.casework.forms.typed import in_order
from app.casework.views.charting import fact_page, facts_page, first_values
from app.clinical.actions import charting as actions
from app.clinical.facts import ClinicalFact, FactKind
from app.platform.caller import Caller
from app.platform.ids import new_id
from app.practice.access import current_caller, needs, say
from app.practice.facts.staff import Permission

fact_pages = Blueprint("fact_pages", __name__, url_prefix="/patients/<uuid:patient_id>/facts")
CHANGED = "Somebody corrected this fact or took it away meanwhile. Nothing was saved; look at what stands now."
NOT_SHOWN = "This document is no longer on file, or is another patient's; choose another"


@fact_pages.get("")
@needs(Permission.ANSWER_ASKS)
def show(patient_id: UUID) -> str:
    """Show the clinical facts of a patient."""
    return render_template("clinical/facts.html", page=facts_page(_file(patient_id)))


@fact_pages.get("/new/<kind>")
@needs(Permission.EDIT_CASES)
def new(patient_id: UUID, kind: str) -> str:
    """Show an empty form of one kind of fact."""
    return _form(_file(patient_id), _Shown(_kind(kind), first_values(None, {})))


@fact_pages.post("/new")
@needs(Permission.EDIT_CASES)
def start(patient_id: UUID) -> str:
    """Show the form with the fact that a criterion lacks: what it is stands in no address."""
    kind = _kind(request.form.get("kind", ""))
    wanted = {"name": request.form.get("name", "")[:120], "case_id": request.form.get("case_id", "")}
    return _form(_file(patient_id), _Shown(kind, first_values(None, wanted)))


@fact_pages.post("")
@needs(Permission.EDIT_CASES)
def add(patient_id: UUID) -> Response | tuple[str, int]:
    """Record one fact; a form that is sent twice counts once."""
    file, caller = _file(patient_id), current_caller()
    form = _read(file, _kind(request.form.get("kind", "")))
    fact = _fact(caller, file, form)
    if fact is not None:
        try:
            actions.record_facts(caller, patient_id, [fact])
            return _done("Clinical fact recorded.", patient_id)
        except actions.SourceRefusedError as refused:
            _refuse_source(form, refused)
    return _form(file, _Shown(form.kind, form.typed.values, form)), 422


@fact_pages.get("/<uuid:fact_id>/correct")
@needs(Permission.EDIT_CASES)
def correct(patient_id: UUID, fact_id: UUID) -> Response | str:
    """Show the form with a fact that is to be corrected; of one that counts no more, the list."""
    file = _file(patient_id)
    wrong = _known(file, fact_id)
    if wrong.ended_at is not None:
        return _done(CHANGED, patient_id)
    return _form(file, _Shown(wrong.kind, first_values(wrong, {}), wrong=wrong))


@fact_pages.post("/<uuid:fact_id>/correct")
@needs(Permission.EDIT_CASES)
def put_right(patient_id: UUID, fact_id: UUID) -> Response | tuple[str, int]:
    """Put a fact in the place of one that is wrong; where somebody was quicker, show both and save nothing."""
    file, caller = _file(patient_id), current_caller()
    wrong = _known(file, fact_id)
    form = _read(file, wrong.kind)
    fact = _fact(caller, file, form)
    if fact is None:
        return _form(file, _Shown(form.kind, form.typed.values, form, wrong)), 422
    try:
        actions.correct_fact(caller, fact_id, fact)
    except actions.SourceRefusedError as refused:
        _refuse_source(form, refused)
        return _form(file, _Shown(form.kind, form.typed.values, form, wrong)), 422
    except actions.StaleFactError as stale:
        if stale.now is None:
            return _done(CHANGED, patient_id)
        return _form(file, _Shown(form.kind, form.typed.values, form, stale.now, stale=True)), 409
    return _done("Clinical fact corrected. The earlier one stays readable below.", patient_id)


@fact_pages.post("/<uuid:fact_id>/take-away")
@needs(Permission.EDIT_CASES)
def take_away(patient_id: UUID, fact_id: UUID) -> Response:
    """Let a fact no longer count."""
    try:
        actions.take_fact_away(current_caller(), patient_id, fact_id)
    except actions.ClinicalFactNotFoundError:
        abort(404)
    undo = url_for(".bring_back", patient_id=patient_id, fact_id=fact_id)
    return _done("Clinical fact taken away. It no longer counts.", patient_id, undo)


@fact_pages.post("/<uuid:fact_id>/bring-back")
@needs(Permission.EDIT_CASES)
def bring_back(patient_id: UUID, fact_id: UUID) -> Response:
    """Let a fact count again."""
    try:
        actions.bring_fact_back(current_caller(), patient_id, fact_id)
    except actions.ClinicalFactNotFoundError:
        abort(404)
    except actions.StaleFactError:
        return _done("Another fact stands in its place. Correct that one instead.", patient_id)
    return _done("Clinical fact brought back. It counts again.", patient_id)


@dataclass(frozen=True, slots=True)
class _Shown:
    """What the form shows: the kind, what stands in it, what was read, the fact that it corrects."""

    kind: FactKind
    values: Mapping[str, Any]
    form: FactForm | None = None
    wrong: ClinicalFact | None = None
    stale: bool = False


def _form(file: FactsFile, shown: _Shown) -> str:
    errors = in_order(shown.form.typed.errors, FIELDS) if shown.form is not None else {}
    both = first_values(shown.wrong, {}) if shown.stale else {}
    page = fact_page(file, shown.kind)
    differing = [(one.label, both.get(one.name, ""), shown.values.get(one.name, "")) for one in page.fields]
    return render_template(
        "clinical/fact.html",
        page=page,
        values=shown.values,
        errors=errors,
        key=shown.values.get("key") or new_id(),
        wrong=shown.wrong,
        stale=shown.stale,
        both=[one for one in differing if one[1] != one[2]],
        case_id=read_key(str(shown.values.get("case_id", ""))),
    )


def _read(file: FactsFile, kind: FactKind) -> FactForm:
    return read_fact(request.form, kind, file.today, file.documents, file.names[kind])


def _fact(caller: Caller, file: FactsFile, form: FactForm) -> ClinicalFact | None:
    if not form.typed.good or form.source is None:
        return None
    return ClinicalFact(
        id=form.key or new_id(),
        patient_id=file.patient.id,
        kind=form.kind,
        name=form.name,
        source=form.source,
        recorded_at=caller.clock.now(),
        recorded_by=caller.user_id,
        dated=form.dated,
        values=form.values,
    )


def _refuse_source(form: FactForm, refused: actions.SourceRefusedError) -> None:
    if refused.pages is None:
        form.typed.refuse("document", NOT_SHOWN)
    else:
        form.typed.refuse("page", f"Page must be a number from 1 to {refused.pages}")


def _file(patient_id: UUID) -> FactsFile:
    try:
        return reading.read_facts(current_caller(), patient_id)
    except PatientNotFoundError:
        abort(404)


def _known(file: FactsFile, fact_id: UUID) -> ClinicalFact:
    found = next((one for one in file.facts if one.id == fact_id), None)
    if found is None:
        abort(404)
    return found


def _kind(text: str) -> FactKind:
    kind = read_kind(text)
    if kind is None:
        abort(404)
    return kind


def _done(sentence: str, patient_id: UUID, undo: str | None = None) -> Response:
    """Say what was done, and lead back to the case that the form came from, or to the list."""
    say(sentence, undo)
    case_id = read_key(request.form.get("case_id"))
    if case_id is not None:
        return redirect(url_for("criteria_pages.show", case_id=case_id), 303)
    return redirect(url_for("fact_pages.show", patient_id=patient_id), 303)
