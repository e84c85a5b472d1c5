"""Changes of plans, the visits that they touch and the approvals that they void."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

import app.platform.db

revision: str = "0038_sentinel"
down_revision: str | None = "0037_feeds"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def _id(name: str, nullable: bool = False) -> sa.Column[object]:
    return sa.Column(name, app.platform.db.Uuid16(length=16), nullable=nullable)


def _instant(name: str, nullable: bool = True) -> sa.Column[object]:
    return sa.Column(name, app.platform.db.UtcDateTime(timezone=True), nullable=nullable)


def _of_change(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["practice_id", "change_id"],
        ["plan_change.practice_id", "plan_change.id"],
        name=f"fk_{table}_practice_id_change_id",
    )


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "plan_change",
        _id("practice_id"),
        _id("id"),
        _id("patient_id"),
        _id("coverage_id"),
        _instant("at", nullable=False),
        sa.Column("turns", sa.String(), nullable=False),
        sa.Column("content", app.platform.db.SealedText(), nullable=False),
        sa.Column("digest", sa.LargeBinary(length=16), nullable=False),
        _instant("worked_at"),
        sa.Column("tells", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("practice_id", "id", name="pk_plan_change"),
        sa.ForeignKeyConstraint(
            ["practice_id", "patient_id"],
            ["patient.practice_id", "patient.id"],
            name="fk_plan_change_practice_id_patient_id",
        ),
        sa.UniqueConstraint("practice_id", "coverage_id", "digest", name="uq_plan_change_once"),
    )
    op.create_index("ix_plan_change_worked", "plan_change", ["practice_id", "worked_at", "id"])
    op.create_index("ix_plan_change_listed", "plan_change", ["practice_id", "tells", "at", "id"])
    op.create_index("ix_plan_change_patient", "plan_change", ["practice_id", "patient_id"])
    op.create_table(
        "plan_change_visit",
        _id("practice_id"),
        _id("change_id"),
        _id("visit_id"),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("before", sa.String(), nullable=False),
        sa.Column("after", sa.String(), nullable=False),
        sa.Column("reason", sa.Integer(), nullable=True),
        sa.PrimaryKeyConstraint("practice_id", "change_id", "visit_id", name="pk_plan_change_visit"),
        _of_change("plan_change_visit"),
    )
    op.create_table(
        "plan_change_approval",
        _id("practice_id"),
        _id("change_id"),
        _id("approval_id"),
        sa.Column("first_day", sa.Date(), nullable=True),
        _id("request_id", nullable=True),
        _instant("settled_at"),
        sa.PrimaryKeyConstraint("practice_id", "change_id", "approval_id", name="pk_plan_change_approval"),
        _of_change("plan_change_approval"),
    )
    for name, column in (("approval", "approval_id"), ("request", "request_id")):
        op.create_index(f"ix_plan_change_approval_{name}", "plan_change_approval", ["practice_id", column])
    op.create_index("ix_plan_change_approval_open", "plan_change_approval", ["practice_id", "settled_at", "first_day"])


def downgrade() -> None:
    """Take them away again."""
    op.drop_table("plan_change_approval")
    op.drop_table("plan_change_visit")
    op.drop_table("plan_change")
