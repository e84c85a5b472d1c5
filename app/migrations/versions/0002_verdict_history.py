"""Past verdicts and accepted risks."""

from collections.abc import Sequence

revision: str = "0002_verdict_history"
down_revision: str | None = "0001_first_tables"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    """Make the tables."""


def downgrade() -> None:
    """Remove them."""
