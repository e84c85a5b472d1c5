"""Documents in words: for the lists and forms of pages."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID
from zoneinfo import ZoneInfo

from app.documents.facts import KIND_WORDS, LARGEST, Document, DocumentKind, MediaType
from app.values.wording import counted, near_time, short_day

MADE_BY_US = frozenset({DocumentKind.PACKET, DocumentKind.LETTER})
MEDIA_WORDS = {MediaType.PDF: "PDF", MediaType.PNG: "PNG picture", MediaType.JPEG: "JPEG picture"}
LARGEST_MIB = LARGEST // 2**20


@dataclass(frozen=True, slots=True)
class DocumentLine:
    """One document of a list, in words."""

    id: UUID
    name: str
    kind: str
    dated: str
    about: str
    added: str
    fingerprint: str
    removed: bool
    of_case: bool
    version: int


def document_line(
    one: Document, staff: Mapping[UUID, str], zone: ZoneInfo, today: date, case_id: UUID | None = None
) -> DocumentLine:
    """Say what a document is. `case_id`: the case on whose page it stands."""
    who = staff.get(one.added_by, "") if one.added_by else ""
    when = near_time(one.added_at.astimezone(zone), today)
    return DocumentLine(
        id=one.id,
        name=one.name,
        kind=KIND_WORDS[one.kind],
        dated=short_day(one.dated) if one.dated else "Not known",
        about=f"{MEDIA_WORDS[one.media]}, {counted(one.pages, 'page')}, {size_words(one.size)}",
        added=f"{when} by {who}" if who else when,
        fingerprint=one.sha256[:12],
        removed=one.removed_at is not None,
        of_case=case_id is not None and one.case_id == case_id,
        version=one.version,
    )


def document_lines(
    found: Iterable[Document], staff: Mapping[UUID, str], zone: ZoneInfo, today: date, case_id: UUID | None = None
) -> list[DocumentLine]:
    """Say what documents are, in the order given."""
    return [document_line(one, staff, zone, today, case_id) for one in found]


def kind_choices(made_too: bool = False) -> list[tuple[str, str]]:
    """The kinds that a person may choose, by value and words."""
    return [("", "Choose")] + [
        (one.value, words) for one, words in KIND_WORDS.items() if made_too or one is not DocumentKind.PACKET
    ]


def size_words(size: int) -> str:
    """Write a number of bytes: 812 KB, 2.4 MB."""
    return f"{max(1, round(size / 1024)):,} KB" if size < 2**20 else f"{size / 2**20:.1f} MB"
