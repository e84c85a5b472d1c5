"""Remittances: claims, lines, adjustments."""

from collections.abc import Sequence

revision: str = "0036_remittances"
down_revision: str | None = "0035_asking"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    """Nothing yet."""


def downgrade() -> None:
    """Nothing yet."""
