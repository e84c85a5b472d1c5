"""Patients opened by break-glass: by whom, and until when."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index, PrimaryKeyConstraint
from sqlalchemy.orm import Mapped

from app.platform.db import Model


class PatientOpeningRow(Model):
    """A person opened a patient out of sight, who is in sight until `ends_at`. Rows are never changed or removed.

    Why stands, sealed, with the line of the audit log.
    """

    __tablename__ = "patient_opening"
    __table_args__ = (
        PrimaryKeyConstraint("practice_id", "id"),
        ForeignKeyConstraint(["practice_id", "staff_id"], ["staff.practice_id", "staff.id"]),
        ForeignKeyConstraint(["practice_id", "patient_id"], ["patient.practice_id", "patient.id"]),
        CheckConstraint("opened_at <= ends_at", name="opened_before_it_ends"),
        Index("ix_patient_opening_staff", "practice_id", "staff_id", "ends_at"),
        Index("ix_patient_opening_patient", "practice_id", "patient_id"),
    )
    practice_id: Mapped[UUID]
    id: Mapped[UUID]
    staff_id: Mapped[UUID]
    patient_id: Mapped[UUID]
    opened_at: Mapped[datetime]
    ends_at: Mapped[datetime]
