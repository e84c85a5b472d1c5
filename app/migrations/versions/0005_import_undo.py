"""What an import replaced, and names matched to payers."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

import app.platform.db

revision: str = "0005_import_undo"
down_revision: str | None = "0004_import_drafts"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "import_piece",
        sa.Column("practice_id", app.platform.db.Uuid16(length=16), nullable=False),
        sa.Column("id", app.platform.db.Uuid16(length=16), nullable=False),
        sa.Column("run_id", app.platform.db.Uuid16(length=16), nullable=False),
        sa.Column("at", app.platform.db.UtcDateTime(timezone=True), nullable=False),
        sa.Column("counts", app.platform.db.JsonText(), nullable=False),
        sa.Column("content", app.platform.db.SealedText(), nullable=False),
        sa.Column("undone_at", app.platform.db.UtcDateTime(timezone=True), nullable=True),
        sa.Column("restored", app.platform.db.JsonText(), nullable=True),
        sa.ForeignKeyConstraint(["practice_id"], ["practice.id"], name=op.f("fk_import_piece_practice_id")),
        sa.PrimaryKeyConstraint("practice_id", "id", name=op.f("pk_import_piece")),
    )
    with op.batch_alter_table("import_piece", schema=None) as batch_op:
        batch_op.create_index("ix_import_piece_run", ["practice_id", "run_id"], unique=False)
        batch_op.create_index("ix_import_piece_at", ["practice_id", "at"], unique=False)

    op.create_table(
        "import_undo",
        sa.Column("practice_id", app.platform.db.Uuid16(length=16), nullable=False),
        sa.Column("id", app.platform.db.Uuid16(length=16), nullable=False),
        sa.Column("began_at", app.platform.db.UtcDateTime(timezone=True), nullable=False),
        sa.Column("ended_at", app.platform.db.UtcDateTime(timezone=True), nullable=True),
        sa.Column("user_id", app.platform.db.Uuid16(length=16), nullable=True),
        sa.Column("done", app.platform.db.JsonText(), nullable=False),
        sa.Column("left", app.platform.db.JsonText(), nullable=False),
        sa.ForeignKeyConstraint(["practice_id"], ["practice.id"], name=op.f("fk_import_undo_practice_id")),
        sa.PrimaryKeyConstraint("practice_id", "id", name=op.f("pk_import_undo")),
    )
    op.create_table(
        "payer_match",
        sa.Column("practice_id", app.platform.db.Uuid16(length=16), nullable=False),
        sa.Column("id", app.platform.db.Uuid16(length=16), nullable=False),
        sa.Column("folded", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("local", sa.String(), nullable=False),
        sa.Column("payer", sa.String(), nullable=True),
        sa.Column("matched_at", app.platform.db.UtcDateTime(timezone=True), nullable=False),
        sa.Column("user_id", app.platform.db.Uuid16(length=16), nullable=True),
        sa.Column("moved", app.platform.db.JsonText(), nullable=True),
        sa.ForeignKeyConstraint(["practice_id"], ["practice.id"], name=op.f("fk_payer_match_practice_id")),
        sa.PrimaryKeyConstraint("practice_id", "id", name=op.f("pk_payer_match")),
        sa.UniqueConstraint("practice_id", "local", name="uq_payer_match_local"),
    )
    for table in ("coverage", "authorization"):
        with op.batch_alter_table(table, schema=None) as batch_op:
            batch_op.create_index(f"ix_{table}_payer", ["practice_id", "payer", "patient_id"], unique=False)


def downgrade() -> None:
    """Remove them. What was brought in stays; it can no longer be undone, and matched names stay under their payers."""
    for table in ("authorization", "coverage"):
        with op.batch_alter_table(table, schema=None) as batch_op:
            batch_op.drop_index(f"ix_{table}_payer")

    op.drop_table("payer_match")
    op.drop_table("import_undo")
    with op.batch_alter_table("import_piece", schema=None) as batch_op:
        batch_op.drop_index("ix_import_piece_at")
        batch_op.drop_index("ix_import_piece_run")

    op.drop_table("import_piece")
