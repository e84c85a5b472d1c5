"""Backups that were made and tried."""

from collections.abc import Sequence

revision: str = "0023_backups"
down_revision: str | None = "0022_api"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    """Make the tables."""


def downgrade() -> None:
    """Take the tables away again."""
