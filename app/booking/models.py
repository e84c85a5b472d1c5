"""Tables of estimates with their consents, and of notices under Medicare."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, ForeignKeyConstraint, Index, PrimaryKeyConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.booking.facts.papers import Language, PaperKind, PaperState
from app.platform.db import JsonText, Model, choice
from app.platform.sealed import Sealed


class BookingPaperRow(Model):
    """What a patient is given to sign before a service: an estimate with its consent, or the sheet of a notice.

    `paid_before` is what the visit's lines said of who pays before a signature changed it, by the ids of lines.
    `version` counts the edits.
    """

    __tablename__ = "booking_paper"
    __table_args__ = (
        PrimaryKeyConstraint("practice_id", "id"),
        ForeignKeyConstraint(["practice_id", "visit_id"], ["visit.practice_id", "visit.id"]),
        ForeignKeyConstraint(["practice_id", "patient_id"], ["patient.practice_id", "patient.id"]),
        ForeignKeyConstraint(["practice_id", "document_id"], ["document.practice_id", "document.id"]),
        CheckConstraint(
            "state <> 'signed' OR (signed_on IS NOT NULL AND signed_by IS NOT NULL)", name="signed_by_whom"
        ),
        CheckConstraint("version >= 1", name="version_from_one"),
        Index("ix_booking_paper_visit", "practice_id", "visit_id"),
        Index("ix_booking_paper_patient", "practice_id", "patient_id"),
        Index("ix_booking_paper_state", "practice_id", "state", "visit_id"),
    )
    practice_id: Mapped[UUID]
    id: Mapped[UUID]
    visit_id: Mapped[UUID]
    patient_id: Mapped[UUID]
    kind: Mapped[PaperKind] = mapped_column(choice(PaperKind))
    language: Mapped[Language] = mapped_column(choice(Language))
    state: Mapped[PaperState] = mapped_column(choice(PaperState))
    valid_until: Mapped[date]
    made_on: Mapped[date]
    made_by: Mapped[UUID | None]
    given_on: Mapped[date | None]
    signed_on: Mapped[date | None]
    signed_by: Mapped[Sealed | None]
    document_id: Mapped[UUID | None]
    paid_before: Mapped[Any] = mapped_column(JsonText, nullable=True)
    changed_at: Mapped[datetime]
    version: Mapped[int]


class BookingPaperLineRow(Model):
    """One service on a paper. `words` are the practice's own; `cents` what the patient is asked to pay for it;
    NULL: nobody has said the price yet."""

    __tablename__ = "booking_paper_line"
    __table_args__ = (
        PrimaryKeyConstraint("practice_id", "id"),
        ForeignKeyConstraint(["practice_id", "paper_id"], ["booking_paper.practice_id", "booking_paper.id"]),
        CheckConstraint("cents >= 0", name="cents_from_zero"),
        Index("ix_booking_paper_line_paper", "practice_id", "paper_id", "position"),
    )
    practice_id: Mapped[UUID]
    id: Mapped[UUID]
    paper_id: Mapped[UUID]
    position: Mapped[int]
    service: Mapped[str]
    words: Mapped[Sealed]
    cents: Mapped[int | None] = mapped_column(BigInteger)
