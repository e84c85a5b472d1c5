"""Tables of one-time codes, and of who asked at the door for a new password."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index, LargeBinary, PrimaryKeyConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from app.platform.db import Model, choice
from app.platform.sealed import Sealed
from app.practice.facts.accounts import CodeKind, CodeWay
from app.practice.models.practice import _PRACTICE

OPEN = "used_at IS NULL AND ended_at IS NULL"


class OneTimeCodeRow(Model):
    """One code that lets a person choose a password. Of each kind a person has at most one that is open."""

    __tablename__ = "one_time_code"
    __table_args__ = (
        PrimaryKeyConstraint("practice_id", "id"),
        ForeignKeyConstraint(["practice_id", "staff_id"], ["staff.practice_id", "staff.id"]),
        CheckConstraint("made_at <= expires_at", name="made_before_it_expires"),
        Index(
            "uq_one_time_code_open",
            "practice_id",
            "staff_id",
            "kind",
            unique=True,
            sqlite_where=text(OPEN),
            postgresql_where=text(OPEN),
        ),
        Index("ix_one_time_code_staff", "practice_id", "staff_id", "id"),
    )
    practice_id: Mapped[UUID]
    id: Mapped[UUID]
    staff_id: Mapped[UUID]
    kind: Mapped[CodeKind] = mapped_column(choice(CodeKind))
    way: Mapped[CodeWay] = mapped_column(choice(CodeWay))
    made_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    made_by: Mapped[UUID | None]
    used_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]


class OneTimeCodeDigestRow(Model):
    """The SHA-256 of a code as it went out. An e-mail that is sent again holds a code of its own, and both are good."""

    __tablename__ = "one_time_code_digest"
    __table_args__ = (
        PrimaryKeyConstraint("digest"),
        ForeignKeyConstraint(
            ["practice_id", "code_id"],
            ["one_time_code.practice_id", "one_time_code.id"],
            name="fk_one_time_code_digest_code",
            ondelete="CASCADE",
        ),
        Index("ix_one_time_code_digest_code", "practice_id", "code_id"),
    )
    digest: Mapped[bytes] = mapped_column(LargeBinary(32))
    practice_id: Mapped[UUID]
    code_id: Mapped[UUID]


class ResetAskedRow(Model):
    """Somebody asked at the door for a new password. The address as typed is sealed; None: it was answered."""

    __tablename__ = "reset_asked"
    __table_args__ = (
        PrimaryKeyConstraint("practice_id", "id"),
        ForeignKeyConstraint(*_PRACTICE),
        Index("ix_reset_asked_at", "practice_id", "asked_at"),
    )
    practice_id: Mapped[UUID]
    id: Mapped[UUID]
    typed: Mapped[Sealed | None]
    source: Mapped[str | None]
    asked_at: Mapped[datetime]
