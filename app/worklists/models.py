"""Tables of the work on visits: who owns one, what was asked of whom, what a bulk action did, which lists were printed.

A visit that is removed takes its work and its questions with it.
"""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index, PrimaryKeyConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.platform.db import JsonText, Model, choice
from app.platform.sealed import Sealed
from app.worklists.facts import StepKind

_OF_A_VISIT = ["visit.practice_id", "visit.id"]
_OF_A_PERSON = ["staff.practice_id", "staff.id"]


class VisitWorkRow(Model):
    """Who works on a visit. `id` is the visit's; `owner_id` NULL: nobody any more. `version` counts its hands."""

    __tablename__ = "visit_work"
    __table_args__ = (
        PrimaryKeyConstraint("practice_id", "id"),
        ForeignKeyConstraint(["practice_id", "id"], _OF_A_VISIT, ondelete="CASCADE"),
        ForeignKeyConstraint(["practice_id", "owner_id"], _OF_A_PERSON),
        Index("ix_visit_work_owner", "practice_id", "owner_id"),
    )
    practice_id: Mapped[UUID]
    id: Mapped[UUID]
    owner_id: Mapped[UUID | None]
    by_id: Mapped[UUID | None]
    at: Mapped[datetime]
    version: Mapped[int] = mapped_column()
    __mapper_args__ = {"version_id_col": version}


class VisitStepRow(Model):
    """What one action did to one or several visits, with what is needed to take it back: ids and choices, no words."""

    __tablename__ = "visit_step"
    __table_args__ = (
        PrimaryKeyConstraint("practice_id", "id"),
        ForeignKeyConstraint(["practice_id"], ["practice.id"]),
    )
    practice_id: Mapped[UUID]
    id: Mapped[UUID]
    kind: Mapped[StepKind] = mapped_column(choice(StepKind))
    at: Mapped[datetime]
    by_id: Mapped[UUID | None]
    before: Mapped[Any] = mapped_column(JsonText, nullable=False)
    undone_at: Mapped[datetime | None]


class VisitAskRow(Model):
    """One question about a visit. `asked_of` NULL: all coordinators. Note and answer may name people: sealed."""

    __tablename__ = "visit_ask"
    __table_args__ = (
        PrimaryKeyConstraint("practice_id", "id"),
        ForeignKeyConstraint(["practice_id", "visit_id"], _OF_A_VISIT, ondelete="CASCADE"),
        ForeignKeyConstraint(["practice_id", "step_id"], ["visit_step.practice_id", "visit_step.id"]),
        ForeignKeyConstraint(["practice_id", "asked_of"], _OF_A_PERSON),
        CheckConstraint("(answered_at IS NULL) = (answer IS NULL)", name="answered_with_words"),
        Index("ix_visit_ask_visit", "practice_id", "visit_id"),
        Index("ix_visit_ask_open", "practice_id", "answered_at", "asked_at"),
    )
    practice_id: Mapped[UUID]
    id: Mapped[UUID]
    visit_id: Mapped[UUID]
    step_id: Mapped[UUID]
    asked_by: Mapped[UUID | None]
    asked_of: Mapped[UUID | None]
    asked_at: Mapped[datetime]
    note: Mapped[Sealed | None]
    answered_by: Mapped[UUID | None]
    answered_at: Mapped[datetime | None]
    answer: Mapped[Sealed | None]


class PrintedListRow(Model):
    """A list as it was printed: its words, sealed, with whose hand and when."""

    __tablename__ = "printed_list"
    __table_args__ = (
        PrimaryKeyConstraint("practice_id", "id"),
        ForeignKeyConstraint(["practice_id"], ["practice.id"]),
        Index("ix_printed_list_day", "practice_id", "day"),
        CheckConstraint("visits >= 0", name="visits_not_negative"),
    )
    practice_id: Mapped[UUID]
    id: Mapped[UUID]
    printed_at: Mapped[datetime]
    by_id: Mapped[UUID | None]
    day: Mapped[date]
    visits: Mapped[int]
    content: Mapped[Sealed]
