"""What a patient pays for: estimates, consents and notices."""

from collections.abc import Sequence

revision: str = "0043_booking"
down_revision: str | None = "0042_verifications"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    """Change nothing yet."""


def downgrade() -> None:
    """Change nothing yet."""
