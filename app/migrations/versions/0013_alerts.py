"""What is watched, alerts, and whom they were told to."""

from collections.abc import Sequence

revision: str = "0013_alerts"
down_revision: str | None = "0012_outbox"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    """Make the tables."""


def downgrade() -> None:
    """Drop the tables."""
