"""How each person is told, absences, and who is on call."""

from collections.abc import Sequence

revision: str = "0015_alert_people"
down_revision: str | None = "0014_texts"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    """Make the tables."""


def downgrade() -> None:
    """Drop the tables."""
