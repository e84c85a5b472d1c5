"""How each person wants the pages; forms kept over a lost session; steps of the first hour that were skipped."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

import app.platform.db

revision: str = "0009_staff_settings"
down_revision: str | None = "0008_patient_desk"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "skipped_step",
        sa.Column("practice_id", app.platform.db.Uuid16(length=16), nullable=False),
        sa.Column("step", sa.String(), nullable=False),
        sa.Column("skipped_at", app.platform.db.UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["practice_id"], ["practice.id"], name=op.f("fk_skipped_step_practice_id")),
        sa.PrimaryKeyConstraint("practice_id", "step", name=op.f("pk_skipped_step")),
    )
    op.create_table(
        "staff_look",
        sa.Column("practice_id", app.platform.db.Uuid16(length=16), nullable=False),
        sa.Column("staff_id", app.platform.db.Uuid16(length=16), nullable=False),
        sa.Column(
            "theme",
            sa.Enum("auto", "light", "dark", name="is_theme", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column(
            "density",
            sa.Enum("comfortable", "compact", name="is_density", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column("single_keys", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["practice_id", "staff_id"],
            ["staff.practice_id", "staff.id"],
            name=op.f("fk_staff_look_practice_id_staff_id"),
        ),
        sa.PrimaryKeyConstraint("practice_id", "staff_id", name=op.f("pk_staff_look")),
    )
    op.create_table(
        "kept_form",
        sa.Column("practice_id", app.platform.db.Uuid16(length=16), nullable=False),
        sa.Column("id", app.platform.db.Uuid16(length=16), nullable=False),
        sa.Column("staff_id", app.platform.db.Uuid16(length=16), nullable=False),
        sa.Column("path", sa.String(), nullable=False),
        sa.Column("typed", app.platform.db.SealedText(), nullable=False),
        sa.Column("files", sa.Integer(), nullable=False),
        sa.Column("saved_at", app.platform.db.UtcDateTime(timezone=True), nullable=False),
        sa.CheckConstraint("files >= 0", name=op.f("ck_kept_form_files_not_negative")),
        sa.ForeignKeyConstraint(
            ["practice_id", "staff_id"],
            ["staff.practice_id", "staff.id"],
            name=op.f("fk_kept_form_practice_id_staff_id"),
        ),
        sa.PrimaryKeyConstraint("practice_id", "id", name=op.f("pk_kept_form")),
    )
    op.create_index("ix_kept_form_staff", "kept_form", ["practice_id", "staff_id"])


def downgrade() -> None:
    """Remove them."""
    op.drop_index("ix_kept_form_staff", table_name="kept_form")
    op.drop_table("kept_form")
    op.drop_table("staff_look")
    op.drop_table("skipped_step")
