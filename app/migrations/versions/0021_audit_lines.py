"""The audit log says from where and why, and is found by whom it was about."""

from collections.abc import Sequence

revision: str = "0021_audit_lines"
down_revision: str | None = "0020_sealed_notes"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    """Make the tables."""


def downgrade() -> None:
    """Take the tables away again."""
