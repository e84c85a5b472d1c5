"""Documents about a patient: chart notes, letters, faxes, photos, as they came."""

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
