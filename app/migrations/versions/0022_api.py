"""Tokens of the API, and the answers that were given to repeated requests."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

import app.platform.db

revision: str = "0022_api"
down_revision: str | None = "0021_audit_lines"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "api_token",
        sa.Column("practice_id", app.platform.db.Uuid16(length=16), nullable=False),
        sa.Column("id", app.platform.db.Uuid16(length=16), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("digest", sa.LargeBinary(length=32), nullable=False),
        sa.Column("scopes", app.platform.db.JsonText(), nullable=False),
        sa.Column("all_sites", sa.Boolean(), nullable=False),
        sa.Column("per_minute", sa.Integer(), nullable=False),
        sa.Column("made_at", app.platform.db.UtcDateTime(timezone=True), nullable=False),
        sa.Column("made_by", app.platform.db.Uuid16(length=16), nullable=True),
        sa.Column("expires_at", app.platform.db.UtcDateTime(timezone=True), nullable=False),
        sa.Column("last_used_at", app.platform.db.UtcDateTime(timezone=True), nullable=True),
        sa.Column("revoked_at", app.platform.db.UtcDateTime(timezone=True), nullable=True),
        sa.Column("counted_in", app.platform.db.UtcDateTime(timezone=True), nullable=True),
        sa.Column("counted", sa.Integer(), nullable=False),
        sa.CheckConstraint("made_at < expires_at", name=op.f("ck_api_token_made_before_it_expires")),
        sa.CheckConstraint("per_minute >= 1 AND counted >= 0", name=op.f("ck_api_token_counts_not_negative")),
        sa.ForeignKeyConstraint(["practice_id"], ["practice.id"], name=op.f("fk_api_token_practice_id")),
        sa.PrimaryKeyConstraint("practice_id", "id", name=op.f("pk_api_token")),
        sa.UniqueConstraint("digest", name="uq_api_token_digest"),
        sa.UniqueConstraint("practice_id", "name", name="uq_api_token_name"),
    )
    op.create_table(
        "api_token_sight",
        sa.Column("practice_id", app.platform.db.Uuid16(length=16), nullable=False),
        sa.Column("token_id", app.platform.db.Uuid16(length=16), nullable=False),
        sa.Column("site_id", app.platform.db.Uuid16(length=16), nullable=False),
        sa.ForeignKeyConstraint(
            ["practice_id", "token_id"],
            ["api_token.practice_id", "api_token.id"],
            name=op.f("fk_api_token_sight_practice_id_token_id"),
        ),
        sa.ForeignKeyConstraint(
            ["practice_id", "site_id"],
            ["site.practice_id", "site.id"],
            name=op.f("fk_api_token_sight_practice_id_site_id"),
        ),
        sa.PrimaryKeyConstraint("practice_id", "token_id", "site_id", name=op.f("pk_api_token_sight")),
    )
    op.create_index("ix_api_token_sight_site", "api_token_sight", ["practice_id", "site_id"])
    op.create_table(
        "api_answer",
        sa.Column("practice_id", app.platform.db.Uuid16(length=16), nullable=False),
        sa.Column("id", app.platform.db.Uuid16(length=16), nullable=False),
        sa.Column("token_id", app.platform.db.Uuid16(length=16), nullable=False),
        sa.Column("key_index", sa.LargeBinary(length=16), nullable=False),
        sa.Column("request_index", sa.LargeBinary(length=16), nullable=False),
        sa.Column("at", app.platform.db.UtcDateTime(timezone=True), nullable=False),
        sa.Column("status", sa.Integer(), nullable=False),
        sa.Column("answer", app.platform.db.SealedText(), nullable=False),
        sa.CheckConstraint("status BETWEEN 200 AND 299", name=op.f("ck_api_answer_of_what_was_done")),
        sa.ForeignKeyConstraint(
            ["practice_id", "token_id"],
            ["api_token.practice_id", "api_token.id"],
            name=op.f("fk_api_answer_practice_id_token_id"),
        ),
        sa.PrimaryKeyConstraint("practice_id", "id", name=op.f("pk_api_answer")),
        sa.UniqueConstraint("practice_id", "token_id", "key_index", name="uq_api_answer_key"),
    )
    op.create_index("ix_api_answer_at", "api_answer", ["practice_id", "at"])


def downgrade() -> None:
    """Take the tables away again; every token opens nothing then."""
    op.drop_table("api_answer")
    op.drop_table("api_token_sight")
    op.drop_table("api_token")
