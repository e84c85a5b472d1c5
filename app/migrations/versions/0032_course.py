"""What was performed at a visit."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

import app.platform.db
from app.platform.widening import set_choices

revision: str = "0032_course"
down_revision: str | None = "0031_denials"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def _id(name: str, nullable: bool = False) -> sa.Column[object]:
    return sa.Column(name, app.platform.db.Uuid16(length=16), nullable=nullable)


REASONS = (
    "approval_ends", "units_low", "renewal_due", "answer_owed", "information_owed", "peer_to_peer", "retro_due", "appeal",
    "tomorrow", "coverage_changed", "eligibility_stale", "import_stale", "rules_unverified", "denied", "approved",
    "import_failed", "job_late", "reply", "undelivered",
)  # fmt: skip
"""Why someone must be told: a request for what was performed is new among them."""
OF_REASONS = ("alert", "alert_preference")


def _reasons(values: Sequence[str]) -> None:
    for table in OF_REASONS:
        set_choices(op.get_bind(), table, f"ck_{table}_is_reason", "reason", values)


def upgrade() -> None:
    """Make the tables, and let an alert tell of a request after a service."""
    _reasons(REASONS)
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
    # Nothing else is asked of a request that was not sent: the two are never open beside one another.
    op.execute(sa.text("UPDATE alert SET reason = 'information_owed' WHERE reason = 'retro_due'"))
    op.execute(sa.text("DELETE FROM alert_preference WHERE reason = 'retro_due'"))
    _reasons([one for one in REASONS if one != "retro_due"])
