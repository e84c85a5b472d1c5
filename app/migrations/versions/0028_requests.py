"""Requests while they are being written."""

from collections.abc import Sequence

revision: str = "0028_requests"
down_revision: str | None = "0027_documents"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    """Make the tables."""


def downgrade() -> None:
    """Take them away again."""
