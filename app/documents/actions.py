"""Add documents to a patient's file, hand out their bytes, correct what is said of them, take them away and back."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from uuid import UUID

from app.audit.actions import record
from app.documents import store
from app.documents.facts import Document, DocumentKind, Looked, MediaType
from app.documents.files.looking import look
from app.documents.intake import fingerprint, one_line
from app.patients import store as patient_store
from app.platform.caller import Caller
from app.platform.changes import Changed, announce, announced
from app.platform.db import writing
from app.practice.store import staff as staffing


class DocumentNotFoundError(Exception):
    """No patient, case or document has this id, or the case is of another patient."""


class StaleDocumentError(Exception):
    """Somebody changed the document since it was read."""


def add_document(
    caller: Caller,
    patient_id: UUID,
    key: UUID,
    name: str,
    content: bytes,
    kind: DocumentKind,
    dated: date | None = None,
    case_id: UUID | None = None,
    looked: Looked | None = None,
) -> Document:
    """Add a document from outside, once it was looked through in a confined process.

    Takes     the id that the form carries, so that a form sent twice adds it once; what people call it; the day that
              the document itself bears (None: not known); the case that it belongs to;
              what it was found to be, where whoever holds a transaction open had it looked through before.
    Returns   the document on file.
    Raises    DocumentRefusedError with a sentence; DocumentNotFoundError.
    """
    found = look(content) if looked is None else looked
    return _kept(caller, patient_id, key, name, content, kind, dated, case_id, found, "documents.added")


def keep_made(
    caller: Caller,
    patient_id: UUID,
    key: UUID,
    name: str,
    content: bytes,
    pages: int,
    kind: DocumentKind,
    case_id: UUID,
) -> Document:
    """Keep a PDF that the program itself made, such as a packet. Raises DocumentNotFoundError."""
    looked = Looked(MediaType.PDF, pages)
    today = caller.clock.now().date()
    return _kept(caller, patient_id, key, name, content, kind, today, case_id, looked, "documents.made")


def content_of(caller: Caller, document_id: UUID) -> tuple[Document, bytes]:
    """Open a document, and note who did.

    Raises    DocumentNotFoundError; DamagedContentError when the bytes are not those that came.
    """
    session, practice_id = caller.session, caller.practice_id
    document = store.document_of(session, practice_id, document_id)
    if document is None:
        raise DocumentNotFoundError
    content = store.content_of(session, practice_id, document)
    with writing(session):
        record(caller, "documents.opened", [document.patient_id, document.id])
    return document, content


@dataclass(frozen=True, slots=True)
class Listed:
    """Documents for a page, with the names of those who added them."""

    documents: tuple[Document, ...]
    staff: Mapping[UUID, str]


def read_documents(caller: Caller, patient_id: UUID) -> Listed:
    """List a patient's documents, those taken away too, and note who saw them. Raises DocumentNotFoundError."""
    session, practice_id = caller.session, caller.practice_id
    if not patient_store.opened(session, practice_id, [patient_id]):
        raise DocumentNotFoundError
    found = store.of_patient(session, practice_id, patient_id, with_removed=True)
    with writing(session):
        record(caller, "documents.listed", [patient_id])
    return Listed(found, _names(caller))


def read_document(caller: Caller, document_id: UUID) -> Listed:
    """Read what is said of one document, and note who saw it. Raises DocumentNotFoundError."""
    found = _on_file(caller, document_id)
    with writing(caller.session):
        record(caller, "documents.listed", [found.patient_id])
    return Listed((found,), _names(caller))


def correct_document(
    caller: Caller, document_id: UUID, version: int, name: str, kind: DocumentKind, dated: date | None
) -> Document:
    """Correct what is said of a document; its bytes stay as they came.

    Raises    DocumentNotFoundError; StaleDocumentError when somebody was quicker.
    """
    with writing(caller.session) as session:
        old = _on_file(caller, document_id)
        new = replace(old, name=one_line(name) or old.name, kind=kind, dated=dated)
        if new == old:
            return old
        if old.version != version or not store.change_document(session, caller.practice_id, old, new):
            raise StaleDocumentError
        record(caller, "documents.corrected", [old.patient_id, old.id])
        return replace(new, version=version + 1)


def take_away(caller: Caller, document_id: UUID) -> Document:
    """Take a document out of the lists. It is kept, and comes back by `bring_back`. Raises DocumentNotFoundError."""
    with announced(caller) as session:
        old = _on_file(caller, document_id)
        if old.removed_at is None:
            new = replace(old, removed_at=caller.clock.now())
            store.change_document(session, caller.practice_id, old, new)
            announce(session, Changed(frozenset({old.patient_id})))  # what it proved counts no longer
            record(caller, "documents.taken_away", [old.patient_id, old.id])
        return old


def bring_back(caller: Caller, document_id: UUID) -> Document:
    """Bring a document back that was taken away. Raises DocumentNotFoundError."""
    with announced(caller) as session:
        old = _on_file(caller, document_id)
        if old.removed_at is not None:
            store.change_document(session, caller.practice_id, old, replace(old, removed_at=None))
            announce(session, Changed(frozenset({old.patient_id})))
            record(caller, "documents.brought_back", [old.patient_id, old.id])
        return old


def _names(caller: Caller) -> dict[UUID, str]:
    return {one.id: one.name for one in staffing.staff_of(caller.session, caller.practice_id)}


def _on_file(caller: Caller, document_id: UUID) -> Document:
    found = store.document_of(caller.session, caller.practice_id, document_id)
    if found is None:
        raise DocumentNotFoundError
    return found


def _kept(
    caller: Caller,
    patient_id: UUID,
    key: UUID,
    name: str,
    content: bytes,
    kind: DocumentKind,
    dated: date | None,
    case_id: UUID | None,
    looked: Looked,
    action: str,
) -> Document:
    document = Document(
        id=key,
        patient_id=patient_id,
        kind=kind,
        media=looked.media,
        name=one_line(name) or "Document",
        size=len(content),
        sha256=fingerprint(content),
        pages=looked.pages,
        added_at=caller.clock.now(),
        added_by=caller.user_id,
        dated=dated,
        case_id=case_id,
    )
    with announced(caller) as session:  # so that it can be a part of what a case's action does
        known = store.document_of(session, caller.practice_id, key)
        if known is not None:
            if known.patient_id != patient_id:
                raise DocumentNotFoundError
            return known
        if not patient_store.opened(session, caller.practice_id, [patient_id]):
            raise DocumentNotFoundError
        if case_id is not None and store.patient_of_case(session, caller.practice_id, case_id) != patient_id:
            raise DocumentNotFoundError
        store.add_document(session, caller.practice_id, document, content)
        subjects = [patient_id, document.id] if case_id is None else [patient_id, document.id, case_id]
        record(caller, action, subjects, kind=kind.value, pages=looked.pages)
    return document
