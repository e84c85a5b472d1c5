"""Requests while they are being written."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

import app.platform.db

revision: str = "0028_requests"
down_revision: str | None = "0027_documents"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "request_draft",
        sa.Column("practice_id", app.platform.db.Uuid16(length=16), nullable=False),
        sa.Column("id", app.platform.db.Uuid16(length=16), nullable=False),
        sa.Column("patient_id", app.platform.db.Uuid16(length=16), nullable=False),
        sa.Column("by_id", app.platform.db.Uuid16(length=16), nullable=True),
        sa.Column("saved_at", app.platform.db.UtcDateTime(timezone=True), nullable=False),
        sa.Column("typed", app.platform.db.SealedText(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("case_version", sa.Integer(), nullable=True),
        sa.Column("discarded_at", app.platform.db.UtcDateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["practice_id", "patient_id"],
            ["patient.practice_id", "patient.id"],
            name=op.f("fk_request_draft_practice_id_patient_id"),
        ),
        sa.PrimaryKeyConstraint("practice_id", "id", name=op.f("pk_request_draft")),
    )
    op.create_index("ix_request_draft_patient", "request_draft", ["practice_id", "patient_id"])
    op.create_index("ix_request_draft_open", "request_draft", ["practice_id", "case_version", "discarded_at", "id"])


def downgrade() -> None:
    """Take it away again."""
    op.drop_table("request_draft")
