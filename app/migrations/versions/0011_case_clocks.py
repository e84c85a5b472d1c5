"""What the clocks of a case run from: receipts, information asked for, peer-to-peer, appeals, owners."""

from collections.abc import Sequence

revision: str = "0011_case_clocks"
down_revision: str | None = "0010_job_runs"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    """Make the tables."""


def downgrade() -> None:
    """Drop the tables."""
