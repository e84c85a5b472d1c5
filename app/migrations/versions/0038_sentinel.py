"""Changes of plans, and what they touched."""

from collections.abc import Sequence

revision: str = "0038_sentinel"
down_revision: str | None = "0037_feeds"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    """Nothing yet."""


def downgrade() -> None:
    """Nothing yet."""
