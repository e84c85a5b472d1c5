"""Tables of documents of the trade. Their bytes, their records and what people write about them are sealed."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index, LargeBinary, PrimaryKeyConstraint, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.mailroom.facts import AnswerKind, AnswerState, MailState, RecordState, Sort, Via
from app.platform.db import Model, choice
from app.platform.sealed import Sealed

OF_A_DOCUMENT: Any = (["practice_id", "document_id"], ["mail_document.practice_id", "mail_document.id"])


class MailDocumentRow(Model):
    """One document as it came. The same bytes are kept once; `sender` and `sentence` are what the document says."""

    __tablename__ = "mail_document"
    __table_args__ = (
        PrimaryKeyConstraint("practice_id", "id"),
        ForeignKeyConstraint(["practice_id"], ["practice.id"]),
        UniqueConstraint("practice_id", "sha256", name="uq_mail_document_sha256"),
        CheckConstraint("size >= 0", name="size_from_zero"),
        CheckConstraint("records >= 0", name="records_from_zero"),
        Index("ix_mail_document_state", "practice_id", "state", "id"),
    )
    practice_id: Mapped[UUID]
    id: Mapped[UUID]
    sha256: Mapped[str]
    size: Mapped[int]
    name: Mapped[Sealed]
    via: Mapped[Via] = mapped_column(choice(Via))
    state: Mapped[MailState] = mapped_column(choice(MailState))
    received_at: Mapped[datetime]
    received_by: Mapped[UUID | None]
    touched_at: Mapped[datetime]
    kind: Mapped[str | None]
    sender: Mapped[Sealed | None]
    records: Mapped[int]
    fault: Mapped[str | None]
    sentence: Mapped[Sealed | None]
    place: Mapped[str | None]
    place_at: Mapped[Sealed | None]


class MailPieceRow(Model):
    """A piece of a document's bytes, of 1 MiB at most, sealed. `place` counts from 0."""

    __tablename__ = "mail_piece"
    __table_args__ = (
        PrimaryKeyConstraint("practice_id", "id"),
        ForeignKeyConstraint(*OF_A_DOCUMENT),
        UniqueConstraint("practice_id", "document_id", "place", name="uq_mail_piece_place"),
        {"info": {"rows_at_once": 8}},
    )
    practice_id: Mapped[UUID]
    id: Mapped[UUID]
    document_id: Mapped[UUID]
    place: Mapped[int]
    content: Mapped[Sealed]


class MailSetRow(Model):
    """One set (transaction set, bundle, message) of a document. The first that bears its control numbers has the key.

    `digest` is a blind index of what the set says, by which a set that comes again is told from another one that bears
    its numbers.
    """

    __tablename__ = "mail_set"
    __table_args__ = (
        PrimaryKeyConstraint("practice_id", "id"),
        ForeignKeyConstraint(*OF_A_DOCUMENT),
        UniqueConstraint("practice_id", "control_key", name="uq_mail_set_control_key"),
        UniqueConstraint("practice_id", "document_id", "place", name="uq_mail_set_place"),
    )
    practice_id: Mapped[UUID]
    id: Mapped[UUID]
    document_id: Mapped[UUID]
    place: Mapped[int]
    kind: Mapped[str]
    control_key: Mapped[bytes | None] = mapped_column(LargeBinary(16))
    digest: Mapped[bytes] = mapped_column(LargeBinary(16))


class MailRecordRow(Model):
    """One record of a document: what it says, sealed, and what came of it. `number` counts from 1 in its document."""

    __tablename__ = "mail_record"
    __table_args__ = (
        PrimaryKeyConstraint("practice_id", "id"),
        ForeignKeyConstraint(*OF_A_DOCUMENT),
        ForeignKeyConstraint(["practice_id", "set_id"], ["mail_set.practice_id", "mail_set.id"]),
        ForeignKeyConstraint(["practice_id", "patient_id"], ["patient.practice_id", "patient.id"]),
        UniqueConstraint("practice_id", "document_id", "number", name="uq_mail_record_number"),
        Index("ix_mail_record_state", "practice_id", "state", "id"),
        Index("ix_mail_record_document", "practice_id", "document_id", "state"),
        Index("ix_mail_record_patient", "practice_id", "patient_id", "id"),
        Index("ix_mail_record_set", "practice_id", "set_id"),
    )
    practice_id: Mapped[UUID]
    id: Mapped[UUID]
    document_id: Mapped[UUID]
    set_id: Mapped[UUID]
    number: Mapped[int]
    sort: Mapped[Sort] = mapped_column(choice(Sort))
    kind: Mapped[str]
    state: Mapped[RecordState] = mapped_column(choice(RecordState))
    part: Mapped[Sealed]
    patient_id: Mapped[UUID | None]
    subject_id: Mapped[UUID | None]
    why: Mapped[str | None]
    filed_at: Mapped[datetime | None]
    decided_by: Mapped[UUID | None]
    decided_at: Mapped[datetime | None]
    reason: Mapped[Sealed | None]
    version: Mapped[int]


class MailSourceRow(Model):
    """Which clearinghouse brought a document. `answered_at` None: what it is to be told of it is not made yet."""

    __tablename__ = "mail_source"
    __table_args__ = (
        PrimaryKeyConstraint("practice_id", "document_id"),
        ForeignKeyConstraint(*OF_A_DOCUMENT),
        Index("ix_mail_source_answered", "practice_id", "answered_at", "document_id"),
    )
    practice_id: Mapped[UUID]
    document_id: Mapped[UUID]
    clearinghouse: Mapped[str]
    answered_at: Mapped[datetime | None]


class MailAnswerRow(Model):
    """One acknowledgement of a document, its bytes sealed: the same bytes go again where it may not have arrived.

    The database refuses a second one of a kind for a document, and a control number that was used.
    """

    __tablename__ = "mail_answer"
    __table_args__ = (
        PrimaryKeyConstraint("practice_id", "id"),
        ForeignKeyConstraint(["practice_id", "document_id"], ["mail_source.practice_id", "mail_source.document_id"]),
        UniqueConstraint("practice_id", "document_id", "kind", name="uq_mail_answer_kind"),
        UniqueConstraint("practice_id", "control", name="uq_mail_answer_control"),
        Index("ix_mail_answer_state", "practice_id", "state", "control"),
        CheckConstraint("control >= 1 AND control <= 999999999", name="control_has_nine_digits"),
        CheckConstraint("interchanges >= 1", name="interchanges_from_one"),
    )
    practice_id: Mapped[UUID]
    id: Mapped[UUID]
    document_id: Mapped[UUID]
    kind: Mapped[AnswerKind] = mapped_column(choice(AnswerKind))
    clearinghouse: Mapped[str]
    control: Mapped[int]
    interchanges: Mapped[int]
    refuses: Mapped[bool]
    state: Mapped[AnswerState] = mapped_column(choice(AnswerState))
    made_at: Mapped[datetime]
    claimed_at: Mapped[datetime | None]
    tries: Mapped[int]
    sent_at: Mapped[datetime | None]
    code: Mapped[str | None]
    content: Mapped[Sealed]
