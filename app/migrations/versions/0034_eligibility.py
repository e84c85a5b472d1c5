"""Eligibility checks and what they said."""

from collections.abc import Sequence

revision: str = "0034_eligibility"
down_revision: str | None = "0033_mailroom"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    """Nothing yet."""


def downgrade() -> None:
    """Nothing yet."""
