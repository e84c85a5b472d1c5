"""What was asked beside what was granted, the links of a chain, what was only said, and the states of a case."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

import app.platform.db
from app.platform.widening import set_choices

revision: str = "0025_case_life"
down_revision: str | None = "0024_row_security"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

BEFORE = (
    "draft", "approved", "partly_approved", "submitted", "more_info", "denied", "in_appeal", "not_required", "notified",
    "withdrawn", "dismissed", "voided",
)  # fmt: skip
AFTER = ("draft", "needs_documents", "ready", *BEFORE[1:], "closed")


def upgrade() -> None:
    """Add the columns and let the new states be stored."""
    # Columns with a default need no new table on SQLite, where others name this one.
    op.add_column("authorization", sa.Column("requested", sa.String(), nullable=False, server_default=""))
    op.add_column("authorization", sa.Column("parent_id", app.platform.db.Uuid16(length=16), nullable=True))
    op.add_column("authorization", sa.Column("verbal", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.add_column("authorization", sa.Column("too_early_until", sa.Date(), nullable=True))
    op.create_index("ix_authorization_parent", "authorization", ["practice_id", "parent_id"])
    set_choices(op.get_bind(), "authorization", "ck_authorization_is_status", "status", AFTER)


def downgrade() -> None:
    """Bring the new states back to those that stood for them, and take the columns away again."""
    op.execute(sa.text("UPDATE \"authorization\" SET status = 'draft' WHERE status IN ('needs_documents', 'ready')"))
    op.execute(sa.text("UPDATE \"authorization\" SET status = 'voided' WHERE status = 'closed'"))
    set_choices(op.get_bind(), "authorization", "ck_authorization_is_status", "status", BEFORE)
    op.drop_index("ix_authorization_parent", "authorization")
    op.drop_column("authorization", "too_early_until")
    op.drop_column("authorization", "verbal")
    op.drop_column("authorization", "parent_id")
    op.drop_column("authorization", "requested")
