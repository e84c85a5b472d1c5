"""Attach the signed paper, scanned, to an estimate or a notice: every version is kept, none replaces another."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from uuid import UUID, uuid5

from app.audit.actions import record
from app.booking import store
from app.booking.actions.papers import PaperNotFoundError, PaperRefusedError, read_paper
from app.booking.facts.papers import Paper, PaperKind
from app.documents import store as document_store
from app.documents.actions import add_document
from app.documents.facts import Document, DocumentKind
from app.documents.files.looking import look
from app.documents.intake import fingerprint
from app.platform.caller import Caller
from app.platform.changes import announced
from app.practice.store import staff as staffing

MOST = 20
"""Versions of one signed paper at most."""
_CALLED = {PaperKind.CONSENT: "Signed estimate and consent", PaperKind.NOTICE: "Signed Medicare notice"}


@dataclass(frozen=True, slots=True)
class Attached:
    """The versions of a signed paper, oldest first, those that were taken away too; names of those who added them."""

    documents: tuple[Document, ...]
    staff: Mapping[UUID, str]


def attached_to(caller: Caller, paper: Paper) -> Attached:
    """List what is attached to a paper. The page has noted whose it is."""
    names = {one.id: one.name for one in staffing.staff_of(caller.session, caller.practice_id)}
    return Attached(_on_file(caller, paper.id), names)


def attach(caller: Caller, paper_id: UUID, content: bytes) -> Document:
    """Attach a scan; the same bytes sent twice are attached once. A paper that ended takes none.

    Returns   the document on file, named by its patient and the day of the visit.
    Raises    PaperNotFoundError, PaperRefusedError; DocumentRefusedError with a sentence.
    """
    opened = read_paper(caller, paper_id)
    patient, visit_day = opened.patient, opened.visit.day
    looked = look(content)  # in a process of its own, before anything is held
    with announced(caller) as session:
        paper = store.paper_of(session, caller.practice_id, paper_id, hold=True)
        if paper is None or paper.patient_id != patient.id:
            raise PaperNotFoundError
        before = _on_file(caller, paper_id)
        same = _same(before, content)
        if same is not None:
            return same
        if not paper.standing:
            raise PaperRefusedError("file", "This paper was declined or withdrawn: nothing is attached to it any more")
        if len(before) == MOST:
            raise PaperRefusedError("file", f"{MOST} versions are attached already. Add it to the patient's documents")
        added = add_document(
            caller,
            paper.patient_id,
            _version(paper_id, len(before) + 1),
            f"{_CALLED[paper.kind]}: {patient.last_name}, {patient.first_name}, visit {visit_day:%m/%d/%Y}",
            content,
            DocumentKind.OTHER,
            paper.signed_on,
            looked=looked,
        )
        named = [paper.patient_id, paper.visit_id, paper.id, added.id]
        record(caller, "booking.attached", named, kind=paper.kind.value)
    return added


def _version(paper_id: UUID, number: int) -> UUID:
    """The id of a paper's n-th scan: made of both, so that a paper finds its scans and none takes another's place."""
    return uuid5(paper_id, f"signed paper {number}")


def _on_file(caller: Caller, paper_id: UUID) -> tuple[Document, ...]:
    ids = [_version(paper_id, number) for number in range(1, MOST + 1)]
    found = document_store.documents_by_id(caller.session, caller.practice_id, ids)
    return tuple(found[one] for one in ids if one in found)


def _same(documents: Iterable[Document], content: bytes) -> Document | None:
    digest = fingerprint(content)
    return next((one for one in documents if one.sha256 == digest and one.removed_at is None), None)
