"""Unusual reading and its review, and up to which audit line it was looked for."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    ForeignKeyConstraint,
    Index,
    PrimaryKeyConstraint,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column

from app.oversight.facts import Finding, Sign
from app.platform.db import Model, choice
from app.platform.sealed import Sealed


class UnusualReadingRow(Model):
    """Reading that stands out: a person, why, the patient (None: several) and the day. `key` holds it apart once.

    The word and note of the review come later, and are never changed then.
    """

    __tablename__ = "unusual_reading"
    __table_args__ = (
        PrimaryKeyConstraint("practice_id", "id"),
        ForeignKeyConstraint(["practice_id"], ["practice.id"]),
        UniqueConstraint("practice_id", "key", name="uq_unusual_reading_key"),
        CheckConstraint("(finding IS NULL) = (reviewed_at IS NULL)", name="reviewed_with_a_word"),
        CheckConstraint("(finding IS NULL) = (note IS NULL)", name="reviewed_with_a_note"),
        Index("ix_unusual_reading_open", "practice_id", "finding", "at", "id"),
    )
    practice_id: Mapped[UUID]
    id: Mapped[UUID]
    key: Mapped[str]
    sign: Mapped[Sign] = mapped_column(choice(Sign))
    by_id: Mapped[UUID]
    patient_id: Mapped[UUID | None]
    day: Mapped[date]
    at: Mapped[datetime]
    sequence: Mapped[int] = mapped_column(BigInteger)
    count: Mapped[int]
    finding: Mapped[Finding | None] = mapped_column(choice(Finding))
    note: Mapped[Sealed | None]
    reviewed_by: Mapped[UUID | None]
    reviewed_at: Mapped[datetime | None]


class OversightMarkRow(Model):
    """The last audit line that was looked at for unusual reading."""

    __tablename__ = "oversight_mark"
    __table_args__ = (
        PrimaryKeyConstraint("practice_id", "id"),
        ForeignKeyConstraint(["practice_id"], ["practice.id"]),
        UniqueConstraint("practice_id", name="uq_oversight_mark_practice"),
    )
    practice_id: Mapped[UUID]
    id: Mapped[UUID]
    sequence: Mapped[int] = mapped_column(BigInteger)
