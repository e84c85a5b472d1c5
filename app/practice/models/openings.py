"""Patients opened by break-glass: by whom, why, and until when."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index, PrimaryKeyConstraint
from sqlalchemy.orm import Mapped

from app.platform.db import Model
from app.platform.sealed import Sealed


class PatientOpeningRow(Model):
    """A person opened a patient out of sight. In sight until `ends_at`; `reason` is what the person wrote, sealed.

    `reviewed_at` and `reviewed_by`: when a manager looked at it, and who. Otherwise rows are never changed or removed.
    """

    __tablename__ = "patient_opening"
    __table_args__ = (
        PrimaryKeyConstraint("practice_id", "id"),
        ForeignKeyConstraint(["practice_id", "staff_id"], ["staff.practice_id", "staff.id"]),
        ForeignKeyConstraint(["practice_id", "patient_id"], ["patient.practice_id", "patient.id"]),
        CheckConstraint("opened_at <= ends_at", name="opened_before_it_ends"),
        CheckConstraint("(reviewed_at IS NULL) = (reviewed_by IS NULL)", name="reviewed_by_somebody"),
        Index("ix_patient_opening_staff", "practice_id", "staff_id", "ends_at"),
        Index("ix_patient_opening_at", "practice_id", "opened_at"),
        Index("ix_patient_opening_patient", "practice_id", "patient_id"),
    )
    practice_id: Mapped[UUID]
    id: Mapped[UUID]
    staff_id: Mapped[UUID]
    patient_id: Mapped[UUID]
    opened_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    reason: Mapped[Sealed]
    reviewed_at: Mapped[datetime | None]
    reviewed_by: Mapped[UUID | None]
