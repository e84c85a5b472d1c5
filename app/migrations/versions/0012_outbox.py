"""Messages on their way out, and what became of them."""

from collections.abc import Sequence

revision: str = "0012_outbox"
down_revision: str | None = "0011_case_clocks"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    """Make the tables."""


def downgrade() -> None:
    """Drop the tables."""
