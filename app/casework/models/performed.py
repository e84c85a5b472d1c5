"""Tables of what was performed at visits."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index, PrimaryKeyConstraint
from sqlalchemy.orm import Mapped

from app.platform.db import Model


class PerformedVisitRow(Model):
    """That somebody recorded what was performed at a visit; `id` is the visit's.

    `version` counts the edits; `case_id` is the request that was opened for what is not covered, None: there is none.
    """

    __tablename__ = "performed_visit"
    __table_args__ = (
        PrimaryKeyConstraint("practice_id", "id"),
        ForeignKeyConstraint(["practice_id", "id"], ["visit.practice_id", "visit.id"]),
        ForeignKeyConstraint(["practice_id", "patient_id"], ["patient.practice_id", "patient.id"]),
        ForeignKeyConstraint(["practice_id", "case_id"], ["authorization.practice_id", "authorization.id"]),
        Index("ix_performed_visit_patient", "practice_id", "patient_id"),
        Index("ix_performed_visit_case", "practice_id", "case_id"),
    )
    practice_id: Mapped[UUID]
    id: Mapped[UUID]
    patient_id: Mapped[UUID]
    recorded_at: Mapped[datetime]
    recorded_by: Mapped[UUID | None]
    version: Mapped[int]
    case_id: Mapped[UUID | None]


class PerformedLineRow(Model):
    """One service that was performed, in whole units; replaced as a whole when it is corrected."""

    __tablename__ = "performed_line"
    __table_args__ = (
        PrimaryKeyConstraint("practice_id", "visit_id", "position"),
        ForeignKeyConstraint(["practice_id", "visit_id"], ["performed_visit.practice_id", "performed_visit.id"]),
        CheckConstraint("units >= 1", name="units_at_least_one"),
    )
    practice_id: Mapped[UUID]
    visit_id: Mapped[UUID]
    position: Mapped[int]
    code: Mapped[str]
    units: Mapped[int]
