"""Payers' answers to requests, and what came of them."""

from collections.abc import Sequence

revision: str = "0039_payer_answers"
down_revision: str | None = "0038_sentinel"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    """Nothing yet."""


def downgrade() -> None:
    """Nothing yet."""
