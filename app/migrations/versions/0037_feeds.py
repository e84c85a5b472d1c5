"""What appointment feeds have told."""

from collections.abc import Sequence

revision: str = "0037_feeds"
down_revision: str | None = "0036_remittances"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    """Nothing yet."""


def downgrade() -> None:
    """Nothing yet."""
