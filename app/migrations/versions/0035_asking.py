"""What was asked of payers in batches."""

from collections.abc import Sequence

revision: str = "0035_asking"
down_revision: str | None = "0034_eligibility"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    """Nothing yet."""


def downgrade() -> None:
    """Nothing yet."""
