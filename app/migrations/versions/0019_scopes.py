"""Patients opened in spite of a person's sight."""

from collections.abc import Sequence

revision: str = "0019_scopes"
down_revision: str | None = "0018_invitations"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    """Make the tables."""


def downgrade() -> None:
    """Take the tables away again."""
