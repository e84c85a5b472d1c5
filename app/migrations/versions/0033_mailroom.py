"""Documents of the trade, sealed, and their records."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

import app.platform.db

revision: str = "0033_mailroom"
down_revision: str | None = "0032_course"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

_VIA = ("upload", "command", "folder", "gateway", "notification")
_STATES = ("received", "filing", "done", "refused")
_SORTS = ("answer", "review", "claim", "appointment", "person", "coverage_information", "receipt", "message")
_RECORD_STATES = ("to_file", "matched", "already", "unmatched", "contradicting", "noted", "set_aside")


def upgrade() -> None:
    """Make the tables of documents, their pieces, sets and records."""
    op.create_table(
        "mail_document",
        _id("practice_id"),
        _id("id"),
        sa.Column("sha256", sa.String(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        _sealed("name", nullable=False),
        _choice("via", "via", _VIA),
        _choice("state", "mail_state", _STATES),
        _instant("received_at", nullable=False),
        _id("received_by", nullable=True),
        _instant("touched_at", nullable=False),
        sa.Column("kind", sa.String(), nullable=True),
        _sealed("sender"),
        sa.Column("records", sa.Integer(), nullable=False),
        sa.Column("fault", sa.String(), nullable=True),
        _sealed("sentence"),
        sa.Column("place", sa.String(), nullable=True),
        _sealed("place_at"),
        sa.CheckConstraint("size >= 0", name=op.f("ck_mail_document_size_from_zero")),
        sa.CheckConstraint("records >= 0", name=op.f("ck_mail_document_records_from_zero")),
        sa.ForeignKeyConstraint(["practice_id"], ["practice.id"], name=op.f("fk_mail_document_practice_id")),
        sa.PrimaryKeyConstraint("practice_id", "id", name=op.f("pk_mail_document")),
        sa.UniqueConstraint("practice_id", "sha256", name="uq_mail_document_sha256"),
    )
    op.create_index("ix_mail_document_state", "mail_document", ["practice_id", "state", "id"])
    op.create_table(
        "mail_piece",
        _id("practice_id"),
        _id("id"),
        _id("document_id"),
        sa.Column("place", sa.Integer(), nullable=False),
        _sealed("content", nullable=False),
        _of("mail_piece", "document_id", "mail_document"),
        sa.PrimaryKeyConstraint("practice_id", "id", name=op.f("pk_mail_piece")),
        sa.UniqueConstraint("practice_id", "document_id", "place", name="uq_mail_piece_place"),
    )
    op.create_table(
        "mail_set",
        _id("practice_id"),
        _id("id"),
        _id("document_id"),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("control_key", sa.LargeBinary(length=16), nullable=True),
        sa.Column("digest", sa.LargeBinary(length=16), nullable=False),
        _of("mail_set", "document_id", "mail_document"),
        sa.PrimaryKeyConstraint("practice_id", "id", name=op.f("pk_mail_set")),
        sa.UniqueConstraint("practice_id", "control_key", name="uq_mail_set_control_key"),
        sa.UniqueConstraint("practice_id", "document_id", "place", name="uq_mail_set_place"),
    )
    _records()


def _records() -> None:
    op.create_table(
        "mail_record",
        _id("practice_id"),
        _id("id"),
        _id("document_id"),
        _id("set_id"),
        sa.Column("number", sa.Integer(), nullable=False),
        _choice("sort", "sort", _SORTS),
        sa.Column("kind", sa.String(), nullable=False),
        _choice("state", "record_state", _RECORD_STATES),
        _sealed("part", nullable=False),
        _id("patient_id", nullable=True),
        _id("subject_id", nullable=True),
        sa.Column("why", sa.String(), nullable=True),
        _instant("filed_at"),
        _id("decided_by", nullable=True),
        _instant("decided_at"),
        _sealed("reason"),
        sa.Column("version", sa.Integer(), nullable=False),
        _of("mail_record", "document_id", "mail_document"),
        _of("mail_record", "set_id", "mail_set"),
        _of("mail_record", "patient_id", "patient"),
        sa.PrimaryKeyConstraint("practice_id", "id", name=op.f("pk_mail_record")),
        sa.UniqueConstraint("practice_id", "document_id", "number", name="uq_mail_record_number"),
    )
    op.create_index("ix_mail_record_state", "mail_record", ["practice_id", "state", "id"])
    op.create_index("ix_mail_record_document", "mail_record", ["practice_id", "document_id", "state"])
    op.create_index("ix_mail_record_patient", "mail_record", ["practice_id", "patient_id", "id"])
    op.create_index("ix_mail_record_set", "mail_record", ["practice_id", "set_id"])


def downgrade() -> None:
    """Take them away again."""
    for name in ("mail_record", "mail_set", "mail_piece", "mail_document"):
        op.drop_table(name)


def _id(name: str, *, nullable: bool = False) -> sa.Column[bytes]:
    return sa.Column(name, app.platform.db.Uuid16(length=16), nullable=nullable)


def _instant(name: str, *, nullable: bool = True) -> sa.Column[str]:
    return sa.Column(name, app.platform.db.UtcDateTime(timezone=True), nullable=nullable)


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
