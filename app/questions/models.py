"""Tables of given answers: what was asked, and how the visits that it held stood before."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKeyConstraint, Index, PrimaryKeyConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.clearance.facts.questions import QuestionKind
from app.clearance.facts.reasons import Badge
from app.platform.db import JsonText, Model, choice


class QuestionAnswerRow(Model):
    """One answer to a question. `id` is the form's own, so that a form sent twice answers once.

    `record` names what was recorded (`practice#id`), where that can be ended; `counts` the visits by badge right after
    the answer, None while they are judged.
    """

    __tablename__ = "question_answer"
    __table_args__ = (
        PrimaryKeyConstraint("practice_id", "id"),
        ForeignKeyConstraint(["practice_id"], ["practice.id"]),
        Index("ix_question_answer_question", "practice_id", "question_id", "answered_at"),
        Index("ix_question_answer_answered_at", "practice_id", "answered_at"),
    )
    practice_id: Mapped[UUID]
    id: Mapped[UUID]
    question_id: Mapped[UUID]
    kind: Mapped[QuestionKind] = mapped_column(choice(QuestionKind))
    key: Mapped[str]
    answered_at: Mapped[datetime]
    answered_by: Mapped[UUID | None]
    record: Mapped[str | None]
    counts: Mapped[Any] = mapped_column(JsonText, nullable=True)


class AnsweredVisitRow(Model):
    """One visit that an answer did not clear, with its badge before the answer."""

    __tablename__ = "answered_visit"
    __table_args__ = (
        PrimaryKeyConstraint("practice_id", "answer_id", "visit_id"),
        ForeignKeyConstraint(["practice_id", "answer_id"], ["question_answer.practice_id", "question_answer.id"]),
        ForeignKeyConstraint(["practice_id", "visit_id"], ["visit.practice_id", "visit.id"]),
    )
    practice_id: Mapped[UUID]
    answer_id: Mapped[UUID]
    visit_id: Mapped[UUID]
    before: Mapped[Badge] = mapped_column(choice(Badge))
