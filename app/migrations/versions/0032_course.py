"""What was performed at a visit."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

import app.platform.db

revision: str = "0032_course"
down_revision: str | None = "0031_denials"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def _id(name: str, nullable: bool = False) -> sa.Column[object]:
    return sa.Column(name, app.platform.db.Uuid16(length=16), nullable=nullable)


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "performed_visit",
        _id("practice_id"),
        _id("id"),
        _id("patient_id"),
        sa.Column("recorded_at", app.platform.db.UtcDateTime(timezone=True), nullable=False),
        _id("recorded_by", nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        _id("case_id", nullable=True),
        sa.PrimaryKeyConstraint("practice_id", "id", name="pk_performed_visit"),
        sa.ForeignKeyConstraint(
            ["practice_id", "id"], ["visit.practice_id", "visit.id"], name="fk_performed_visit_practice_id_id"
        ),
        sa.ForeignKeyConstraint(
            ["practice_id", "patient_id"],
            ["patient.practice_id", "patient.id"],
            name="fk_performed_visit_practice_id_patient_id",
        ),
        sa.ForeignKeyConstraint(
            ["practice_id", "case_id"],
            ["authorization.practice_id", "authorization.id"],
            name="fk_performed_visit_practice_id_case_id",
        ),
    )
    op.create_index("ix_performed_visit_patient", "performed_visit", ["practice_id", "patient_id"])
    op.create_index("ix_performed_visit_case", "performed_visit", ["practice_id", "case_id"])
    op.create_table(
        "performed_line",
        _id("practice_id"),
        _id("visit_id"),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("units", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("practice_id", "visit_id", "position", name="pk_performed_line"),
        sa.ForeignKeyConstraint(
            ["practice_id", "visit_id"],
            ["performed_visit.practice_id", "performed_visit.id"],
            name="fk_performed_line_practice_id_visit_id",
        ),
        sa.CheckConstraint("units >= 1", name=op.f("ck_performed_line_units_at_least_one")),
    )


def downgrade() -> None:
    """Take them away again."""
    op.drop_table("performed_line")
    op.drop_table("performed_visit")
