"""Open questions and the visits that they hold."""

from collections.abc import Sequence

revision: str = "0003_questions"
down_revision: str | None = "0002_verdict_history"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    """Make the tables."""


def downgrade() -> None:
    """Remove them."""
