"""Documents of one patient: list, add, open, correct, take away and back."""

from datetime import date
from uuid import UUID
from zoneinfo import ZoneInfo

from flask import Blueprint, Response, abort, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as Redirection

from app.documents import actions
from app.documents.actions import DocumentNotFoundError, Listed, StaleDocumentError
from app.documents.facts import ENDINGS, Document, DocumentRefusedError
from app.documents.forms import DocumentForm, read_correction, read_upload
from app.documents.views import LARGEST_MIB, document_line, document_lines, kind_choices
from app.platform.ids import new_id
from app.platform.pieces import DamagedContentError
from app.practice.access import current_caller, current_practice, needs, say
from app.practice.facts.staff import Permission
from app.values.wording import short_day

document_pages = Blueprint("document_pages", __name__)


@document_pages.get("/patients/<uuid:patient_id>/documents")
@needs(Permission.ANSWER_ASKS)
def list_all(patient_id: UUID) -> str:
    """List a patient's documents, with the form for another."""
    return _list(patient_id, DocumentForm({}))


@document_pages.post("/patients/<uuid:patient_id>/documents")
@needs(Permission.ANSWER_ASKS)
def add(patient_id: UUID) -> Redirection | tuple[str, int]:
    """Add a document; a form that is sent twice adds it once."""
    form = read_upload(request.form, request.files.get("file"), _today())
    if not form.errors:
        try:
            added = (form.key or new_id(), form.name, form.content, form.kind, form.dated)
            actions.add_document(current_caller(), patient_id, *added)
        except DocumentNotFoundError:
            abort(404)
        except DocumentRefusedError as refused:
            form.errors["file"] = refused.sentence
    if form.errors:
        return _list(patient_id, form), 422
    say("Document added.")
    return redirect(url_for(".list_all", patient_id=patient_id), 303)


@document_pages.get("/documents/<uuid:document_id>")
@needs(Permission.ANSWER_ASKS)
def download(document_id: UUID) -> Response:
    """Hand a document to the browser as a file that is saved, never shown as a page of ours, and not kept by it."""
    try:
        document, content = actions.content_of(current_caller(), document_id)
    except DocumentNotFoundError:
        abort(404)
    except DamagedContentError:
        return make_response(render_template("documents/damaged.html"), 500)
    return as_attachment(document, content)


@document_pages.get("/documents/<uuid:document_id>/edit")
@needs(Permission.ANSWER_ASKS)
def edit(document_id: UUID) -> str:
    """Show what is said of a document, for correcting it."""
    found = _read(document_id)
    (document,) = found.documents
    dated = short_day(document.dated) if document.dated else ""
    values = {"name": document.name, "kind": document.kind.value, "dated": dated}
    return _edit(found, DocumentForm(values, version=document.version))


@document_pages.post("/documents/<uuid:document_id>/edit")
@needs(Permission.ANSWER_ASKS)
def save(document_id: UUID) -> Redirection | tuple[str, int]:
    """Correct what is said of a document; where somebody was quicker, show both."""
    found, form = _read(document_id), read_correction(request.form, _today())
    (document,) = found.documents
    if form.errors:
        return _edit(found, form), 422
    try:
        actions.correct_document(current_caller(), document_id, form.version or 0, form.name, form.kind, form.dated)
    except StaleDocumentError:
        form.version = document.version
        return _edit(found, form, stale=True), 409
    say("Document corrected.")
    return redirect(url_for(".list_all", patient_id=document.patient_id), 303)


@document_pages.post("/documents/<uuid:document_id>/take-away")
@needs(Permission.ANSWER_ASKS)
def take_away(document_id: UUID) -> Redirection:
    """Take a document out of the lists; it can be brought back."""
    try:
        document = actions.take_away(current_caller(), document_id)
    except DocumentNotFoundError:
        abort(404)
    say("Document taken away. It is kept.", undo=url_for(".bring_back", document_id=document_id))
    return redirect(url_for(".list_all", patient_id=document.patient_id), 303)


@document_pages.post("/documents/<uuid:document_id>/bring-back")
@needs(Permission.ANSWER_ASKS)
def bring_back(document_id: UUID) -> Redirection:
    """Bring a document back that was taken away."""
    try:
        document = actions.bring_back(current_caller(), document_id)
    except DocumentNotFoundError:
        abort(404)
    say("Document brought back.")
    return redirect(url_for(".list_all", patient_id=document.patient_id), 303)


def as_attachment(document: Document, content: bytes) -> Response:
    """Make the answer that hands a document out. Its name is one of ours: names stand in lists of downloads."""
    answer = make_response(content)
    answer.headers["Content-Type"] = document.media.value
    name = f"{document.kind.value.replace('_', '-')}-{document.id.hex[-6:]}.{ENDINGS[document.media]}"
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _list(patient_id: UUID, form: DocumentForm) -> str:
    try:
        found = actions.read_documents(current_caller(), patient_id)
    except DocumentNotFoundError:
        abort(404)
    lines = document_lines(found.documents, found.staff, ZoneInfo(current_practice().zone), _today())
    return render_template(
        "documents/list.html",
        patient_id=patient_id,
        lines=[one for one in lines if not one.removed],
        removed=[one for one in lines if one.removed],
        form=form,
        errors=form.errors,
        key=form.key or new_id(),
        kinds=kind_choices(),
        largest=LARGEST_MIB,
    )


def _edit(found: Listed, form: DocumentForm, stale: bool = False) -> str:
    (document,) = found.documents
    return render_template(
        "documents/edit.html",
        document=document,
        line=document_line(document, found.staff, ZoneInfo(current_practice().zone), _today()),
        form=form,
        errors=form.errors,
        stale=stale,
        kinds=kind_choices(made_too=True),
    )


def _read(document_id: UUID) -> Listed:
    try:
        return actions.read_document(current_caller(), document_id)
    except DocumentNotFoundError:
        abort(404)


def _today() -> date:
    return current_caller().clock.today(ZoneInfo(current_practice().zone))
