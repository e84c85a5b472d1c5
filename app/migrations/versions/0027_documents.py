"""Documents, letters by their versions, and packets as they were sent."""

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from alembic import op

import app.platform.db

revision: str = "0027_documents"
down_revision: str | None = "0026_clinical"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

KINDS = (
    "chart_note", "photo", "lab_report", "pathology", "referral", "payer_letter", "fax_confirmation", "screenshot",
    "payer_form", "packet", "letter", "card", "other",
)  # fmt: skip
MEDIA = ("application/pdf", "image/png", "image/jpeg")
LETTERS = ("medical_necessity", "appeal_first", "appeal_second", "appeal_external")


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "document",
        _id("practice_id"),
        _id("id"),
        _id("patient_id"),
        _id("case_id", nullable=True),
        sa.Column("kind", _choice("is_document_kind", KINDS), nullable=False),
        sa.Column("media", _choice("is_media_type", MEDIA), nullable=False),
        sa.Column("name", app.platform.db.SealedText(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(), nullable=False),
        sa.Column("pages", sa.Integer(), nullable=False),
        sa.Column("dated", sa.Date(), nullable=True),
        _at("added_at"),
        _id("added_by", nullable=True),
        _at("removed_at", nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("size > 0", name=op.f("ck_document_holds_something")),
        sa.CheckConstraint("pages > 0", name=op.f("ck_document_has_pages")),
        _of("document", "patient_id", "patient"),
        _of("document", "case_id", "authorization"),
        sa.PrimaryKeyConstraint("practice_id", "id", name=op.f("pk_document")),
    )
    op.create_index("ix_document_patient", "document", ["practice_id", "patient_id", "added_at"])
    op.create_index("ix_document_case", "document", ["practice_id", "case_id"])
    op.create_index("ix_document_sha256", "document", ["practice_id", "sha256"])
    op.create_table(
        "document_piece",
        _id("practice_id"),
        _id("id"),
        _id("document_id"),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("content", app.platform.db.SealedText(), nullable=False),
        _of("document_piece", "document_id", "document"),
        sa.PrimaryKeyConstraint("practice_id", "id", name=op.f("pk_document_piece")),
        sa.UniqueConstraint("practice_id", "document_id", "place", name="uq_document_piece_place"),
    )
    _make_letters_and_packets()


def _make_letters_and_packets() -> None:
    op.create_table(
        "letter_version",
        _id("practice_id"),
        _id("id"),
        _id("patient_id"),
        _id("case_id"),
        sa.Column("kind", _choice("is_letter_kind", LETTERS), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        _at("at"),
        _id("by_id", nullable=True),
        sa.Column("words", app.platform.db.SealedText(), nullable=False),
        _of("letter_version", "patient_id", "patient"),
        _of("letter_version", "case_id", "authorization"),
        sa.PrimaryKeyConstraint("practice_id", "id", name=op.f("pk_letter_version")),
        sa.UniqueConstraint("practice_id", "case_id", "kind", "number", name="uq_letter_version_number"),
    )
    op.create_table(
        "packet",
        _id("practice_id"),
        _id("id"),
        _id("case_id"),
        _id("letter_id", nullable=True),
        sa.Column("form", sa.String(), nullable=True),
        sa.Column("payer", sa.String(), nullable=False),
        sa.Column("cover", app.platform.db.SealedText(), nullable=False),
        sa.Column("parts", app.platform.db.JsonText(), nullable=False),
        _at("made_at"),
        _id("made_by", nullable=True),
        _of("packet", "id", "document"),
        _of("packet", "case_id", "authorization"),
        _of("packet", "letter_id", "letter_version"),
        sa.PrimaryKeyConstraint("practice_id", "id", name=op.f("pk_packet")),
    )
    op.create_index("ix_packet_case", "packet", ["practice_id", "case_id"])
    op.create_index("ix_packet_payer", "packet", ["practice_id", "payer"])


def downgrade() -> None:
    """Take them away again."""
    for table in ("packet", "letter_version", "document_piece", "document"):
        op.drop_table(table)


def _id(name: str, nullable: bool = False) -> sa.Column[Any]:
    return sa.Column(name, app.platform.db.Uuid16(length=16), nullable=nullable)


def _at(name: str, nullable: bool = False) -> sa.Column[Any]:
    return sa.Column(name, app.platform.db.UtcDateTime(timezone=True), nullable=nullable)


def _of(table: str, column: str, other: str) -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_{table}_practice_id_{column}")
    return sa.ForeignKeyConstraint(["practice_id", column], [f"{other}.practice_id", f"{other}.id"], name=name)


def _choice(name: str, values: Sequence[str]) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=40)
