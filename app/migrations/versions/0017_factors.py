"""Second factors, recovery codes and attempts to sign in."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

import app.platform.db

revision: str = "0017_factors"
down_revision: str | None = "0016_people"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def _id(name: str, nullable: bool = False) -> sa.Column[object]:
    return sa.Column(name, app.platform.db.Uuid16(length=16), nullable=nullable)


def _instant(name: str, nullable: bool = False) -> sa.Column[object]:
    return sa.Column(name, app.platform.db.UtcDateTime(timezone=True), nullable=nullable)


def _of_staff(table: str) -> sa.ForeignKeyConstraint:
    named = op.f(f"fk_{table}_practice_id_staff_id")
    return sa.ForeignKeyConstraint(["practice_id", "staff_id"], ["staff.practice_id", "staff.id"], name=named)


def _choice(name: str, column: str, *values: str) -> sa.Column[str]:
    kind = sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=40)
    return sa.Column(column, kind, nullable=False)


def upgrade() -> None:
    """Make the tables; locks of sign-in are counted there from now on."""
    op.drop_column("staff", "locked_until")
    op.create_table(
        "staff_factor",
        _id("practice_id"),
        _id("id"),
        _id("staff_id"),
        _choice("is_factor", "kind", "totp", "passkey", "recovery"),
        sa.Column("name", sa.String(), nullable=False),
        _instant("added_at"),
        _instant("confirmed_at", nullable=True),
        _instant("used_at", nullable=True),
        sa.Column("secret", app.platform.db.SealedText(), nullable=True),
        sa.Column("last_step", sa.BigInteger(), nullable=True),
        sa.Column("credential", sa.String(), nullable=True),
        sa.Column("public_key", sa.LargeBinary(), nullable=True),
        sa.Column("sign_count", sa.BigInteger(), nullable=True),
        sa.CheckConstraint(
            "kind = 'totp' AND secret IS NOT NULL OR kind = 'passkey' AND credential IS NOT NULL"
            " AND public_key IS NOT NULL AND sign_count IS NOT NULL",
            name=op.f("ck_staff_factor_whole"),
        ),
        _of_staff("staff_factor"),
        sa.PrimaryKeyConstraint("practice_id", "id", name=op.f("pk_staff_factor")),
        sa.UniqueConstraint("credential", name="uq_staff_factor_credential"),
    )
    op.create_index("ix_staff_factor_staff", "staff_factor", ["practice_id", "staff_id"])
    op.create_table(
        "recovery_code",
        _id("practice_id"),
        _id("id"),
        _id("staff_id"),
        sa.Column("label", sa.String(), nullable=False),
        sa.Column("code_hash", sa.String(), nullable=False),
        _instant("used_at", nullable=True),
        _of_staff("recovery_code"),
        sa.PrimaryKeyConstraint("practice_id", "id", name=op.f("pk_recovery_code")),
        sa.UniqueConstraint("practice_id", "staff_id", "label", name="uq_recovery_code_label"),
    )
    op.create_table(
        "sign_in_step",
        _id("id"),
        _id("practice_id"),
        _id("staff_id"),
        _instant("began_at"),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("next_path", sa.String(), nullable=False),
        _of_staff("sign_in_step"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sign_in_step")),
    )
    op.create_table(
        "known_browser",
        _id("practice_id"),
        _id("id"),
        _id("staff_id"),
        sa.Column("token_hash", sa.LargeBinary(), nullable=False),
        _instant("made_at"),
        _instant("used_at"),
        _of_staff("known_browser"),
        sa.PrimaryKeyConstraint("practice_id", "id", name=op.f("pk_known_browser")),
        sa.UniqueConstraint("practice_id", "staff_id", "token_hash", name="uq_known_browser_token"),
    )
    op.create_table(
        "passkey_challenge",
        _id("id"),
        _choice("is_purpose", "purpose", "sign_in", "add", "again"),
        sa.Column("nonce", sa.LargeBinary(), nullable=False),
        _instant("made_at"),
        _id("whose", nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_passkey_challenge")),
    )
    op.create_table(
        "sign_in_count",
        sa.Column("key", sa.LargeBinary(), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        _instant("last_at"),
        _instant("locked_until", nullable=True),
        sa.CheckConstraint("failures >= 0", name=op.f("ck_sign_in_count_failures_not_negative")),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_sign_in_count")),
    )
    op.create_index("ix_sign_in_count_last_at", "sign_in_count", ["last_at"])
    op.create_table(
        "password_check",
        sa.Column("place", sa.Integer(), nullable=False, autoincrement=False),
        _id("holder"),
        sa.Column("known", sa.Boolean(), nullable=False),
        sa.Column("source", sa.LargeBinary(), nullable=False),
        _instant("ends_at"),
        sa.CheckConstraint("place > 0", name=op.f("ck_password_check_place_counts_from_one")),
        sa.PrimaryKeyConstraint("place", name=op.f("pk_password_check")),
    )


def downgrade() -> None:
    """Take the tables away again."""
    op.drop_table("password_check")
    op.drop_table("sign_in_count")
    op.drop_table("passkey_challenge")
    op.drop_table("known_browser")
    op.drop_table("sign_in_step")
    op.drop_table("recovery_code")
    op.drop_table("staff_factor")
    op.add_column("staff", sa.Column("locked_until", app.platform.db.UtcDateTime(timezone=True), nullable=True))
