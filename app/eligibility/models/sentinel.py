"""Tables of changes of plans: what turned, which visits it touches, and which approvals it voids."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import ForeignKeyConstraint, Index, LargeBinary, PrimaryKeyConstraint, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.platform.db import Model
from app.platform.sealed import Sealed


class PlanChangeRow(Model):
    """A coverage that names another plan than before, once for what changed (`digest`, a blind index).

    `content`, sealed as one, holds what stood before and after.
    """

    __tablename__ = "plan_change"
    __table_args__ = (
        PrimaryKeyConstraint("practice_id", "id"),
        ForeignKeyConstraint(["practice_id", "patient_id"], ["patient.practice_id", "patient.id"]),
        UniqueConstraint("practice_id", "coverage_id", "digest", name="uq_plan_change_once"),
        Index("ix_plan_change_worked", "practice_id", "worked_at", "id"),
        Index("ix_plan_change_listed", "practice_id", "tells", "at", "id"),
        Index("ix_plan_change_patient", "practice_id", "patient_id"),
    )
    practice_id: Mapped[UUID]
    id: Mapped[UUID]
    patient_id: Mapped[UUID]
    coverage_id: Mapped[UUID]
    at: Mapped[datetime]
    turns: Mapped[str]
    content: Mapped[Sealed]
    digest: Mapped[bytes] = mapped_column(LargeBinary(16))
    worked_at: Mapped[datetime | None]
    tells: Mapped[bool]


class PlanChangeVisitRow(Model):
    """A visit that stands otherwise since a plan changed. Nothing ties it to the visit, which may be gone."""

    __tablename__ = "plan_change_visit"
    __table_args__ = (
        PrimaryKeyConstraint("practice_id", "change_id", "visit_id"),
        ForeignKeyConstraint(["practice_id", "change_id"], ["plan_change.practice_id", "plan_change.id"]),
    )
    practice_id: Mapped[UUID]
    change_id: Mapped[UUID]
    visit_id: Mapped[UUID]
    day: Mapped[date]
    before: Mapped[str]
    after: Mapped[str]
    reason: Mapped[int | None]


class PlanChangeApprovalRow(Model):
    """An approval that a change voids, and the continuity request that was opened for it."""

    __tablename__ = "plan_change_approval"
    __table_args__ = (
        PrimaryKeyConstraint("practice_id", "change_id", "approval_id"),
        ForeignKeyConstraint(["practice_id", "change_id"], ["plan_change.practice_id", "plan_change.id"]),
        Index("ix_plan_change_approval_approval", "practice_id", "approval_id"),
        Index("ix_plan_change_approval_request", "practice_id", "request_id"),
        Index("ix_plan_change_approval_open", "practice_id", "settled_at", "first_day"),
    )
    practice_id: Mapped[UUID]
    change_id: Mapped[UUID]
    approval_id: Mapped[UUID]
    first_day: Mapped[date | None]
    request_id: Mapped[UUID | None]
    settled_at: Mapped[datetime | None]
