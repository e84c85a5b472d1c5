"""Tables of the audit log: append-only entries and the head of each practice's chain."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    ForeignKeyConstraint,
    LargeBinary,
    PrimaryKeyConstraint,
    UniqueConstraint,
    event,
)
from sqlalchemy.engine import Connection
from sqlalchemy.orm import Mapped, mapped_column

from app.platform.db import JsonText, Model


class AuditEntryRow(Model):
    """One line: who did or saw what, and when. Ids only. Nothing may change or remove it; triggers refuse it."""

    __tablename__ = "audit_entry"
    __table_args__ = (
        PrimaryKeyConstraint("practice_id", "id"),
        ForeignKeyConstraint(["practice_id"], ["practice.id"]),
        UniqueConstraint("practice_id", "sequence", name="uq_audit_entry_sequence"),
        CheckConstraint("sequence >= 1", name="sequence_counts_from_one"),
    )
    practice_id: Mapped[UUID]
    id: Mapped[UUID]
    sequence: Mapped[int] = mapped_column(BigInteger)
    at: Mapped[datetime]
    user_id: Mapped[UUID | None]
    via: Mapped[str]
    action: Mapped[str]
    subjects: Mapped[Any] = mapped_column(JsonText, nullable=False)
    details: Mapped[Any] = mapped_column(JsonText, nullable=False)
    mac: Mapped[bytes] = mapped_column(LargeBinary(32))


class AuditHeadRow(Model):
    """The last sequence number and MAC of a practice; whoever writes a line holds this row until it commits."""

    __tablename__ = "audit_head"
    __table_args__ = (
        PrimaryKeyConstraint("practice_id", "id"),
        ForeignKeyConstraint(["practice_id"], ["practice.id"]),
        UniqueConstraint("practice_id", name="uq_audit_head_practice"),
    )
    practice_id: Mapped[UUID]
    id: Mapped[UUID]
    sequence: Mapped[int] = mapped_column(BigInteger)
    mac: Mapped[bytes] = mapped_column(LargeBinary(32))


APPEND_ONLY = {
    "sqlite": (
        "CREATE TRIGGER audit_entry_no_update BEFORE UPDATE ON audit_entry "
        "BEGIN SELECT RAISE(ABORT, 'audit_entry is append-only'); END",
        "CREATE TRIGGER audit_entry_no_delete BEFORE DELETE ON audit_entry "
        "BEGIN SELECT RAISE(ABORT, 'audit_entry is append-only'); END",
    ),
    "postgresql": (
        "CREATE FUNCTION audit_entry_append_only() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RAISE EXCEPTION 'audit_entry is append-only'; END $$",
        "CREATE TRIGGER audit_entry_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_entry "
        "FOR EACH STATEMENT EXECUTE FUNCTION audit_entry_append_only()",
    ),
}


def _make_append_only(_table: Any, connection: Connection, **_options: Any) -> None:
    for statement in APPEND_ONLY[connection.dialect.name]:
        connection.exec_driver_sql(statement)


event.listen(AuditEntryRow.__table__, "after_create", _make_append_only)
