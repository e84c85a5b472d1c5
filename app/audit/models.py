"""Tables of the audit log: append-only lines, whom they are about, their reasons, and the end of each chain."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    ForeignKeyConstraint,
    Index,
    LargeBinary,
    PrimaryKeyConstraint,
    UniqueConstraint,
    event,
    text,
)
from sqlalchemy.engine import Connection
from sqlalchemy.orm import Mapped, mapped_column

from app.platform.db import JsonText, Model
from app.platform.sealed import Sealed


class AuditEntryRow(Model):
    """One line: who did or saw what, when and from where. Ids only. Triggers refuse to change or remove it."""

    __tablename__ = "audit_entry"
    __table_args__ = (
        PrimaryKeyConstraint("practice_id", "id"),
        ForeignKeyConstraint(["practice_id"], ["practice.id"]),
        UniqueConstraint("practice_id", "sequence", name="uq_audit_entry_sequence"),
        CheckConstraint("sequence >= 1", name="sequence_counts_from_one"),
        Index("ix_audit_entry_at", "practice_id", "at", "sequence"),
        Index("ix_audit_entry_user", "practice_id", "user_id", "at", "sequence"),
        Index("ix_audit_entry_action", "practice_id", "action", "at", "sequence"),
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
    form: Mapped[int] = mapped_column(server_default=text("1"))
    key_id: Mapped[int] = mapped_column(server_default=text("1"))
    source: Mapped[str | None]
    under: Mapped[UUID | None]
    reason_mac: Mapped[bytes | None] = mapped_column(LargeBinary(32))


class AuditSubjectRow(Model):
    """Whom or what one line is about, in the order of the line; for finding lines. A check holds it to the lines."""

    __tablename__ = "audit_subject"
    __table_args__ = (
        PrimaryKeyConstraint("practice_id", "sequence", "place"),
        ForeignKeyConstraint(["practice_id", "sequence"], ["audit_entry.practice_id", "audit_entry.sequence"]),
        Index("ix_audit_subject_subject", "practice_id", "subject", "sequence"),
        {"sqlite_with_rowid": False},
    )
    practice_id: Mapped[UUID]
    sequence: Mapped[int] = mapped_column(BigInteger)
    place: Mapped[int]
    subject: Mapped[UUID]


class AuditReasonRow(Model):
    """Why, in the person's own words, sealed; bound to its line by `reason_mac`. It may only be sealed anew."""

    __tablename__ = "audit_reason"
    __table_args__ = (
        PrimaryKeyConstraint("practice_id", "id"),
        ForeignKeyConstraint(["practice_id", "id"], ["audit_entry.practice_id", "audit_entry.id"]),
    )
    practice_id: Mapped[UUID]
    id: Mapped[UUID]
    reason: Mapped[Sealed]


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
        "CREATE TRIGGER {table}_no_update BEFORE UPDATE ON {table} "
        "BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END",
        "CREATE TRIGGER {table}_no_delete BEFORE DELETE ON {table} "
        "BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END",
    ),
    "postgresql": (
        "CREATE FUNCTION {table}_append_only() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RAISE EXCEPTION '{table} is append-only'; END $$",
        "CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} "
        "FOR EACH STATEMENT EXECUTE FUNCTION {table}_append_only()",
    ),
}
"""What shuts a table against change, by database."""


def _make_append_only(table: Any, connection: Connection, **_options: Any) -> None:
    for statement in APPEND_ONLY[connection.dialect.name]:
        connection.exec_driver_sql(statement.format(table=table.name))


for _shut in (AuditEntryRow, AuditSubjectRow):
    event.listen(_shut.__table__, "after_create", _make_append_only)


_PARTS = {
    "sqlite": (
        "e.form",
        "e.key_id",
        "lower(hex(e.practice_id))",
        "lower(hex(e.id))",
        "e.sequence",
        "e.at",
        "CASE WHEN e.user_id IS NULL THEN char(30) ELSE lower(hex(e.user_id)) END",
        "e.via",
        "e.action",
        "e.subjects",
        "e.details",
        "coalesce(e.source, char(30))",
        "CASE WHEN e.under IS NULL THEN char(30) ELSE lower(hex(e.under)) END",
        "CASE WHEN e.reason_mac IS NULL THEN char(30) ELSE lower(hex(e.reason_mac)) END",
    ),
    "postgresql": (
        "e.form::text",
        "e.key_id::text",
        "encode(uuid_send(e.practice_id), 'hex')",
        "encode(uuid_send(e.id), 'hex')",
        "e.sequence::text",
        "to_char(e.at AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS.US')",
        "coalesce(encode(uuid_send(e.user_id), 'hex'), chr(30))",
        "e.via",
        "e.action",
        "e.subjects",
        "e.details",
        "coalesce(e.source, chr(30))",
        "coalesce(encode(uuid_send(e.under), 'hex'), chr(30))",
        "coalesce(encode(e.reason_mac, 'hex'), chr(30))",
    ),
}
LINE_TEXT = {
    "sqlite": "CAST(" + " || char(31) || ".join(_PARTS["sqlite"]) + " AS BLOB)",
    "postgresql": "convert_to(" + " || chr(31) || ".join(_PARTS["postgresql"]) + ", 'UTF8')",
}
"""A row of audit_entry `e` as the text that its MAC is over (rules.text_of), rendered where it lies."""

SUBJECTS_TEXT = {
    "sqlite": "(SELECT group_concat(subject, '\",\"') FROM (SELECT lower(hex(s.subject)) AS subject "
    "FROM audit_subject s WHERE s.practice_id = e.practice_id AND s.sequence = e.sequence ORDER BY s.place))",
    "postgresql": "(SELECT string_agg(encode(uuid_send(s.subject), 'hex'), '\",\"' ORDER BY s.place) "
    "FROM audit_subject s WHERE s.practice_id = e.practice_id AND s.sequence = e.sequence)",
}
"""Whom a line is about by the table of subjects, as the line's JSON holds it between its brackets and quotes."""
