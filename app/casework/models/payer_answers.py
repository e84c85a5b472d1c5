"""Tables of requests that went to payers by a document, and of payers' answers that did their work."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index, LargeBinary, PrimaryKeyConstraint, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.casework.facts.payer_answers import Answer, RequestChannel
from app.platform.db import Model, choice
from app.platform.sealed import Sealed


class PayerRequestRow(Model):
    """That a case went to its payer under a trace of ours. A trace names one case of the practice."""

    __tablename__ = "payer_request"
    __table_args__ = (
        PrimaryKeyConstraint("practice_id", "id"),
        ForeignKeyConstraint(["practice_id", "case_id"], ["authorization.practice_id", "authorization.id"]),
        UniqueConstraint("practice_id", "trace_key", name="uq_payer_request_trace_key"),
        Index("ix_payer_request_case", "practice_id", "case_id"),
        Index("ix_payer_request_reference", "practice_id", "reference_key"),
    )
    practice_id: Mapped[UUID]
    id: Mapped[UUID]
    case_id: Mapped[UUID]
    channel: Mapped[RequestChannel] = mapped_column(choice(RequestChannel))
    trace: Mapped[Sealed]
    trace_key: Mapped[bytes] = mapped_column(LargeBinary(16))
    reference: Mapped[Sealed | None]
    reference_key: Mapped[bytes | None] = mapped_column(LargeBinary(16))
    payer_id: Mapped[Sealed | None]
    sent_at: Mapped[datetime]


class PayerAnswerRow(Model):
    """An answer of a payer that did its work on a case. `digest` is a blind index of what it says: it works once.

    `document_id` is that of the document as the mailroom keeps it, `number` its record there.
    """

    __tablename__ = "payer_answer"
    __table_args__ = (
        PrimaryKeyConstraint("practice_id", "id"),
        ForeignKeyConstraint(["practice_id", "case_id"], ["authorization.practice_id", "authorization.id"]),
        UniqueConstraint("practice_id", "case_id", "digest", name="uq_payer_answer_digest"),
        CheckConstraint("number >= 1", name="number_from_one"),
    )
    practice_id: Mapped[UUID]
    id: Mapped[UUID]
    case_id: Mapped[UUID]
    digest: Mapped[bytes] = mapped_column(LargeBinary(16))
    document_id: Mapped[UUID]
    number: Mapped[int]
    answer: Mapped[Answer] = mapped_column(choice(Answer))
    at: Mapped[datetime]
    event_id: Mapped[UUID | None]
