"""The tables of alerts: what is watched, what was reached, who must be told of it, and what was done with it."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKeyConstraint, Index, PrimaryKeyConstraint, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from app.alerts.facts.alerts import ClosedBy
from app.alerts.facts.notices import Happened, Occasion
from app.alerts.facts.outbox import Way
from app.alerts.facts.watching import Origin
from app.deadlines.facts import Clears, Reason, SubjectKind
from app.platform.db import JsonText, Model, choice


class WatchRow(Model):
    """One deadline of one subject and reason: derived, but for `told` and `next_at`. `id` is made of both.

    `content` is the deadline as `rules/packing.py` writes it: ids, numbers and dates only. At `again_at` time alone may
    change it.
    """

    __tablename__ = "watch"
    __table_args__ = (
        PrimaryKeyConstraint("practice_id", "id"),
        ForeignKeyConstraint(["practice_id"], ["practice.id"]),
        ForeignKeyConstraint(["practice_id", "patient_id"], ["patient.practice_id", "patient.id"]),
        Index("ix_watch_next", "practice_id", "next_at"),
        Index("ix_watch_again", "practice_id", "again_at"),
        Index("ix_watch_patient", "practice_id", "patient_id"),
    )
    practice_id: Mapped[UUID]
    id: Mapped[UUID]
    patient_id: Mapped[UUID | None]
    origin: Mapped[Origin] = mapped_column(choice(Origin))
    content: Mapped[str]
    told: Mapped[str | None]
    next_at: Mapped[datetime | None]
    again_at: Mapped[datetime | None]
    derived_at: Mapped[datetime]


class WatchDirtyRow(Model):
    """A patient whose facts changed since the watch was made of them. `mark` is another with every change."""

    __tablename__ = "watch_dirty"
    __table_args__ = (
        PrimaryKeyConstraint("practice_id", "patient_id"),
        ForeignKeyConstraint(["practice_id", "patient_id"], ["patient.practice_id", "patient.id"]),
    )
    practice_id: Mapped[UUID]
    patient_id: Mapped[UUID]
    mark: Mapped[UUID]


class AlertRow(Model):
    """A deadline that was reached. At most one is open for each subject and reason; `watch_id` names both.

    `code` is what the short link of a message holds. `escalate_at`: when the next person is told unless somebody
    acknowledges. The patient and the site are not tied to it, so that a closed alert outlives an undone import.
    """

    __tablename__ = "alert"
    __table_args__ = (
        PrimaryKeyConstraint("practice_id", "id"),
        ForeignKeyConstraint(["practice_id"], ["practice.id"]),
        UniqueConstraint("practice_id", "code", name="uq_alert_code"),
        Index(
            "uq_alert_open",
            "practice_id",
            "subject_kind",
            "subject_key",
            "reason",
            unique=True,
            sqlite_where=text("closed_at IS NULL"),
            postgresql_where=text("closed_at IS NULL"),
        ),
        Index("ix_alert_watch", "practice_id", "watch_id", "closed_at"),
        Index(
            "ix_alert_open",
            "practice_id",
            "told_at",
            "id",
            sqlite_where=text("closed_at IS NULL"),
            postgresql_where=text("closed_at IS NULL"),
        ),
        Index(
            "ix_alert_closed",
            "practice_id",
            "told_at",
            "id",
            sqlite_where=text("closed_at IS NOT NULL"),
            postgresql_where=text("closed_at IS NOT NULL"),
        ),
        Index("ix_alert_reason", "practice_id", "reason", "told_at", "id"),
        Index(
            "ix_alert_escalate",
            "practice_id",
            "escalate_at",
            sqlite_where=text("escalate_at IS NOT NULL"),
            postgresql_where=text("escalate_at IS NOT NULL"),
        ),
        Index(
            "ix_alert_snoozed",
            "practice_id",
            "snoozed_until",
            sqlite_where=text("snoozed_until IS NOT NULL"),
            postgresql_where=text("snoozed_until IS NOT NULL"),
        ),
    )
    practice_id: Mapped[UUID]
    id: Mapped[UUID]
    code: Mapped[str]
    watch_id: Mapped[UUID]
    subject_kind: Mapped[SubjectKind] = mapped_column(choice(SubjectKind))
    subject_key: Mapped[str]
    reason: Mapped[Reason] = mapped_column(choice(Reason))
    step: Mapped[str]
    zone: Mapped[str]
    clears: Mapped[Clears] = mapped_column(choice(Clears))
    basis: Mapped[Any] = mapped_column(JsonText, nullable=False)
    opened_at: Mapped[datetime]
    told_at: Mapped[datetime]
    due_on: Mapped[date | None]
    due_at: Mapped[datetime | None]
    site_id: Mapped[UUID | None]
    patient_id: Mapped[UUID | None]
    owner_id: Mapped[UUID | None]
    urgent: Mapped[bool]
    counts: Mapped[Any] = mapped_column(JsonText, nullable=False)
    level: Mapped[int]
    escalate_at: Mapped[datetime | None]
    acknowledged_at: Mapped[datetime | None]
    acknowledged_by: Mapped[UUID | None]
    snoozed_until: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]
    closed_by: Mapped[ClosedBy | None] = mapped_column(choice(ClosedBy))
    version: Mapped[int]


class AlertPersonRow(Model):
    """A person to whom an alert is shown as theirs. `shown`: it is open, not snoozed and not acknowledged."""

    __tablename__ = "alert_person"
    __table_args__ = (
        PrimaryKeyConstraint("practice_id", "alert_id", "staff_id"),
        ForeignKeyConstraint(["practice_id", "alert_id"], ["alert.practice_id", "alert.id"]),
        Index("ix_alert_person_staff", "practice_id", "staff_id", "shown", "alert_id"),
    )
    practice_id: Mapped[UUID]
    alert_id: Mapped[UUID]
    staff_id: Mapped[UUID]
    shown: Mapped[bool]


class NoticeRow(Model):
    """One person to be told of one alert by one way, once: `key` is `subject:reason:step:way:recipient`."""

    __tablename__ = "notice"
    __table_args__ = (
        PrimaryKeyConstraint("practice_id", "id"),
        ForeignKeyConstraint(["practice_id", "alert_id"], ["alert.practice_id", "alert.id"]),
        UniqueConstraint("practice_id", "key", name="uq_notice_key"),
        Index("ix_notice_alert", "practice_id", "alert_id"),
        Index("ix_notice_composed", "practice_id", "composed_at", "way", "recipient_id"),
        Index(
            "ix_notice_waiting",
            "practice_id",
            "id",
            sqlite_where=text("message_id IS NULL AND cancelled_at IS NULL"),
            postgresql_where=text("message_id IS NULL AND cancelled_at IS NULL"),
        ),
    )
    practice_id: Mapped[UUID]
    id: Mapped[UUID]
    key: Mapped[str]
    alert_id: Mapped[UUID]
    recipient_id: Mapped[UUID]
    way: Mapped[Way] = mapped_column(choice(Way))
    step: Mapped[str]
    occasion: Mapped[Occasion] = mapped_column(choice(Occasion))
    urgent: Mapped[bool]
    made_at: Mapped[datetime]
    message_id: Mapped[UUID | None]
    composed_at: Mapped[datetime | None]
    cancelled_at: Mapped[datetime | None]
    turn: Mapped[int]


class AlertEventRow(Model):
    """What happened to an alert, when, and by whom (`staff_id` empty: the program). Rows are never changed."""

    __tablename__ = "alert_event"
    __table_args__ = (
        PrimaryKeyConstraint("practice_id", "id"),
        ForeignKeyConstraint(["practice_id", "alert_id"], ["alert.practice_id", "alert.id"]),
        Index("ix_alert_event_alert", "practice_id", "alert_id", "id"),
    )
    practice_id: Mapped[UUID]
    id: Mapped[UUID]
    alert_id: Mapped[UUID]
    kind: Mapped[Happened] = mapped_column(choice(Happened))
    at: Mapped[datetime]
    staff_id: Mapped[UUID | None]
    before: Mapped[Any] = mapped_column(JsonText, nullable=False)
    after: Mapped[Any] = mapped_column(JsonText, nullable=False)


class AlertSweepRow(Model):
    """How sweeping stands: the last sweep, since when messages are held back, and when they were let through."""

    __tablename__ = "alert_sweep"
    __table_args__ = (
        PrimaryKeyConstraint("practice_id"),
        ForeignKeyConstraint(["practice_id"], ["practice.id"]),
    )
    practice_id: Mapped[UUID]
    swept_at: Mapped[datetime | None]
    held_at: Mapped[datetime | None]
    held: Mapped[int]
    let_at: Mapped[datetime | None]
