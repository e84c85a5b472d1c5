"""Clinical facts with their dates and sources, and what is asked of providers."""

from collections.abc import Sequence

revision: str = "0026_clinical"
down_revision: str | None = "0025_case_life"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    """Make the tables."""


def downgrade() -> None:
    """Take them away again."""
