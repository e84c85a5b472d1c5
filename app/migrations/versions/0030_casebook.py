"""The list of cases, and until when one is put aside."""

from collections.abc import Sequence

revision: str = "0030_casebook"
down_revision: str | None = "0029_case_entries"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    """Make the tables."""


def downgrade() -> None:
    """Take them away again."""
