"""Files under way to be imported."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

import app.platform.db

revision: str = "0004_import_drafts"
down_revision: str | None = "0003_questions"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

STATES = ("matching", "to_check", "checking", "checked", "to_confirm", "confirming", "done", "failed")
KINDS = ("schedule", "coverage", "authorizations")


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "import_draft",
        sa.Column("practice_id", app.platform.db.Uuid16(length=16), nullable=False),
        sa.Column("id", app.platform.db.Uuid16(length=16), nullable=False),
        sa.Column(
            "state",
            sa.Enum(*STATES, name="is_draft_state", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column(
            "kind",
            sa.Enum(*KINDS, name="is_kind", native_enum=False, create_constraint=True, length=40),
            nullable=True,
        ),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(), nullable=False),
        sa.Column("rows", sa.Integer(), nullable=False),
        sa.Column("done", sa.Integer(), nullable=False),
        sa.Column("columns", app.platform.db.JsonText(), nullable=True),
        sa.Column("began_at", app.platform.db.UtcDateTime(timezone=True), nullable=False),
        sa.Column("began_by", app.platform.db.Uuid16(length=16), nullable=True),
        sa.Column("changed_at", app.platform.db.UtcDateTime(timezone=True), nullable=False),
        sa.Column("ended_by", app.platform.db.Uuid16(length=16), nullable=True),
        sa.Column("run_id", app.platform.db.Uuid16(length=16), nullable=True),
        sa.Column("head", app.platform.db.SealedText(), nullable=False),
        sa.Column("content", app.platform.db.SealedText(), nullable=False),
        sa.Column("edits", app.platform.db.SealedText(), nullable=True),
        sa.Column("summary", app.platform.db.SealedText(), nullable=True),
        sa.Column("refused", app.platform.db.SealedText(), nullable=True),
        sa.ForeignKeyConstraint(["practice_id"], ["practice.id"], name=op.f("fk_import_draft_practice_id")),
        sa.PrimaryKeyConstraint("practice_id", "id", name=op.f("pk_import_draft")),
    )
    with op.batch_alter_table("import_draft", schema=None) as batch_op:
        batch_op.create_index("ix_import_draft_began", ["practice_id", "began_at"], unique=False)


def downgrade() -> None:
    """Remove it. Files under way are lost; what was confirmed stays."""
    with op.batch_alter_table("import_draft", schema=None) as batch_op:
        batch_op.drop_index("ix_import_draft_began")

    op.drop_table("import_draft")
