"""Invitations, and links that set a new password."""

from collections.abc import Sequence

revision: str = "0018_invitations"
down_revision: str | None = "0017_factors"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    """Make the tables."""


def downgrade() -> None:
    """Take the tables away again."""
