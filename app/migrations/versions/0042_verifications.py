"""When a rule was last verified with its payer, and by whom."""

from collections.abc import Sequence

revision: str = "0042_verifications"
down_revision: str | None = "0041_rule_proposals"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    """Change nothing yet."""


def downgrade() -> None:
    """Change nothing yet."""
