"""Who works on a visit, and what was asked of whom."""

from collections.abc import Sequence

revision: str = "0007_visit_work"
down_revision: str | None = "0006_payer_choices"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    """Make the tables."""


def downgrade() -> None:
    """Remove them."""
