"""Second factors are asked for by practice; people have sight of sites; browsers say how they signed in."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

import app.platform.db

revision: str = "0016_people"
down_revision: str | None = "0015_alert_people"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    """Add the columns; who is on file sees every site, and every browser signs in again."""
    # Columns with a default need no new table on SQLite, where others name these two.
    op.add_column("practice", sa.Column("second_factor", sa.Boolean(), nullable=False, server_default=sa.true()))
    op.execute(sa.text("UPDATE practice SET second_factor = NOT sample"))
    op.add_column("staff", sa.Column("all_sites", sa.Boolean(), nullable=False, server_default=sa.true()))
    op.add_column("staff", sa.Column("provider_npi", sa.String(), nullable=True))
    op.create_table(
        "staff_sight",
        sa.Column("practice_id", app.platform.db.Uuid16(length=16), nullable=False),
        sa.Column("staff_id", app.platform.db.Uuid16(length=16), nullable=False),
        sa.Column("site_id", app.platform.db.Uuid16(length=16), nullable=False),
        sa.ForeignKeyConstraint(
            ["practice_id", "staff_id"],
            ["staff.practice_id", "staff.id"],
            name=op.f("fk_staff_sight_practice_id_staff_id"),
        ),
        sa.ForeignKeyConstraint(
            ["practice_id", "site_id"], ["site.practice_id", "site.id"], name=op.f("fk_staff_sight_practice_id_site_id")
        ),
        sa.PrimaryKeyConstraint("practice_id", "staff_id", "site_id", name=op.f("pk_staff_sight")),
    )
    op.create_index("ix_staff_sight_site", "staff_sight", ["practice_id", "site_id"])
    op.execute(sa.text("DELETE FROM staff_session"))
    with op.batch_alter_table("staff_session") as batch:
        batch.add_column(sa.Column("fresh_at", app.platform.db.UtcDateTime(timezone=True), nullable=False))
        batch.add_column(
            sa.Column(
                "factor",
                sa.Enum(
                    "totp",
                    "passkey",
                    "recovery",
                    name="is_factor",
                    native_enum=False,
                    create_constraint=True,
                    length=40,
                ),
                nullable=True,
            )
        )
        batch.add_column(sa.Column("agent", sa.String(), nullable=False))
        batch.add_column(sa.Column("source", sa.String(), nullable=True))


def downgrade() -> None:
    """Take the columns away again."""
    with op.batch_alter_table("staff_session") as batch:
        batch.drop_constraint(op.f("ck_staff_session_is_factor"), type_="check")
        batch.drop_column("source")
        batch.drop_column("agent")
        batch.drop_column("factor")
        batch.drop_column("fresh_at")
    op.drop_table("staff_sight")
    op.drop_column("staff", "provider_npi")
    op.drop_column("staff", "all_sites")
    op.drop_column("practice", "second_factor")
