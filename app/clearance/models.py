"""The table of verdicts: derived, kept up to date, never the truth itself."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import ForeignKeyConstraint, Index, LargeBinary, PrimaryKeyConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.clearance.facts.questions import QuestionKind
from app.clearance.facts.reasons import Badge
from app.platform.db import Model, choice


class VisitVerdictRow(Model):
    """What a booked visit shows, and on which days: from the day `as_of` until the day before `changes_on`.

    `id` is the visit's. `content` holds for each line its badge, class, need, rule, findings, choice and units
    (clearance/rules/packing.py); `rules_version` the payer rules it rests on.
    """

    __tablename__ = "visit_verdict"
    __table_args__ = (
        PrimaryKeyConstraint("practice_id", "id"),
        ForeignKeyConstraint(["practice_id", "id"], ["visit.practice_id", "visit.id"]),
        ForeignKeyConstraint(["practice_id", "patient_id"], ["patient.practice_id", "patient.id"]),
        Index("ix_visit_verdict_day", "practice_id", "day", "starts_at", "id", "badge", "site_id", "changes_on"),
        Index("ix_visit_verdict_patient", "practice_id", "patient_id"),
        Index("ix_visit_verdict_changes", "practice_id", "changes_on"),
    )
    practice_id: Mapped[UUID]
    id: Mapped[UUID]
    patient_id: Mapped[UUID]
    site_id: Mapped[UUID]
    day: Mapped[date]
    starts_at: Mapped[datetime]
    badge: Mapped[Badge] = mapped_column(choice(Badge))
    as_of: Mapped[date]
    changes_on: Mapped[date | None]
    rules_version: Mapped[str]
    content: Mapped[bytes] = mapped_column(LargeBinary)


class QuestionRow(Model):
    """A question that booked visits wait for, from today on: derived, kept with the verdicts.

    `id` is a blind index of `key`, so that an address that holds it tells nothing. `visits` counts the rows of
    `visit_question`; `first_day` is their first day.
    """

    __tablename__ = "question"
    __table_args__ = (
        PrimaryKeyConstraint("practice_id", "id"),
        ForeignKeyConstraint(["practice_id"], ["practice.id"]),
        Index("ix_question_size", "practice_id", "visits", "id", "kind"),
        Index("ix_question_kind", "practice_id", "kind", "visits", "id"),
        Index("ix_question_first_day", "practice_id", "first_day"),
    )
    practice_id: Mapped[UUID]
    id: Mapped[UUID]
    kind: Mapped[QuestionKind] = mapped_column(choice(QuestionKind))
    key: Mapped[str]
    visits: Mapped[int]
    first_day: Mapped[date]


class VisitQuestionRow(Model):
    """One visit that a question holds, by day."""

    __tablename__ = "visit_question"
    __table_args__ = (
        PrimaryKeyConstraint("practice_id", "question_id", "day", "visit_id"),
        ForeignKeyConstraint(["practice_id", "question_id"], ["question.practice_id", "question.id"]),
        ForeignKeyConstraint(["practice_id", "visit_id"], ["visit.practice_id", "visit.id"]),
        Index("ix_visit_question_visit", "practice_id", "visit_id"),
    )
    practice_id: Mapped[UUID]
    question_id: Mapped[UUID]
    day: Mapped[date]
    visit_id: Mapped[UUID]
