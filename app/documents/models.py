"""Tables of documents, letters and packets. What documents and letters say, and what people call them, is sealed."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index, PrimaryKeyConstraint, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.documents.facts import DocumentKind, LetterKind, MediaType
from app.platform.db import JsonText, Model, choice
from app.platform.sealed import Sealed

OF_A_PATIENT: Any = (["practice_id", "patient_id"], ["patient.practice_id", "patient.id"])
OF_A_CASE: Any = (["practice_id", "case_id"], ["authorization.practice_id", "authorization.id"])


class DocumentRow(Model):
    """One document of a patient. Its bytes lie beside it in pieces, and never change."""

    __tablename__ = "document"
    __table_args__ = (
        PrimaryKeyConstraint("practice_id", "id"),
        ForeignKeyConstraint(*OF_A_PATIENT),
        ForeignKeyConstraint(*OF_A_CASE),
        CheckConstraint("size > 0", name="holds_something"),
        CheckConstraint("pages > 0", name="has_pages"),
        Index("ix_document_patient", "practice_id", "patient_id", "added_at"),
        Index("ix_document_case", "practice_id", "case_id"),
        Index("ix_document_sha256", "practice_id", "sha256"),
    )
    practice_id: Mapped[UUID]
    id: Mapped[UUID]
    patient_id: Mapped[UUID]
    case_id: Mapped[UUID | None]
    kind: Mapped[DocumentKind] = mapped_column(choice(DocumentKind))
    media: Mapped[MediaType] = mapped_column(choice(MediaType))
    name: Mapped[Sealed]
    size: Mapped[int]
    sha256: Mapped[str]
    pages: Mapped[int]
    dated: Mapped[date | None]
    added_at: Mapped[datetime]
    added_by: Mapped[UUID | None]
    removed_at: Mapped[datetime | None]
    version: Mapped[int]


class DocumentPieceRow(Model):
    """A piece of a document's bytes, of 1 MiB at most, sealed. `place` counts from 0."""

    __tablename__ = "document_piece"
    __table_args__ = (
        PrimaryKeyConstraint("practice_id", "id"),
        ForeignKeyConstraint(["practice_id", "document_id"], ["document.practice_id", "document.id"]),
        UniqueConstraint("practice_id", "document_id", "place", name="uq_document_piece_place"),
        {"info": {"rows_at_once": 8}},
    )
    practice_id: Mapped[UUID]
    id: Mapped[UUID]
    document_id: Mapped[UUID]
    place: Mapped[int]
    content: Mapped[Sealed]


class LetterVersionRow(Model):
    """One version of a letter of a case. Versions are added, never changed; the highest number is the letter."""

    __tablename__ = "letter_version"
    __table_args__ = (
        PrimaryKeyConstraint("practice_id", "id"),
        ForeignKeyConstraint(*OF_A_PATIENT),
        ForeignKeyConstraint(*OF_A_CASE),
        UniqueConstraint("practice_id", "case_id", "kind", "number", name="uq_letter_version_number"),
    )
    practice_id: Mapped[UUID]
    id: Mapped[UUID]
    patient_id: Mapped[UUID]
    case_id: Mapped[UUID]
    kind: Mapped[LetterKind] = mapped_column(choice(LetterKind))
    number: Mapped[int]
    at: Mapped[datetime]
    by_id: Mapped[UUID | None]
    words: Mapped[Sealed]


class PacketRow(Model):
    """What a packet was made of: `id` is the document that holds it, `parts` the documents' ids in order."""

    __tablename__ = "packet"
    __table_args__ = (
        PrimaryKeyConstraint("practice_id", "id"),
        ForeignKeyConstraint(["practice_id", "id"], ["document.practice_id", "document.id"]),
        ForeignKeyConstraint(*OF_A_CASE),
        ForeignKeyConstraint(["practice_id", "letter_id"], ["letter_version.practice_id", "letter_version.id"]),
        Index("ix_packet_case", "practice_id", "case_id"),
        Index("ix_packet_payer", "practice_id", "payer"),
    )
    practice_id: Mapped[UUID]
    id: Mapped[UUID]
    case_id: Mapped[UUID]
    letter_id: Mapped[UUID | None]
    form: Mapped[str | None]
    payer: Mapped[str]
    cover: Mapped[Sealed]
    parts: Mapped[Any] = mapped_column(JsonText, nullable=False)
    made_at: Mapped[datetime]
    made_by: Mapped[UUID | None]
