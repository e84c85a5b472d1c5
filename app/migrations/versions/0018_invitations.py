"""Invitations, and codes that let a person choose another password; who must change theirs, and who signed in when."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

import app.platform.db

revision: str = "0018_invitations"
down_revision: str | None = "0017_factors"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

OPEN = sa.text("used_at IS NULL AND ended_at IS NULL")


def upgrade() -> None:
    """Make the tables; who is on file keeps the password."""
    # Columns with a default need no new table on SQLite, where others name this one.
    op.add_column("staff", sa.Column("must_change", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.add_column("staff", sa.Column("signed_in_at", app.platform.db.UtcDateTime(timezone=True), nullable=True))
    _make_codes()
    op.create_table(
        "one_time_code_digest",
        sa.Column("digest", sa.LargeBinary(length=32), nullable=False),
        sa.Column("practice_id", app.platform.db.Uuid16(length=16), nullable=False),
        sa.Column("code_id", app.platform.db.Uuid16(length=16), nullable=False),
        sa.ForeignKeyConstraint(
            ["practice_id", "code_id"],
            ["one_time_code.practice_id", "one_time_code.id"],
            name=op.f("fk_one_time_code_digest_code"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_one_time_code_digest")),
    )
    op.create_index("ix_one_time_code_digest_code", "one_time_code_digest", ["practice_id", "code_id"])
    op.create_table(
        "reset_asked",
        sa.Column("practice_id", app.platform.db.Uuid16(length=16), nullable=False),
        sa.Column("id", app.platform.db.Uuid16(length=16), nullable=False),
        sa.Column("typed", app.platform.db.SealedText(), nullable=True),
        sa.Column("source", sa.String(), nullable=True),
        sa.Column("asked_at", app.platform.db.UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["practice_id"], ["practice.id"], name=op.f("fk_reset_asked_practice_id")),
        sa.PrimaryKeyConstraint("practice_id", "id", name=op.f("pk_reset_asked")),
    )
    op.create_index("ix_reset_asked_at", "reset_asked", ["practice_id", "asked_at"])


def _make_codes() -> None:
    op.create_table(
        "one_time_code",
        sa.Column("practice_id", app.platform.db.Uuid16(length=16), nullable=False),
        sa.Column("id", app.platform.db.Uuid16(length=16), nullable=False),
        sa.Column("staff_id", app.platform.db.Uuid16(length=16), nullable=False),
        sa.Column("kind", _one_of("is_code_kind", "invitation", "reset"), nullable=False),
        sa.Column("way", _one_of("is_code_way", "email", "printed"), nullable=False),
        sa.Column("made_at", app.platform.db.UtcDateTime(timezone=True), nullable=False),
        sa.Column("expires_at", app.platform.db.UtcDateTime(timezone=True), nullable=False),
        sa.Column("made_by", app.platform.db.Uuid16(length=16), nullable=True),
        sa.Column("used_at", app.platform.db.UtcDateTime(timezone=True), nullable=True),
        sa.Column("ended_at", app.platform.db.UtcDateTime(timezone=True), nullable=True),
        sa.CheckConstraint("made_at <= expires_at", name=op.f("ck_one_time_code_made_before_it_expires")),
        sa.ForeignKeyConstraint(
            ["practice_id", "staff_id"],
            ["staff.practice_id", "staff.id"],
            name=op.f("fk_one_time_code_practice_id_staff_id"),
        ),
        sa.PrimaryKeyConstraint("practice_id", "id", name=op.f("pk_one_time_code")),
    )
    op.create_index(
        "uq_one_time_code_open",
        "one_time_code",
        ["practice_id", "staff_id", "kind"],
        unique=True,
        sqlite_where=OPEN,
        postgresql_where=OPEN,
    )
    op.create_index("ix_one_time_code_staff", "one_time_code", ["practice_id", "staff_id", "id"])


def _one_of(name: str, *values: str) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=40)


def downgrade() -> None:
    """Take the tables away again. Who was invited and has not accepted stays, and may not sign in."""
    op.drop_table("reset_asked")
    op.drop_table("one_time_code_digest")
    op.drop_table("one_time_code")
    op.drop_column("staff", "signed_in_at")
    op.drop_column("staff", "must_change")
