"""Eligibility checks and what they said, and which plan an answer named as primary."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

import app.platform.db

revision: str = "0034_eligibility"
down_revision: str | None = "0033_mailroom"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def _id(name: str, nullable: bool = False) -> sa.Column[object]:
    return sa.Column(name, app.platform.db.Uuid16(length=16), nullable=nullable)


def _choice(name: str, kind: str, *values: str) -> sa.Column[object]:
    checked = sa.Enum(*values, name=f"is_{kind}", native_enum=False, create_constraint=True, length=40)
    return sa.Column(name, checked, nullable=False)


def upgrade() -> None:
    """Make the table; a coverage on file names no other payer yet."""
    op.add_column("coverage", sa.Column("other_payer", sa.String(), nullable=True))
    op.create_table(
        "eligibility_check",
        _id("practice_id"),
        _id("id"),
        _id("patient_id"),
        _id("coverage_id"),
        _choice("method", "method", "x12_271", "portal", "phone", "card", "fhir", "file"),
        _choice("result", "answered", "active", "inactive", "unknown", "not_asked"),
        sa.Column("answered_on", sa.Date(), nullable=False),
        sa.Column("at", app.platform.db.UtcDateTime(timezone=True), nullable=False),
        sa.Column("service_day", sa.Date(), nullable=True),
        _id("user_id", nullable=True),
        _id("document_id", nullable=True),
        sa.Column("record_number", sa.Integer(), nullable=True),
        sa.Column("reference", app.platform.db.SealedText(), nullable=True),
        sa.Column("said", app.platform.db.SealedText(), nullable=False),
        sa.Column("digest", sa.LargeBinary(length=16), nullable=True),
        sa.Column("taken_back_at", app.platform.db.UtcDateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("practice_id", "id", name="pk_eligibility_check"),
        sa.ForeignKeyConstraint(
            ["practice_id", "patient_id"],
            ["patient.practice_id", "patient.id"],
            name="fk_eligibility_check_practice_id_patient_id",
        ),
        sa.UniqueConstraint("practice_id", "coverage_id", "digest", name="uq_eligibility_check_answer"),
        sa.UniqueConstraint("practice_id", "document_id", "record_number", name="uq_eligibility_check_record"),
    )
    op.create_index(
        "ix_eligibility_check_coverage", "eligibility_check", ["practice_id", "coverage_id", "answered_on", "at", "id"]
    )
    op.create_index("ix_eligibility_check_patient", "eligibility_check", ["practice_id", "patient_id"])


def downgrade() -> None:
    """Take them away again."""
    op.drop_table("eligibility_check")
    op.drop_column("coverage", "other_payer")
