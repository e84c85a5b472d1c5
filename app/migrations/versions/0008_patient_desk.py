"""What happened to coverages, and finding patients."""

from collections.abc import Sequence

revision: str = "0008_patient_desk"
down_revision: str | None = "0007_visit_work"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    """Make the tables."""


def downgrade() -> None:
    """Remove them."""
