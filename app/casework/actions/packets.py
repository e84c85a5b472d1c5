"""Make the packet of a request: one PDF of cover, request, criteria, letter and documents, kept as a document."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from uuid import UUID

from app.audit.actions import record
from app.casework.actions.papers import note_document, papers_of
from app.casework.facts.casebook import case_code
from app.casework.facts.papers import FormOnFile, PacketWish, Papers
from app.casework.rules.form_values import values_of
from app.documents import store as document_store
from app.documents.actions import add_document, keep_made
from app.documents.facts import KIND_WORDS, Document, DocumentKind, DocumentRefusedError, Looked, MediaType, Packet
from app.documents.files.looking import look
from app.documents.files.pressing import (
    LibraryMissingError,
    Part,
    PartUnreadableError,
    Pressed,
    PressFailedError,
    press,
)
from app.documents.intake import fingerprint
from app.platform.caller import Caller
from app.platform.changes import announced
from app.platform.ids import new_id
from app.platform.pieces import DamagedContentError
from app.values.wording import counted, short_day

MOST_BYTES = 100 * 2**20
MOST_PAGES = 400
TOO_LARGE = "These documents are too much for one packet: at most 400 pages and 100 MB. Leave some out."
UNREAD = "Leave it out, or add it again printed to a new PDF."
NO_TIME = "The packet could not be made within the limits of time and memory. Leave large documents out."
OTHER_FORM = "This is not the blank form that the rules know: its SHA-256 is another. Fetch the edition that they name."


class PacketRefusedError(Exception):
    """The packet cannot be made as wished: beside which field (`blank`, `part`, `make`) the sentence belongs."""

    def __init__(self, field: str, sentence: str) -> None:
        super().__init__(sentence)
        self.field, self.sentence = field, sentence


@dataclass(frozen=True, slots=True)
class Contents:
    """What a packet is made of, for whoever writes its pages: the wish, and of each part its title and pages."""

    wish: PacketWish
    parts: tuple[tuple[str, int], ...]


Pages = Callable[[Papers, Contents], tuple[str, str]]
"""Writes our own pages of a packet as HTML, and their style sheet."""


def make_packet(caller: Caller, case_id: UUID, key: UUID, wish: PacketWish, pages: Pages) -> Document:
    """Make a packet and keep it as a document of the case. A form that is sent twice makes one.

    Takes     the id that the form carries; what was chosen; who writes our own pages.
    Raises    CaseNotFoundError; PacketRefusedError with a sentence.
    """
    session, practice_id = caller.session, caller.practice_id
    known = document_store.document_of(session, practice_id, key)
    if known is not None and known.case_id == case_id:
        return known
    papers = papers_of(caller, case_id)
    form, chosen = _form(papers, wish), _chosen(papers, wish)
    if sum(one.size for one in chosen) > MOST_BYTES or sum(one.pages for one in chosen) > MOST_PAGES:
        raise PacketRefusedError("part", TOO_LARGE)
    blank = None if form is None else _blank(caller, form, wish)
    parts = [] if form is None or blank is None else [_form_part(papers, wish, form, blank)]
    parts += [Part(title_of(one), one.media, _content(caller, one)) for one in chosen]
    counts = ([form.form.pages] if form is not None else []) + [one.pages for one in chosen]
    contents = Contents(wish, tuple(zip((part.title for part in parts), counts, strict=True)))
    session.rollback()  # nothing is held while the pages are made
    pressed = _pressed(*pages(papers, contents), parts)
    with announced(caller) as session:
        twin = document_store.document_of(session, practice_id, key)
        if twin is not None:  # the same form came twice at once, and the other was quicker
            return twin
        if form is not None and form.blank is None and blank is not None:
            _keep_blank(caller, papers, form, blank)
        return _keep(caller, papers, key, wish, pressed, chosen)


def _pressed(html: str, style: str, parts: Sequence[Part]) -> Pressed:
    try:
        return press(html, parts, style)
    except LibraryMissingError as missing:
        raise PacketRefusedError("make", str(missing)) from None
    except PressFailedError:
        raise PacketRefusedError("make", NO_TIME) from None
    except PartUnreadableError as unread:
        sentence = f"{parts[unread.place].title} cannot be put into a packet. {UNREAD}"
        raise PacketRefusedError("part", sentence) from None


def _content(caller: Caller, one: Document) -> bytes:
    try:
        return document_store.content_of(caller.session, caller.practice_id, one)
    except DamagedContentError:
        sentence = f"{title_of(one)} is damaged on the disk. {UNREAD}"
        raise PacketRefusedError("part", sentence) from None


def _keep(
    caller: Caller, papers: Papers, key: UUID, wish: PacketWish, pressed: Pressed, chosen: Sequence[Document]
) -> Document:
    case, patient_id = papers.record, papers.patient.id
    name = f"Request packet {case_code(case.id)}"
    made = keep_made(caller, patient_id, key, name, pressed.content, pressed.pages, DocumentKind.PACKET, case.id)
    letter = papers.letters.get(wish.letter) if wish.letter else None
    packet = Packet(
        key,
        case.id,
        case.payer,
        wish.cover,
        caller.clock.now(),
        caller.user_id,
        tuple(one.id for one in chosen),
        letter.id if letter is not None else None,
        wish.form,
    )
    document_store.add_packet(caller.session, caller.practice_id, packet)
    note_document(caller, made, case.id, f"{name}: {counted(pressed.pages, 'page')}")
    record(caller, "casework.packet_made", [patient_id, case.id], pages=pressed.pages, parts=len(chosen))
    return made


def title_of(one: Document) -> str:
    """What a document is called in a packet: its kind and its day, without the name that people gave the file."""
    kind = KIND_WORDS[one.kind]
    return f"{kind} of {short_day(one.dated)}" if one.dated else kind


def _chosen(papers: Papers, wish: PacketWish) -> list[Document]:
    """The documents that were chosen and are still there, in their order."""
    there = {one.id: one for one in papers.documents}
    return [there[one] for one in dict.fromkeys(wish.parts) if one in there]


def _form(papers: Papers, wish: PacketWish) -> FormOnFile | None:
    return next((one for one in papers.forms if one.form.id == wish.form), None) if wish.form else None


def _blank(caller: Caller, form: FormOnFile, wish: PacketWish) -> bytes:
    """The bytes of the blank form: on file, or added with the wish."""
    if form.blank is not None:
        return _content(caller, form.blank)
    if wish.blank is None:
        raise PacketRefusedError("blank", f"Choose the blank form “{form.form.title}”: it is not on file yet")
    if fingerprint(wish.blank) != form.form.sha256:
        raise PacketRefusedError("blank", OTHER_FORM)
    try:
        look(wish.blank)
    except DocumentRefusedError as refused:
        raise PacketRefusedError("blank", refused.sentence) from None
    return wish.blank


def _form_part(papers: Papers, wish: PacketWish, form: FormOnFile, blank: bytes) -> Part:
    letter = papers.letters.get(wish.letter) if wish.letter else None
    values = values_of(form.form, papers, wish.cover, letter.words if letter is not None else "")
    return Part(form.form.title, MediaType.PDF, blank, values)


def _keep_blank(caller: Caller, papers: Papers, form: FormOnFile, blank: bytes) -> None:
    looked = Looked(MediaType.PDF, form.form.pages)
    name = f"{form.form.title}, blank"
    add_document(caller, papers.patient.id, new_id(), name, blank, DocumentKind.PAYER_FORM, looked=looked)
