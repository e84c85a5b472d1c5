"""Backups that were made and tried, and practices that came from one."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

import app.platform.db

revision: str = "0023_backups"
down_revision: str | None = "0022_api"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

GOOD, TESTED = "name IS NOT NULL AND removed_at IS NULL AND NOT elsewhere", "tested_at IS NOT NULL"


def upgrade() -> None:
    """Make the table; no practice that is here came from a backup."""
    op.add_column("practice", sa.Column("restored_at", app.platform.db.UtcDateTime(timezone=True), nullable=True))
    op.create_table(
        "backup",
        sa.Column("practice_id", app.platform.db.Uuid16(length=16), nullable=False),
        sa.Column("id", app.platform.db.Uuid16(length=16), nullable=False),
        sa.Column("began_at", app.platform.db.UtcDateTime(timezone=True), nullable=False),
        sa.Column("ended_at", app.platform.db.UtcDateTime(timezone=True), nullable=False),
        sa.Column("name", sa.String(), nullable=True),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("sha256", sa.String(), nullable=True),
        sa.Column("revision", sa.String(), nullable=True),
        sa.Column("rows", sa.BigInteger(), nullable=False),
        sa.Column("elsewhere", sa.Boolean(), nullable=False),
        sa.Column("why", sa.String(), nullable=True),
        sa.Column("tested_at", app.platform.db.UtcDateTime(timezone=True), nullable=True),
        sa.Column(
            "tested",
            sa.Enum("passed", "failed", name="is_proof", native_enum=False, create_constraint=True, length=40),
            nullable=True,
        ),
        sa.Column("test_why", sa.String(), nullable=True),
        sa.Column("test_seconds", sa.Integer(), nullable=True),
        sa.Column("removed_at", app.platform.db.UtcDateTime(timezone=True), nullable=True),
        sa.CheckConstraint("name IS NOT NULL OR why IS NOT NULL", name=op.f("ck_backup_made_or_failed")),
        sa.CheckConstraint("(tested IS NULL) = (tested_at IS NULL)", name=op.f("ck_backup_test_is_whole")),
        sa.ForeignKeyConstraint(["practice_id"], ["practice.id"], name=op.f("fk_backup_practice_id")),
        sa.PrimaryKeyConstraint("practice_id", "id", name=op.f("pk_backup")),
    )
    op.create_index("ix_backup_began", "backup", ["practice_id", "began_at"])
    for name, column, which in (("good", "began_at", GOOD), ("tested", "tested_at", TESTED)):
        where = sa.text(which)
        columns = ["practice_id", column]
        op.create_index(f"ix_backup_{name}", "backup", columns, sqlite_where=where, postgresql_where=where)


def downgrade() -> None:
    """Take the table away again."""
    for name in ("tested", "good", "began"):
        op.drop_index(f"ix_backup_{name}", table_name="backup")
    op.drop_table("backup")
    op.drop_column("practice", "restored_at")
