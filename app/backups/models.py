"""The table of backups that were made, or tried in vain."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, ForeignKeyConstraint, Index, PrimaryKeyConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from app.backups.facts.records import Proof
from app.platform.db import Model, choice

GOOD = "name IS NOT NULL AND removed_at IS NULL AND NOT elsewhere"
"""What the index of good backups holds: a query that says it in the same words may use it."""
TESTED = "tested_at IS NOT NULL"


class BackupRow(Model):
    """One backup, or one that failed: then it has a `why` and no file. Its file's name holds nothing of a practice."""

    __tablename__ = "backup"
    __table_args__ = (
        PrimaryKeyConstraint("practice_id", "id"),
        ForeignKeyConstraint(["practice_id"], ["practice.id"]),
        CheckConstraint("name IS NOT NULL OR why IS NOT NULL", name="made_or_failed"),
        CheckConstraint("(tested IS NULL) = (tested_at IS NULL)", name="test_is_whole"),
        Index("ix_backup_began", "practice_id", "began_at"),
        Index("ix_backup_good", "practice_id", "began_at", sqlite_where=text(GOOD), postgresql_where=text(GOOD)),
        Index("ix_backup_tested", "practice_id", "tested_at", sqlite_where=text(TESTED), postgresql_where=text(TESTED)),
    )
    practice_id: Mapped[UUID]
    id: Mapped[UUID]
    began_at: Mapped[datetime]
    ended_at: Mapped[datetime]
    name: Mapped[str | None]
    size: Mapped[int] = mapped_column(BigInteger)
    sha256: Mapped[str | None]
    revision: Mapped[str | None]
    rows: Mapped[int] = mapped_column(BigInteger)
    elsewhere: Mapped[bool]
    why: Mapped[str | None]
    tested_at: Mapped[datetime | None]
    tested: Mapped[Proof | None] = mapped_column(choice(Proof))
    test_why: Mapped[str | None]
    test_seconds: Mapped[int | None]
    removed_at: Mapped[datetime | None]
