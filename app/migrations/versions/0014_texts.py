"""How practices name themselves in texts, numbers that ended them, what came in, and what people sent to patients."""

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from alembic import op

import app.platform.db

revision: str = "0014_texts"
down_revision: str | None = "0013_alerts"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

HOW = ("by_text", "by_phone", "by_mail", "in_person", "by_provider")
MEANINGS = ("stop", "start", "help", "take", "snooze", "hand_over", "other")
OPEN = sa.text("lifted_at IS NULL")
UNREAD = sa.text("held AND read_at IS NULL")


def _choice(name: str, values: tuple[str, ...]) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=40)


def _id(name: str, nullable: bool = False) -> sa.Column[Any]:
    return sa.Column(name, app.platform.db.Uuid16(length=16), nullable=nullable)


def _at(name: str, nullable: bool = False) -> sa.Column[Any]:
    return sa.Column(name, app.platform.db.UtcDateTime(timezone=True), nullable=nullable)


def _sealed(name: str) -> sa.Column[Any]:
    return sa.Column(name, app.platform.db.SealedText(), nullable=False)


def _of_practice(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(["practice_id"], ["practice.id"], name=op.f(f"fk_{table}_practice_id"))


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "practice_texts",
        _id("practice_id"),
        sa.Column("short_name", sa.String(), nullable=False),
        sa.Column("phone", sa.String(), nullable=False),
        sa.Column("provider_answers_stop", sa.Boolean(), nullable=False),
        sa.Column("language", _choice("is_language", ("en", "es")), nullable=False),
        _of_practice("practice_texts"),
        sa.PrimaryKeyConstraint("practice_id", name=op.f("pk_practice_texts")),
    )
    op.create_table(
        "text_stop",
        _id("practice_id"),
        _id("id"),
        sa.Column("number_key", sa.LargeBinary(length=16), nullable=False),
        _sealed("number"),
        _at("stopped_at"),
        sa.Column("how", _choice("is_how_stopped", HOW), nullable=False),
        _id("recorded_by", nullable=True),
        _at("lifted_at", nullable=True),
        _id("lifted_by", nullable=True),
        _of_practice("text_stop"),
        sa.PrimaryKeyConstraint("practice_id", "id", name=op.f("pk_text_stop")),
    )
    op.create_index(
        "uq_text_stop_number",
        "text_stop",
        ["practice_id", "number_key"],
        unique=True,
        sqlite_where=OPEN,
        postgresql_where=OPEN,
    )
    op.create_table(
        "text_reply",
        _id("practice_id"),
        _id("id"),
        sa.Column("sid", sa.String(), nullable=False),
        sa.Column("number_key", sa.LargeBinary(length=16), nullable=False),
        _sealed("number"),
        _sealed("body"),
        _at("at"),
        sa.Column("meaning", _choice("is_meaning", MEANINGS), nullable=False),
        _id("staff_id", nullable=True),
        sa.Column("patients", app.platform.db.JsonText(), nullable=False),
        sa.Column("held", sa.Boolean(), nullable=False),
        _at("read_at", nullable=True),
        _id("read_by", nullable=True),
        _of_practice("text_reply"),
        sa.PrimaryKeyConstraint("practice_id", "id", name=op.f("pk_text_reply")),
        sa.UniqueConstraint("practice_id", "sid", name="uq_text_reply_sid"),
    )
    op.create_index("ix_text_reply_number", "text_reply", ["practice_id", "number_key", "at"])
    op.create_index(
        "ix_text_reply_unread",
        "text_reply",
        ["practice_id", "number_key"],
        sqlite_where=UNREAD,
        postgresql_where=UNREAD,
    )
    op.create_index("ix_text_reply_held", "text_reply", ["practice_id", "held", "id"])
    op.create_table(
        "patient_text",
        _id("practice_id"),
        _id("id"),
        _id("patient_id"),
        _id("visit_id", nullable=True),
        sa.Column("template", sa.String(), nullable=False),
        sa.Column("language", _choice("is_language", ("en", "es")), nullable=False),
        _at("sent_at"),
        _id("sent_by", nullable=True),
        _at("taken_back_at", nullable=True),
        _of_practice("patient_text"),
        sa.PrimaryKeyConstraint("practice_id", "id", name=op.f("pk_patient_text")),
    )
    op.create_index("ix_patient_text_patient", "patient_text", ["practice_id", "patient_id", "id"])


def downgrade() -> None:
    """Drop the tables."""
    op.drop_index("ix_patient_text_patient", table_name="patient_text")
    op.drop_table("patient_text")
    op.drop_index("ix_text_reply_held", table_name="text_reply")
    op.drop_index("ix_text_reply_unread", table_name="text_reply")
    op.drop_index("ix_text_reply_number", table_name="text_reply")
    op.drop_table("text_reply")
    op.drop_index("uq_text_stop_number", table_name="text_stop")
    op.drop_table("text_stop")
    op.drop_table("practice_texts")
