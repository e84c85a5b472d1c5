"""Tables of how each person is told, who is away, and who is on call."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index, PrimaryKeyConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.deadlines.facts import Reason
from app.platform.db import JsonText, Model, choice
from app.platform.sealed import Sealed

_STAFF = ["practice_id", "staff_id"], ["staff.practice_id", "staff.id"]


class StaffContactRow(Model):
    """Where a person's texts go: the number sealed, found again by its blind index; and the zone of their day.

    Two people may share a number; what comes in from it is then taken for the first of them by id.
    """

    __tablename__ = "staff_contact"
    __table_args__ = (
        PrimaryKeyConstraint("practice_id", "staff_id"),
        ForeignKeyConstraint(*_STAFF),
        Index("ix_staff_contact_phone", "practice_id", "phone_key"),
    )
    practice_id: Mapped[UUID]
    staff_id: Mapped[UUID]
    zone: Mapped[str | None]
    phone: Mapped[Sealed | None]
    phone_key: Mapped[bytes | None]


class AlertPreferenceRow(Model):
    """The ways by which a person wants to hear of one reason; without a row the defaults hold."""

    __tablename__ = "alert_preference"
    __table_args__ = (PrimaryKeyConstraint("practice_id", "staff_id", "reason"), ForeignKeyConstraint(*_STAFF))
    practice_id: Mapped[UUID]
    staff_id: Mapped[UUID]
    reason: Mapped[Reason] = mapped_column(choice(Reason))
    ways: Mapped[Any] = mapped_column(JsonText, nullable=False)


class AlertSettingRow(Model):
    """When a person is told: steps by reason, quiet hours as minutes of the day, the digest, and the backup."""

    __tablename__ = "alert_setting"
    __table_args__ = (
        PrimaryKeyConstraint("practice_id", "staff_id"),
        ForeignKeyConstraint(*_STAFF),
        ForeignKeyConstraint(["practice_id", "backup_id"], ["staff.practice_id", "staff.id"]),
        CheckConstraint("quiet_from BETWEEN 0 AND 1439", name="quiet_from_is_a_minute"),
        CheckConstraint("quiet_until BETWEEN 0 AND 1439", name="quiet_until_is_a_minute"),
        CheckConstraint("digest_at BETWEEN 0 AND 1439", name="digest_at_is_a_minute"),
    )
    practice_id: Mapped[UUID]
    staff_id: Mapped[UUID]
    thresholds: Mapped[Any] = mapped_column(JsonText, nullable=False)
    quiet_from: Mapped[int]
    quiet_until: Mapped[int]
    quiet_weekends: Mapped[bool]
    digest_at: Mapped[int | None]
    backup_id: Mapped[UUID | None]


class StaffSiteRow(Model):
    """A site that a person looks after; someone without a row looks after all."""

    __tablename__ = "staff_site"
    __table_args__ = (
        PrimaryKeyConstraint("practice_id", "staff_id", "site_id"),
        ForeignKeyConstraint(*_STAFF),
        ForeignKeyConstraint(["practice_id", "site_id"], ["site.practice_id", "site.id"]),
    )
    practice_id: Mapped[UUID]
    staff_id: Mapped[UUID]
    site_id: Mapped[UUID]


class AbsenceRow(Model):
    """Days, both included, on which a person is away, and who covers; None: the backup. One taken back stays marked."""

    __tablename__ = "absence"
    __table_args__ = (
        PrimaryKeyConstraint("practice_id", "id"),
        ForeignKeyConstraint(*_STAFF),
        ForeignKeyConstraint(["practice_id", "cover_id"], ["staff.practice_id", "staff.id"]),
        CheckConstraint("begins <= ends", name="begins_before_it_ends"),
        Index("ix_absence_staff", "practice_id", "staff_id"),
    )
    practice_id: Mapped[UUID]
    id: Mapped[UUID]
    staff_id: Mapped[UUID]
    begins: Mapped[date]
    ends: Mapped[date]
    cover_id: Mapped[UUID | None]
    removed_at: Mapped[datetime | None]


class OnCallRow(Model):
    """From when to when a person is on call; at the end the duty is over. One taken back stays, marked."""

    __tablename__ = "on_call"
    __table_args__ = (
        PrimaryKeyConstraint("practice_id", "id"),
        ForeignKeyConstraint(*_STAFF),
        CheckConstraint("begins_at <= ends_at", name="begins_before_it_ends"),
        Index("ix_on_call_staff", "practice_id", "staff_id"),
    )
    practice_id: Mapped[UUID]
    id: Mapped[UUID]
    staff_id: Mapped[UUID]
    begins_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    removed_at: Mapped[datetime | None]
