"""Runs of jobs, and the alarm of the watchdog."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

import app.platform.db

revision: str = "0010_job_runs"
down_revision: str | None = "0009_staff_settings"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "job_run",
        sa.Column("practice_id", app.platform.db.Uuid16(length=16), nullable=False),
        sa.Column("id", app.platform.db.Uuid16(length=16), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("began_at", app.platform.db.UtcDateTime(timezone=True), nullable=False),
        sa.Column("ended_at", app.platform.db.UtcDateTime(timezone=True), nullable=False),
        sa.Column("times", sa.Integer(), nullable=False),
        sa.Column("found", sa.Integer(), nullable=False),
        sa.Column("done", sa.Integer(), nullable=False),
        sa.Column("failed", sa.Integer(), nullable=False),
        sa.Column("incident", sa.String(), nullable=True),
        sa.CheckConstraint("began_at <= ended_at", name=op.f("ck_job_run_began_before_it_ended")),
        sa.CheckConstraint("times >= 1", name=op.f("ck_job_run_at_least_once")),
        sa.CheckConstraint("found >= 0 AND done >= 0 AND failed >= 0", name=op.f("ck_job_run_counts_not_negative")),
        sa.ForeignKeyConstraint(["practice_id"], ["practice.id"], name=op.f("fk_job_run_practice_id")),
        sa.PrimaryKeyConstraint("practice_id", "id", name=op.f("pk_job_run")),
    )
    op.create_index("ix_job_run_latest", "job_run", ["practice_id", "name", "ended_at"])
    op.create_index("ix_job_run_ended", "job_run", ["practice_id", "ended_at"])
    op.create_index(
        "ix_job_run_failed",
        "job_run",
        ["practice_id", "ended_at"],
        sqlite_where=sa.text("(incident IS NOT NULL OR failed > 0)"),
        postgresql_where=sa.text("(incident IS NOT NULL OR failed > 0)"),
    )
    op.create_table(
        "watchdog_alarm",
        sa.Column("practice_id", app.platform.db.Uuid16(length=16), nullable=False),
        sa.Column("id", app.platform.db.Uuid16(length=16), nullable=False),
        sa.Column("since", app.platform.db.UtcDateTime(timezone=True), nullable=False),
        sa.Column("found_at", app.platform.db.UtcDateTime(timezone=True), nullable=False),
        sa.Column("behind", sa.Integer(), nullable=False),
        sa.Column("told", app.platform.db.JsonText(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("next_try_at", app.platform.db.UtcDateTime(timezone=True), nullable=True),
        sa.Column("ended_at", app.platform.db.UtcDateTime(timezone=True), nullable=True),
        sa.CheckConstraint("behind >= 0 AND attempts >= 0", name=op.f("ck_watchdog_alarm_counts_not_negative")),
        sa.ForeignKeyConstraint(["practice_id"], ["practice.id"], name=op.f("fk_watchdog_alarm_practice_id")),
        sa.PrimaryKeyConstraint("practice_id", "id", name=op.f("pk_watchdog_alarm")),
    )
    op.create_index(
        "uq_watchdog_alarm_open",
        "watchdog_alarm",
        ["practice_id"],
        unique=True,
        sqlite_where=sa.text("ended_at IS NULL"),
        postgresql_where=sa.text("ended_at IS NULL"),
    )


def downgrade() -> None:
    """Drop the tables."""
    op.drop_index("uq_watchdog_alarm_open", table_name="watchdog_alarm")
    op.drop_table("watchdog_alarm")
    op.drop_index("ix_job_run_failed", table_name="job_run")
    op.drop_index("ix_job_run_ended", table_name="job_run")
    op.drop_index("ix_job_run_latest", table_name="job_run")
    op.drop_table("job_run")
