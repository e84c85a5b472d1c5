"""What an import replaced, and names matched to payers."""

from collections.abc import Sequence

revision: str = "0005_import_undo"
down_revision: str | None = "0004_import_drafts"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    """Make the tables."""


def downgrade() -> None:
    """Remove them."""
