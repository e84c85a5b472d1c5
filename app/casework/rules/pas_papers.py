"""Which documents go with a request to a payer's system, and whether they are too large for it."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from app.casework.facts.pas import GoesAlong
from app.documents.facts import KIND_WORDS, Document, DocumentKind, LetterVersion, Packet
from app.standards.fhir.pas_facts import PaperSort
from app.values.wording import counted, short_day

LETTER = "Letter of the practice"
LETTER_MEDIA = "text/plain; charset=utf-8"
SORTS: Mapping[DocumentKind, PaperSort] = {
    DocumentKind.CHART_NOTE: PaperSort.NOTE,
    DocumentKind.PHOTO: PaperSort.PHOTO,
    DocumentKind.LAB_REPORT: PaperSort.LAB,
    DocumentKind.PATHOLOGY: PaperSort.PATHOLOGY,
    DocumentKind.REFERRAL: PaperSort.REFERRAL,
}
"""What a payer's lists call our kinds of documents; any other is just a document."""


def packet_papers(
    packet: Packet | None, documents: Mapping[UUID, Document], letter: LetterVersion | None
) -> tuple[GoesAlong, ...]:
    """Name what goes along: the documents of a packet in its order, and its letter.

    A packet with the payer's own form goes as a whole, since the filled form stands nowhere else.

    Takes     the newest packet of the case (None: none was made, and nothing goes along); documents by id, those taken
              away among them; the letter in the packet.
    """
    if packet is None:
        return ()
    if packet.form is not None and packet.id in documents:
        return (_named(documents[packet.id]),)
    there = [documents[one] for one in packet.parts if one in documents]
    made = tuple(_named(one) for one in there if one.removed_at is None)
    if letter is None:
        return made
    return (GoesAlong(LETTER, len(letter.words.encode()), letter_id=letter.id), *made)


def chosen_papers(documents: Sequence[Document]) -> tuple[GoesAlong, ...]:
    """Name documents that a person chose."""
    return tuple(_named(one) for one in documents)


def _named(one: Document) -> GoesAlong:
    kind = KIND_WORDS[one.kind]
    return GoesAlong(f"{kind} of {short_day(one.dated)}" if one.dated else kind, one.size, one.id)


def too_large(papers: Sequence[GoesAlong], largest: int, sent_before: int = 0) -> str | None:
    """Say in a sentence why documents cannot go along with one request; None: they can.

    Takes     the documents; how many bytes the payer's system takes with one request; how many went before and go
              again, as a change of a request has to bring them.
    """
    if not papers:
        return None
    if not largest:
        return "This payer's system takes no documents. Send them in the payer's other way."
    limit = megabytes(largest)
    for one in papers:
        if one.size > largest:
            return (
                f"{one.title} has {megabytes(one.size)}; this payer's system takes {limit} of documents. "
                "Make the packet again without it, and send it in the payer's other way."
            )
    whole = sum(one.size for one in papers) + sent_before
    if whole > largest:
        before = f" with the {megabytes(sent_before)} that went before" if sent_before else ""
        return (
            f"{counted(len(papers), 'document')} have {megabytes(whole)}{before}; this payer's system takes {limit}. "
            "Leave some out, and send those in the payer's other way."
        )
    return None


def megabytes(size: int) -> str:
    """Write a size as people read it, rounded up, so that too large never looks as if it fitted."""
    tenths = -(-size * 10 // 2**20)
    return f"{tenths // 10}.{tenths % 10} MB" if tenths % 10 else f"{tenths // 10} MB"
