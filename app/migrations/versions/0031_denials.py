"""Denials, exemptions from approval, and drugs that a pharmacy sends."""

from collections.abc import Sequence

revision: str = "0031_denials"
down_revision: str | None = "0030_casebook"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    """Make the tables."""


def downgrade() -> None:
    """Take them away again."""
