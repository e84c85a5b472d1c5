"""Row-level security, a second wall on PostgreSQL.

Nothing is written here about tables by name: the wall goes around every table with a practice that there is, now and
again after each later migration (app/platform/wall.py).
"""

from collections.abc import Sequence

from alembic import op

from app.platform.wall import lower_wall, raise_wall

revision: str = "0024_row_security"
down_revision: str | None = "0023_backups"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    """Raise the wall."""
    raise_wall(op.get_bind())


def downgrade() -> None:
    """Take it down."""
    lower_wall(op.get_bind())
