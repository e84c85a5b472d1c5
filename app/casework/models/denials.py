"""Tables of denials, and of the notices by which payers exempt providers from approval."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index, PrimaryKeyConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.documents.facts import MediaType
from app.platform.db import JsonText, Model, choice
from app.platform.sealed import Sealed


class DenialRow(Model):
    """One denial of a case, in the payer's words. Rows are added, never changed; `corrects` names an earlier one."""

    __tablename__ = "denial"
    __table_args__ = (
        PrimaryKeyConstraint("practice_id", "id"),
        ForeignKeyConstraint(["practice_id", "authorization_id"], ["authorization.practice_id", "authorization.id"]),
        ForeignKeyConstraint(["practice_id", "corrects"], ["denial.practice_id", "denial.id"]),
        CheckConstraint("level >= 0", name="level_from_zero"),
        CheckConstraint("appeal_by >= denied_on", name="appeal_after_the_denial"),
        Index("ix_denial_authorization", "practice_id", "authorization_id", "id"),
    )
    practice_id: Mapped[UUID]
    id: Mapped[UUID]
    authorization_id: Mapped[UUID]
    level: Mapped[int]
    denied_on: Mapped[date]
    code: Mapped[Sealed | None]
    words: Mapped[Sealed]
    unmet: Mapped[Sealed | None]
    appeal_by: Mapped[date | None]
    document_id: Mapped[UUID | None]
    corrects: Mapped[UUID | None]
    recorded_at: Mapped[datetime]
    recorded_by: Mapped[UUID | None]


class ExemptionNoticeRow(Model):
    """A payer's letter that exempts a provider or group from approval (a gold card); a practice rule is made of it."""

    __tablename__ = "exemption_notice"
    __table_args__ = (
        PrimaryKeyConstraint("practice_id", "id"),
        ForeignKeyConstraint(["practice_id", "rule_id"], ["practice_rule.practice_id", "practice_rule.id"]),
        CheckConstraint("size >= 1", name="size_from_one"),
    )
    practice_id: Mapped[UUID]
    id: Mapped[UUID]
    rule_id: Mapped[UUID]
    payer: Mapped[str]
    npis: Mapped[Any] = mapped_column(JsonText)
    letter_on: Mapped[date]
    name: Mapped[Sealed]
    media: Mapped[MediaType] = mapped_column(choice(MediaType))
    size: Mapped[int]
    sha256: Mapped[str]
    content: Mapped[Sealed]
    added_at: Mapped[datetime]
    added_by: Mapped[UUID | None]
