"""Who works on a visit, what was asked of whom, and lists as they were printed."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

import app.platform.db

revision: str = "0007_visit_work"
down_revision: str | None = "0006_payer_choices"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "visit_work",
        sa.Column("practice_id", app.platform.db.Uuid16(length=16), nullable=False),
        sa.Column("id", app.platform.db.Uuid16(length=16), nullable=False),
        sa.Column("owner_id", app.platform.db.Uuid16(length=16), nullable=True),
        sa.Column("by_id", app.platform.db.Uuid16(length=16), nullable=True),
        sa.Column("at", app.platform.db.UtcDateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["practice_id", "id"],
            ["visit.practice_id", "visit.id"],
            name=op.f("fk_visit_work_practice_id_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["practice_id", "owner_id"],
            ["staff.practice_id", "staff.id"],
            name=op.f("fk_visit_work_practice_id_owner_id"),
        ),
        sa.PrimaryKeyConstraint("practice_id", "id", name=op.f("pk_visit_work")),
    )
    op.create_index("ix_visit_work_owner", "visit_work", ["practice_id", "owner_id"], unique=False)
    op.create_table(
        "visit_step",
        sa.Column("practice_id", app.platform.db.Uuid16(length=16), nullable=False),
        sa.Column("id", app.platform.db.Uuid16(length=16), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "assigned",
                "self_pay",
                "asked",
                name="is_step_kind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("at", app.platform.db.UtcDateTime(timezone=True), nullable=False),
        sa.Column("by_id", app.platform.db.Uuid16(length=16), nullable=True),
        sa.Column("before", app.platform.db.JsonText(), nullable=False),
        sa.Column("undone_at", app.platform.db.UtcDateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["practice_id"], ["practice.id"], name=op.f("fk_visit_step_practice_id")),
        sa.PrimaryKeyConstraint("practice_id", "id", name=op.f("pk_visit_step")),
    )
    op.create_table(
        "visit_ask",
        sa.Column("practice_id", app.platform.db.Uuid16(length=16), nullable=False),
        sa.Column("id", app.platform.db.Uuid16(length=16), nullable=False),
        sa.Column("visit_id", app.platform.db.Uuid16(length=16), nullable=False),
        sa.Column("step_id", app.platform.db.Uuid16(length=16), nullable=False),
        sa.Column("asked_by", app.platform.db.Uuid16(length=16), nullable=True),
        sa.Column("asked_of", app.platform.db.Uuid16(length=16), nullable=True),
        sa.Column("asked_at", app.platform.db.UtcDateTime(timezone=True), nullable=False),
        sa.Column("note", app.platform.db.SealedText(), nullable=True),
        sa.Column("answered_by", app.platform.db.Uuid16(length=16), nullable=True),
        sa.Column("answered_at", app.platform.db.UtcDateTime(timezone=True), nullable=True),
        sa.Column("answer", app.platform.db.SealedText(), nullable=True),
        sa.CheckConstraint("(answered_at IS NULL) = (answer IS NULL)", name=op.f("ck_visit_ask_answered_with_words")),
        sa.ForeignKeyConstraint(
            ["practice_id", "visit_id"],
            ["visit.practice_id", "visit.id"],
            name=op.f("fk_visit_ask_practice_id_visit_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["practice_id", "step_id"],
            ["visit_step.practice_id", "visit_step.id"],
            name=op.f("fk_visit_ask_practice_id_step_id"),
        ),
        sa.ForeignKeyConstraint(
            ["practice_id", "asked_of"],
            ["staff.practice_id", "staff.id"],
            name=op.f("fk_visit_ask_practice_id_asked_of"),
        ),
        sa.PrimaryKeyConstraint("practice_id", "id", name=op.f("pk_visit_ask")),
    )
    op.create_index("ix_visit_ask_open", "visit_ask", ["practice_id", "answered_at", "asked_at"], unique=False)
    op.create_index("ix_visit_ask_visit", "visit_ask", ["practice_id", "visit_id"], unique=False)
    op.create_table(
        "printed_list",
        sa.Column("practice_id", app.platform.db.Uuid16(length=16), nullable=False),
        sa.Column("id", app.platform.db.Uuid16(length=16), nullable=False),
        sa.Column("printed_at", app.platform.db.UtcDateTime(timezone=True), nullable=False),
        sa.Column("by_id", app.platform.db.Uuid16(length=16), nullable=True),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("visits", sa.Integer(), nullable=False),
        sa.Column("content", app.platform.db.SealedText(), nullable=False),
        sa.CheckConstraint("visits >= 0", name=op.f("ck_printed_list_visits_not_negative")),
        sa.ForeignKeyConstraint(["practice_id"], ["practice.id"], name=op.f("fk_printed_list_practice_id")),
        sa.PrimaryKeyConstraint("practice_id", "id", name=op.f("pk_printed_list")),
    )
    op.create_index("ix_printed_list_day", "printed_list", ["practice_id", "day"], unique=False)


def downgrade() -> None:
    """Remove them."""
    op.drop_index("ix_printed_list_day", table_name="printed_list")
    op.drop_table("printed_list")
    op.drop_index("ix_visit_ask_visit", table_name="visit_ask")
    op.drop_index("ix_visit_ask_open", table_name="visit_ask")
    op.drop_table("visit_ask")
    op.drop_table("visit_step")
    op.drop_index("ix_visit_work_owner", table_name="visit_work")
    op.drop_table("visit_work")
