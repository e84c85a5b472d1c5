"""How each person wants the pages."""

from collections.abc import Sequence

revision: str = "0009_staff_settings"
down_revision: str | None = "0008_patient_desk"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    """Make the tables."""


def downgrade() -> None:
    """Remove them."""
