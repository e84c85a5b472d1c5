"""Documents about a patient: chart notes, letters, faxes, photos, as they came."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from app.values.fact import choices

LARGEST = 25 * 2**20
"""Bytes of a document at most."""


@choices
class DocumentKind(StrEnum):
    """What a document is."""

    CHART_NOTE = "chart_note"
    PHOTO = "photo"
    LAB_REPORT = "lab_report"
    PATHOLOGY = "pathology"
    REFERRAL = "referral"
    PAYER_LETTER = "payer_letter"
    FAX_CONFIRMATION = "fax_confirmation"
    SCREENSHOT = "screenshot"
    PAYER_FORM = "payer_form"
    PACKET = "packet"
    LETTER = "letter"
    CARD = "card"
    OTHER = "other"


@choices
class MediaType(StrEnum):
    """The kinds of file that are taken: what they hold, not how they are called."""

    PDF = "application/pdf"
    PNG = "image/png"
    JPEG = "image/jpeg"


@dataclass(frozen=True, slots=True)
class Document:
    """One document of a patient, without its bytes.

    `name` is what people call it. `dated`: the day that the document itself bears (a note's date of service), None: not
    known, and then it proves nothing about a day. `sha256` is of the bytes as they came, in hex. `pages`: of a PDF;
    a picture has one. `removed_at`: taken away by a person, but kept.
    """

    id: UUID
    patient_id: UUID
    kind: DocumentKind
    media: MediaType
    name: str
    size: int
    sha256: str
    pages: int
    added_at: datetime
    added_by: UUID | None
    dated: date | None = None
    case_id: UUID | None = None
    removed_at: datetime | None = None
    version: int = 1


KIND_WORDS: Mapping[DocumentKind, str] = {
    DocumentKind.CHART_NOTE: "Chart note",
    DocumentKind.PHOTO: "Photo",
    DocumentKind.LAB_REPORT: "Lab report",
    DocumentKind.PATHOLOGY: "Pathology report",
    DocumentKind.REFERRAL: "Referral",
    DocumentKind.PAYER_LETTER: "Letter from the payer",
    DocumentKind.FAX_CONFIRMATION: "Fax confirmation",
    DocumentKind.SCREENSHOT: "Screenshot",
    DocumentKind.PAYER_FORM: "Form of the payer",
    DocumentKind.PACKET: "Request packet",
    DocumentKind.LETTER: "Letter of ours",
    DocumentKind.CARD: "Insurance card",
    DocumentKind.OTHER: "Other document",
}
"""What each kind is called."""


ENDINGS: Mapping[MediaType, str] = {MediaType.PDF: "pdf", MediaType.PNG: "png", MediaType.JPEG: "jpg"}
"""How the name of a file of each kind ends."""


class DocumentRefusedError(Exception):
    """A file is not taken. `sentence` says what it is and what to do; it holds nothing of the file."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


@dataclass(frozen=True, slots=True)
class Looked:
    """What a file was found to be: its kind by what it holds, and its pages (a picture has one)."""

    media: MediaType
    pages: int


@choices
class LetterKind(StrEnum):
    """What a letter of the practice to a payer asks for. A case has one of each kind, by versions."""

    MEDICAL_NECESSITY = "medical_necessity"
    APPEAL_FIRST = "appeal_first"
    APPEAL_SECOND = "appeal_second"
    APPEAL_EXTERNAL = "appeal_external"


@dataclass(frozen=True, slots=True)
class LetterVersion:
    """One version of a letter, as somebody saved it. `number` counts from 1; the highest is the one that is sent."""

    id: UUID
    case_id: UUID
    patient_id: UUID
    kind: LetterKind
    number: int
    at: datetime
    by_id: UUID | None
    words: str


@dataclass(frozen=True, slots=True)
class Cover:
    """What a person writes onto the cover sheet: where a packet goes, and how we are reached."""

    to_name: str = ""
    to_fax: str = ""
    attention: str = ""
    from_phone: str = ""
    from_fax: str = ""
    remarks: str = ""


@dataclass(frozen=True, slots=True)
class Packet:
    """What a request packet was made of. `id` is that of the document that holds it; `payer` the payer's key.

    `parts`: the documents appended, in their order. `letter_id`: the version of the letter in it. `form`: the id of the
    payer's own form that was filled.
    """

    id: UUID
    case_id: UUID
    payer: str
    cover: Cover
    made_at: datetime
    made_by: UUID | None
    parts: tuple[UUID, ...] = ()
    letter_id: UUID | None = None
    form: str | None = None
