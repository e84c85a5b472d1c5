"""Rule sets that wait for acceptance, and what people did with them."""

from collections.abc import Sequence

revision: str = "0041_rule_proposals"
down_revision: str | None = "0040_pas"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    """Change nothing yet."""


def downgrade() -> None:
    """Change nothing yet."""
