"""What happened on a case: calls, faxes, notes, decisions."""

from collections.abc import Sequence

revision: str = "0029_case_entries"
down_revision: str | None = "0028_requests"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    """Make the tables."""


def downgrade() -> None:
    """Take them away again."""
