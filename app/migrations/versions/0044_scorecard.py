"""What people said of rules that denials followed."""

from collections.abc import Sequence

revision: str = "0044_scorecard"
down_revision: str | None = "0043_booking"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    """Change nothing yet."""


def downgrade() -> None:
    """Change nothing yet."""
