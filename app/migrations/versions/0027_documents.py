"""Documents, letters by their versions, and packets as they were sent."""

from collections.abc import Sequence

revision: str = "0027_documents"
down_revision: str | None = "0026_clinical"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    """Make the tables."""


def downgrade() -> None:
    """Take them away again."""
