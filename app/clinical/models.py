"""Tables of clinical facts, and of what providers are asked. What a fact says is sealed as one."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index, PrimaryKeyConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.clinical.facts import FactKind, SourceKind
from app.platform.db import Model, choice
from app.platform.sealed import Sealed

_OF_A_PATIENT = ["patient.practice_id", "patient.id"]


class ClinicalFactRow(Model):
    """One fact of a patient. `content`, sealed, holds its name, its values and the words of its source.

    Rows are added; only `ended_at` and `ended_by` are set later. A fact that is corrected ends when the one that takes
    its place comes.
    """

    __tablename__ = "clinical_fact"
    __table_args__ = (
        PrimaryKeyConstraint("practice_id", "id"),
        ForeignKeyConstraint(["practice_id", "patient_id"], _OF_A_PATIENT),
        ForeignKeyConstraint(["practice_id", "corrects"], ["clinical_fact.practice_id", "clinical_fact.id"]),
        CheckConstraint("page >= 1", name="pages_begin_at_one"),
        Index("ix_clinical_fact_patient", "practice_id", "patient_id", "id"),
    )
    practice_id: Mapped[UUID]
    id: Mapped[UUID]
    patient_id: Mapped[UUID]
    kind: Mapped[FactKind] = mapped_column(choice(FactKind))
    dated: Mapped[date | None]
    source: Mapped[SourceKind] = mapped_column(choice(SourceKind))
    document_id: Mapped[UUID | None]
    page: Mapped[int | None]
    person_id: Mapped[UUID | None]
    content: Mapped[Sealed]
    recorded_at: Mapped[datetime]
    recorded_by: Mapped[UUID | None]
    corrects: Mapped[UUID | None]
    ask_id: Mapped[UUID | None]
    ended_at: Mapped[datetime | None]
    ended_by: Mapped[UUID | None]


class ProviderAskRow(Model):
    """What one provider is asked about a patient. `content`, sealed: the items asked, and the words of who asks.

    `answer`, sealed: the facts that answer, item by item, and the words of who answers.
    """

    __tablename__ = "provider_ask"
    __table_args__ = (
        PrimaryKeyConstraint("practice_id", "id"),
        ForeignKeyConstraint(["practice_id", "patient_id"], _OF_A_PATIENT),
        ForeignKeyConstraint(["practice_id", "case_id"], ["authorization.practice_id", "authorization.id"]),
        ForeignKeyConstraint(["practice_id", "asked_of"], ["staff.practice_id", "staff.id"]),
        CheckConstraint("(answered_at IS NULL) = (answer IS NULL)", name="answered_with_answer"),
        Index("ix_provider_ask_patient", "practice_id", "patient_id"),
        Index("ix_provider_ask_case", "practice_id", "case_id"),
        Index("ix_provider_ask_open", "practice_id", "asked_of", "answered_at", "withdrawn_at"),
    )
    practice_id: Mapped[UUID]
    id: Mapped[UUID]
    patient_id: Mapped[UUID]
    case_id: Mapped[UUID | None]
    asked_by: Mapped[UUID | None]
    asked_of: Mapped[UUID]
    asked_at: Mapped[datetime]
    due_on: Mapped[date | None]
    content: Mapped[Sealed]
    answered_by: Mapped[UUID | None]
    answered_at: Mapped[datetime | None]
    answer: Mapped[Sealed | None]
    withdrawn_at: Mapped[datetime | None]
