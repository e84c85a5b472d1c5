"""The table of requests while they are being written."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKeyConstraint, Index, PrimaryKeyConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.platform.db import Model
from app.platform.sealed import Sealed


class RequestDraftRow(Model):
    """What was typed of one request, sealed whole, until it is sent or discarded. Its id is that of the case to come.

    `case_version` None: no case was made of it yet; else the case's version when it was last made equal to this.
    """

    __tablename__ = "request_draft"
    __table_args__ = (
        PrimaryKeyConstraint("practice_id", "id"),
        ForeignKeyConstraint(["practice_id", "patient_id"], ["patient.practice_id", "patient.id"]),
        Index("ix_request_draft_patient", "practice_id", "patient_id"),
        Index("ix_request_draft_open", "practice_id", "case_version", "discarded_at", "id"),
    )
    practice_id: Mapped[UUID]
    id: Mapped[UUID]
    patient_id: Mapped[UUID]
    by_id: Mapped[UUID | None]
    saved_at: Mapped[datetime]
    typed: Mapped[Sealed]
    version: Mapped[int] = mapped_column()
    case_version: Mapped[int | None]
    discarded_at: Mapped[datetime | None]
