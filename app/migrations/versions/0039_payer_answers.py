"""Payers' answers to requests, and what came of them."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

import app.platform.db

revision: str = "0039_payer_answers"
down_revision: str | None = "0038_sentinel"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

_CHANNELS = ("x12", "pas")
_ANSWERS = ("granted", "denied", "pended", "not_required", "canceled", "call", "rejected", "unknown")


def upgrade() -> None:
    """Make the tables of requests that were sent, and of answers that did their work."""
    op.create_table(
        "payer_request",
        _id("practice_id"),
        _id("id"),
        _id("case_id"),
        _choice("channel", "request_channel", _CHANNELS),
        _sealed("trace", nullable=False),
        sa.Column("trace_key", sa.LargeBinary(length=16), nullable=False),
        _sealed("reference"),
        sa.Column("reference_key", sa.LargeBinary(length=16), nullable=True),
        _sealed("payer_id"),
        _instant("sent_at"),
        _of("payer_request", "case_id", "authorization"),
        sa.PrimaryKeyConstraint("practice_id", "id", name=op.f("pk_payer_request")),
        sa.UniqueConstraint("practice_id", "trace_key", name="uq_payer_request_trace_key"),
    )
    op.create_index("ix_payer_request_case", "payer_request", ["practice_id", "case_id"])
    op.create_index("ix_payer_request_reference", "payer_request", ["practice_id", "reference_key"])
    op.create_table(
        "payer_answer",
        _id("practice_id"),
        _id("id"),
        _id("case_id"),
        sa.Column("digest", sa.LargeBinary(length=16), nullable=False),
        _id("document_id"),
        sa.Column("number", sa.Integer(), nullable=False),
        _choice("answer", "answer", _ANSWERS),
        _instant("at"),
        _id("event_id", nullable=True),
        sa.CheckConstraint("number >= 1", name=op.f("ck_payer_answer_number_from_one")),
        _of("payer_answer", "case_id", "authorization"),
        sa.PrimaryKeyConstraint("practice_id", "id", name=op.f("pk_payer_answer")),
        sa.UniqueConstraint("practice_id", "case_id", "digest", name="uq_payer_answer_digest"),
    )


def downgrade() -> None:
    """Take them away again."""
    op.drop_table("payer_answer")
    op.drop_table("payer_request")


def _id(name: str, *, nullable: bool = False) -> sa.Column[bytes]:
    return sa.Column(name, app.platform.db.Uuid16(length=16), nullable=nullable)


def _instant(name: str) -> sa.Column[str]:
    return sa.Column(name, app.platform.db.UtcDateTime(timezone=True), nullable=False)


def _sealed(name: str, *, nullable: bool = True) -> sa.Column[bytes]:
    return sa.Column(name, app.platform.db.SealedText(), nullable=nullable)


def _choice(name: str, kind: str, values: tuple[str, ...]) -> sa.Column[str]:
    enum = sa.Enum(*values, name=f"is_{kind}", native_enum=False, create_constraint=True, length=40)
    return sa.Column(name, enum, nullable=False)


def _of(table: str, column: str, other: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["practice_id", column],
        [f"{other}.practice_id", f"{other}.id"],
        name=op.f(f"fk_{table}_practice_id_{column}"),
    )
