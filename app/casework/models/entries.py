"""The table of what happened on cases: calls, portal work, faxes, notes, decisions, documents."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index, LargeBinary, PrimaryKeyConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.casework.facts.entries import EntryKind, Outcome
from app.platform.db import Model, choice
from app.platform.sealed import Sealed


class CaseEntryRow(Model):
    """One entry of a case. Rows are added; of one that is on file only `taken_back_at` and `taken_back_by` change.

    `line`, `person`, `reference` and words may name people or hold the payer's numbers: sealed. `reference_index` is a
    blind index by which a case is found. One call about several cases stands on each of them, under one `shared_id`.
    """

    __tablename__ = "case_entry"
    __table_args__ = (
        PrimaryKeyConstraint("practice_id", "id"),
        ForeignKeyConstraint(["practice_id", "case_id"], ["authorization.practice_id", "authorization.id"]),
        ForeignKeyConstraint(["practice_id", "patient_id"], ["patient.practice_id", "patient.id"]),
        CheckConstraint("hold_minutes >= 0", name="hold_not_negative"),
        Index("ix_case_entry_case", "practice_id", "case_id", "id"),
        Index("ix_case_entry_reference", "practice_id", "reference_index"),
        Index("ix_case_entry_patient", "practice_id", "patient_id"),
    )
    practice_id: Mapped[UUID]
    id: Mapped[UUID]
    case_id: Mapped[UUID]
    patient_id: Mapped[UUID]
    kind: Mapped[EntryKind] = mapped_column(choice(EntryKind))
    at: Mapped[datetime]
    by_id: Mapped[UUID | None]
    words: Mapped[Sealed | None]
    line: Mapped[Sealed | None]
    person: Mapped[Sealed | None]
    reference: Mapped[Sealed | None]
    reference_index: Mapped[bytes | None] = mapped_column(LargeBinary(16))
    started_at: Mapped[datetime | None]
    hold_minutes: Mapped[int | None]
    outcome: Mapped[Outcome | None] = mapped_column(choice(Outcome))
    document_id: Mapped[UUID | None]
    event_id: Mapped[UUID | None]
    next_action: Mapped[Sealed | None]
    next_action_on: Mapped[date | None]
    corrects: Mapped[UUID | None]
    shared_id: Mapped[UUID | None]
    taken_back_at: Mapped[datetime | None]
    taken_back_by: Mapped[UUID | None]
