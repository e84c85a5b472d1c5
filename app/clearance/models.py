"""The tables of verdicts: what is shown (derived, never the truth itself), what was shown, and what was let through."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index, LargeBinary, PrimaryKeyConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from app.clearance.facts.history import Cause
from app.clearance.facts.questions import QuestionKind
from app.clearance.facts.reasons import Badge
from app.platform.db import Model, choice
from app.platform.sealed import Sealed


class VisitVerdictRow(Model):
    """What a booked visit shows, and on which days: from the day `as_of` until the day before `changes_on`.

    `id` is the visit's. `content` holds for each line its badge, class, need, rule, findings, choice and units
    (clearance/rules/packing.py); `rules_version` the payer rules it rests on; `shown_since` when this answer, badge and
    content, was stored first.
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
    shown_since: Mapped[datetime]


class PastVerdictRow(Model):
    """A verdict that was shown and was replaced by another, or by none. Rows are added and never changed.

    `as_of`, `badge`, `rules_version` and `content` are those of the verdict; `shown_until` and `cause` say when and by
    what it was replaced, `user_id` by whom where a person did it. The visit may be gone, so nothing ties the row to it.
    """

    __tablename__ = "visit_verdict_past"
    __table_args__ = (
        PrimaryKeyConstraint("practice_id", "id"),
        ForeignKeyConstraint(["practice_id"], ["practice.id"]),
        CheckConstraint("shown_since <= shown_until", name="shown_before_it_was_replaced"),
        Index("ix_visit_verdict_past_visit", "practice_id", "visit_id", "shown_until"),
    )
    practice_id: Mapped[UUID]
    id: Mapped[UUID]
    visit_id: Mapped[UUID]
    shown_since: Mapped[datetime]
    shown_until: Mapped[datetime]
    as_of: Mapped[date]
    badge: Mapped[Badge] = mapped_column(choice(Badge))
    rules_version: Mapped[str]
    content: Mapped[bytes] = mapped_column(LargeBinary)
    cause: Mapped[Cause] = mapped_column(choice(Cause))
    user_id: Mapped[UUID | None]


class AcceptedRiskRow(Model):
    """A person let a visit through. It stands while `ended_at` is empty, at most one a visit; never changed otherwise.

    `digest` is of the check results that it covers (clearance/rules/accepting.py), `badge` what they came to; `name` is
    the person's as it was; `until` the last day that was agreed; `ended_by` empty: a changed result ended it.
    """

    __tablename__ = "accepted_risk"
    __table_args__ = (
        PrimaryKeyConstraint("practice_id", "id"),
        ForeignKeyConstraint(["practice_id"], ["practice.id"]),
        CheckConstraint("accepted_at <= ended_at", name="accepted_before_it_ended"),
        CheckConstraint("ended_by IS NULL OR ended_at IS NOT NULL", name="ended_by_somebody_has_ended"),
        Index(
            "uq_accepted_risk_standing",
            "practice_id",
            "visit_id",
            unique=True,
            sqlite_where=text("ended_at IS NULL"),
            postgresql_where=text("ended_at IS NULL"),
        ),
        Index("ix_accepted_risk_visit", "practice_id", "visit_id"),
        Index("ix_accepted_risk_patient", "practice_id", "patient_id"),
    )
    practice_id: Mapped[UUID]
    id: Mapped[UUID]
    visit_id: Mapped[UUID]
    patient_id: Mapped[UUID]
    badge: Mapped[Badge] = mapped_column(choice(Badge))
    digest: Mapped[bytes] = mapped_column(LargeBinary)
    reason: Mapped[Sealed]
    accepted_at: Mapped[datetime]
    accepted_by: Mapped[UUID]
    until: Mapped[date | None]
    name: Mapped[str]
    ended_at: Mapped[datetime | None]
    ended_by: Mapped[UUID | None]


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
