"""The list of cases, and until when one is put aside."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

import app.platform.db

revision: str = "0030_casebook"
down_revision: str | None = "0029_case_entries"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

_QUEUES = (
    "all", "open", "unassigned", "payer", "provider", "info", "adverse", "ending", "units", "renewal", "retro", "plan", "snoozed", "defect",
)  # fmt: skip
_STATUSES = (
    "draft", "needs_documents", "ready", "approved", "partly_approved", "submitted", "more_info", "denied", "in_appeal",
    "not_required", "notified", "withdrawn", "dismissed", "voided", "closed",
)  # fmt: skip
_STEPS = ("assigned", "next_action", "snoozed")


def _id(name: str, nullable: bool = False) -> sa.Column[object]:
    return sa.Column(name, app.platform.db.Uuid16(length=16), nullable=nullable)


def _choice(name: str, kind: str, values: Sequence[str]) -> sa.Column[str]:
    made = sa.Enum(*values, name=kind, native_enum=False, create_constraint=True, length=40)
    return sa.Column(name, made, nullable=False)


def _tie(table: str, column: str, to: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["practice_id", column], [f"{to}.practice_id", f"{to}.id"], name=op.f(f"fk_{table}_practice_id_{column}")
    )


def upgrade() -> None:
    """Make the tables, and mark every patient who has a case, so that the list is made of what is on file."""
    op.create_table(
        "case_listing",
        _id("practice_id"),
        _choice("queue", "is_queue", _QUEUES),
        sa.Column("due_on", sa.Date(), nullable=False),
        _id("case_id"),
        _id("patient_id"),
        _choice("status", "is_status", _STATUSES),
        sa.Column("payer", sa.String(), nullable=False),
        _id("owner_id", nullable=True),
        sa.Column("hidden_until", sa.Date(), nullable=True),
        sa.Column("code", sa.String(), nullable=True),
        sa.Column("again_on", sa.Date(), nullable=True),
        _tie("case_listing", "case_id", "authorization"),
        _tie("case_listing", "patient_id", "patient"),
        _tie("case_listing", "owner_id", "staff"),
        sa.PrimaryKeyConstraint("practice_id", "queue", "due_on", "case_id", name=op.f("pk_case_listing")),
    )
    op.create_index("ix_case_listing_case", "case_listing", ["practice_id", "case_id", "queue"])
    op.create_index("ix_case_listing_patient", "case_listing", ["practice_id", "patient_id"])
    for name, column in (("owner", "owner_id"), ("payer", "payer"), ("status", "status")):
        op.create_index(
            f"ix_case_listing_{name}", "case_listing", ["practice_id", "queue", column, "due_on", "case_id"]
        )
    for name, column in (("code", "code"), ("again", "again_on")):
        given = sa.text(f"{column} IS NOT NULL")
        op.create_index(
            f"ix_case_listing_{name}",
            "case_listing",
            ["practice_id", column],
            sqlite_where=given,
            postgresql_where=given,
        )
    op.create_table(
        "case_dirty",
        _id("practice_id"),
        _id("patient_id"),
        _id("mark"),
        _tie("case_dirty", "patient_id", "patient"),
        sa.PrimaryKeyConstraint("practice_id", "patient_id", name=op.f("pk_case_dirty")),
    )
    op.create_table(
        "case_snooze",
        _id("practice_id"),
        _id("id"),
        sa.Column("until", sa.Date(), nullable=False),
        _id("by_id", nullable=True),
        sa.Column("at", app.platform.db.UtcDateTime(timezone=True), nullable=False),
        _tie("case_snooze", "id", "authorization"),
        sa.PrimaryKeyConstraint("practice_id", "id", name=op.f("pk_case_snooze")),
    )
    op.create_table(
        "case_step",
        _id("practice_id"),
        _id("id"),
        _choice("kind", "is_case_step_kind", _STEPS),
        sa.Column("at", app.platform.db.UtcDateTime(timezone=True), nullable=False),
        _id("by_id", nullable=True),
        sa.Column("before", app.platform.db.SealedText(), nullable=False),
        sa.Column("undone_at", app.platform.db.UtcDateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["practice_id"], ["practice.id"], name=op.f("fk_case_step_practice_id")),
        sa.PrimaryKeyConstraint("practice_id", "id", name=op.f("pk_case_step")),
    )
    op.execute(
        sa.text(
            "INSERT INTO case_dirty (practice_id, patient_id, mark) "
            'SELECT DISTINCT practice_id, patient_id, patient_id FROM "authorization"'
        )
    )


def downgrade() -> None:
    """Take them away again."""
    for table in ("case_step", "case_snooze", "case_dirty", "case_listing"):
        op.drop_table(table)
