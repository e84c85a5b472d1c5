"""Free words at rest are sealed."""

from collections.abc import Sequence

revision: str = "0020_sealed_notes"
down_revision: str | None = "0019_scopes"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    """Make the tables."""


def downgrade() -> None:
    """Take the tables away again."""
