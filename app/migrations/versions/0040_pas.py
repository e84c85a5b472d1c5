"""Requests sent by PAS, and the notifications that are owed."""

from collections.abc import Sequence

revision: str = "0040_pas"
down_revision: str | None = "0039_payer_answers"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    """Nothing yet."""


def downgrade() -> None:
    """Nothing yet."""
