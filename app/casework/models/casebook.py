"""The tables of the list of cases: in which queues each stands, what is put aside, and what a step on several did."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import ForeignKeyConstraint, Index, PrimaryKeyConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from app.authorizations.facts import Status
from app.casework.facts.casebook import CaseStepKind, Queue
from app.platform.db import Model, choice
from app.platform.sealed import Sealed

_OF_AN_AUTHORIZATION = ["authorization.practice_id", "authorization.id"]
_OF_A_PATIENT = ["patient.practice_id", "patient.id"]
_OF_A_PERSON = ["staff.practice_id", "staff.id"]


class CaseListingRow(Model):
    """One case in one queue: derived from authorizations and what was recorded of them. Each view is one index."""

    __tablename__ = "case_listing"
    __table_args__ = (
        PrimaryKeyConstraint("practice_id", "queue", "due_on", "case_id"),
        ForeignKeyConstraint(["practice_id", "case_id"], _OF_AN_AUTHORIZATION),
        ForeignKeyConstraint(["practice_id", "patient_id"], _OF_A_PATIENT),
        ForeignKeyConstraint(["practice_id", "owner_id"], _OF_A_PERSON),
        Index("ix_case_listing_case", "practice_id", "case_id", "queue"),
        Index("ix_case_listing_patient", "practice_id", "patient_id"),
        Index("ix_case_listing_owner", "practice_id", "queue", "owner_id", "due_on", "case_id"),
        Index("ix_case_listing_payer", "practice_id", "queue", "payer", "due_on", "case_id"),
        Index("ix_case_listing_status", "practice_id", "queue", "status", "due_on", "case_id"),
        Index(
            "ix_case_listing_code",
            "practice_id",
            "code",
            sqlite_where=text("code IS NOT NULL"),
            postgresql_where=text("code IS NOT NULL"),
        ),
        Index(
            "ix_case_listing_again",
            "practice_id",
            "again_on",
            sqlite_where=text("again_on IS NOT NULL"),
            postgresql_where=text("again_on IS NOT NULL"),
        ),
    )
    practice_id: Mapped[UUID]
    queue: Mapped[Queue] = mapped_column(choice(Queue))
    due_on: Mapped[date]
    case_id: Mapped[UUID]
    patient_id: Mapped[UUID]
    status: Mapped[Status] = mapped_column(choice(Status))
    payer: Mapped[str]
    owner_id: Mapped[UUID | None]
    hidden_until: Mapped[date | None]
    code: Mapped[str | None]
    again_on: Mapped[date | None]


class CaseDirtyRow(Model):
    """A patient whose cases are to be placed anew. `mark` is another with every change."""

    __tablename__ = "case_dirty"
    __table_args__ = (
        PrimaryKeyConstraint("practice_id", "patient_id"),
        ForeignKeyConstraint(["practice_id", "patient_id"], _OF_A_PATIENT),
    )
    practice_id: Mapped[UUID]
    patient_id: Mapped[UUID]
    mark: Mapped[UUID]


class CaseSnoozeRow(Model):
    """Until which day a case is put aside. `id` is the authorization's."""

    __tablename__ = "case_snooze"
    __table_args__ = (
        PrimaryKeyConstraint("practice_id", "id"),
        ForeignKeyConstraint(["practice_id", "id"], _OF_AN_AUTHORIZATION),
    )
    practice_id: Mapped[UUID]
    id: Mapped[UUID]
    until: Mapped[date]
    by_id: Mapped[UUID | None]
    at: Mapped[datetime]


class CaseStepRow(Model):
    """What one action did to several cases. `before`, sealed, holds by case what it was, to take it back."""

    __tablename__ = "case_step"
    __table_args__ = (
        PrimaryKeyConstraint("practice_id", "id"),
        ForeignKeyConstraint(["practice_id"], ["practice.id"]),
    )
    practice_id: Mapped[UUID]
    id: Mapped[UUID]
    kind: Mapped[CaseStepKind] = mapped_column(choice(CaseStepKind))
    at: Mapped[datetime]
    by_id: Mapped[UUID | None]
    before: Mapped[Sealed]
    undone_at: Mapped[datetime | None]
