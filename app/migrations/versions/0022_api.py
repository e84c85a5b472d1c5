"""Tokens of the API, and the answers that were given to repeated requests."""

from collections.abc import Sequence

revision: str = "0022_api"
down_revision: str | None = "0021_audit_lines"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    """Make the tables."""


def downgrade() -> None:
    """Take the tables away again."""
