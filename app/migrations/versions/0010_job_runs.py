"""Runs of jobs, and the alarm of the watchdog."""

from collections.abc import Sequence

revision: str = "0010_job_runs"
down_revision: str | None = "0009_staff_settings"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    """Make the tables."""


def downgrade() -> None:
    """Drop the tables."""
