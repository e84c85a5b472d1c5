"""Documents of the trade, sealed, and their records."""

from collections.abc import Sequence

revision: str = "0033_mailroom"
down_revision: str | None = "0032_course"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    """Nothing yet."""


def downgrade() -> None:
    """Nothing yet."""
