"""The documents that go with a request to a payer: those of the newest packet, or those that somebody chose."""

from collections.abc import Sequence
from uuid import UUID

from app.authorizations.facts import AuthorizationRecord
from app.casework.facts.pas import GoesAlong, PasRefusedError
from app.casework.rules.pas_papers import LETTER_MEDIA, SORTS, chosen_papers, packet_papers, too_large
from app.documents import store as document_store
from app.documents.facts import Document
from app.gateways.facts import PasSystem
from app.platform.caller import Caller
from app.platform.pieces import DamagedContentError
from app.standards.fhir.pas_facts import Paper, PaperSort

GONE = "A document that you chose is not there any more. Look at the documents of the case and choose again."
DAMAGED = "A document of this request is damaged on the disk. Make the packet again without it."


def papers_of_packet(caller: Caller, case_id: UUID) -> tuple[GoesAlong, ...]:
    """Name the documents of the newest packet of a case; nothing where none was made."""
    session, practice_id = caller.session, caller.practice_id
    packet = next(iter(document_store.packets_of(session, practice_id, case_id)), None)
    if packet is None:
        return ()
    known = document_store.documents_by_id(session, practice_id, [packet.id, *packet.parts])
    letter = document_store.letter_of(session, practice_id, packet.letter_id) if packet.letter_id else None
    return packet_papers(packet, known, letter)


def papers_chosen(caller: Caller, record: AuthorizationRecord, ids: Sequence[UUID]) -> tuple[GoesAlong, ...]:
    """Name documents of the case's patient that a person chose. Raises PasRefusedError where one is not there."""
    there = {one.id: one for one in offered_papers(caller, record)}
    wanted = list(dict.fromkeys(ids))
    if any(one not in there for one in wanted):
        raise PasRefusedError(GONE)
    return chosen_papers([there[one] for one in wanted])


def offered_papers(caller: Caller, record: AuthorizationRecord) -> tuple[Document, ...]:
    """List the documents of the case's patient that may go to its payer."""
    return document_store.of_patient(caller.session, caller.practice_id, record.patient_id)


def opened(caller: Caller, papers: Sequence[GoesAlong], system: PasSystem, sent_before: int = 0) -> tuple[Paper, ...]:
    """Open documents for a bundle. Raises PasRefusedError where they are too large for the payer, or damaged."""
    fault = too_large(papers, system.largest, sent_before)
    if fault is not None:
        raise PasRefusedError(fault)
    try:
        return tuple(_opened(caller, one) for one in papers)
    except DamagedContentError:
        raise PasRefusedError(DAMAGED) from None


def _opened(caller: Caller, one: GoesAlong) -> Paper:
    session, practice_id = caller.session, caller.practice_id
    if one.letter_id is not None:
        letter = document_store.letter_of(session, practice_id, one.letter_id)
        assert letter is not None
        return Paper(one.title, LETTER_MEDIA, letter.words.encode())
    assert one.document_id is not None
    document = document_store.document_of(session, practice_id, one.document_id)
    assert document is not None
    content = document_store.content_of(session, practice_id, document)
    return Paper(one.title, document.media.value, content, SORTS.get(document.kind, PaperSort.OTHER))
