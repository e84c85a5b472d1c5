"""Second factors, recovery codes and attempts to sign in."""

from collections.abc import Sequence

revision: str = "0017_factors"
down_revision: str | None = "0016_people"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    """Make the tables."""


def downgrade() -> None:
    """Take the tables away again."""
