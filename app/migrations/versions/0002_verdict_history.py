"""Past verdicts and accepted risks."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

import app.platform.db

revision: str = "0002_verdict_history"
down_revision: str | None = "0001_first_tables"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

BADGES = ("blocked", "not_checked", "waiting", "at_risk", "cleared", "accepted_risk", "self_pay")
CAUSES = ("facts", "day", "book", "risk", "gone")


def upgrade() -> None:
    """Make the tables; a stored verdict is taken as shown since the day for which it was judged."""
    _add_shown_since()
    op.create_table(
        "visit_verdict_past",
        sa.Column("practice_id", app.platform.db.Uuid16(length=16), nullable=False),
        sa.Column("id", app.platform.db.Uuid16(length=16), nullable=False),
        sa.Column("visit_id", app.platform.db.Uuid16(length=16), nullable=False),
        sa.Column("shown_since", app.platform.db.UtcDateTime(timezone=True), nullable=False),
        sa.Column("shown_until", app.platform.db.UtcDateTime(timezone=True), nullable=False),
        sa.Column("as_of", sa.Date(), nullable=False),
        sa.Column("badge", _one_of("is_badge", BADGES), nullable=False),
        sa.Column("rules_version", sa.String(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("cause", _one_of("is_cause", CAUSES), nullable=False),
        sa.Column("user_id", app.platform.db.Uuid16(length=16), nullable=True),
        sa.CheckConstraint(
            "shown_since <= shown_until", name=op.f("ck_visit_verdict_past_shown_before_it_was_replaced")
        ),
        sa.ForeignKeyConstraint(["practice_id"], ["practice.id"], name=op.f("fk_visit_verdict_past_practice_id")),
        sa.PrimaryKeyConstraint("practice_id", "id", name=op.f("pk_visit_verdict_past")),
    )
    op.create_index("ix_visit_verdict_past_visit", "visit_verdict_past", ["practice_id", "visit_id", "shown_until"])
    op.create_table(
        "accepted_risk",
        sa.Column("practice_id", app.platform.db.Uuid16(length=16), nullable=False),
        sa.Column("id", app.platform.db.Uuid16(length=16), nullable=False),
        sa.Column("visit_id", app.platform.db.Uuid16(length=16), nullable=False),
        sa.Column("patient_id", app.platform.db.Uuid16(length=16), nullable=False),
        sa.Column("badge", _one_of("is_badge", BADGES), nullable=False),
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column("reason", app.platform.db.SealedText(), nullable=False),
        sa.Column("accepted_at", app.platform.db.UtcDateTime(timezone=True), nullable=False),
        sa.Column("accepted_by", app.platform.db.Uuid16(length=16), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("ended_at", app.platform.db.UtcDateTime(timezone=True), nullable=True),
        sa.Column("ended_by", app.platform.db.Uuid16(length=16), nullable=True),
        sa.CheckConstraint("accepted_at <= ended_at", name=op.f("ck_accepted_risk_accepted_before_it_ended")),
        sa.CheckConstraint(
            "ended_by IS NULL OR ended_at IS NOT NULL", name=op.f("ck_accepted_risk_ended_by_somebody_has_ended")
        ),
        sa.ForeignKeyConstraint(["practice_id"], ["practice.id"], name=op.f("fk_accepted_risk_practice_id")),
        sa.PrimaryKeyConstraint("practice_id", "id", name=op.f("pk_accepted_risk")),
    )
    op.create_index("ix_accepted_risk_patient", "accepted_risk", ["practice_id", "patient_id"])
    op.create_index("ix_accepted_risk_visit", "accepted_risk", ["practice_id", "visit_id"])
    op.create_index(
        "uq_accepted_risk_standing",
        "accepted_risk",
        ["practice_id", "visit_id"],
        unique=True,
        sqlite_where=sa.text("ended_at IS NULL"),
        postgresql_where=sa.text("ended_at IS NULL"),
    )


def _one_of(name: str, values: tuple[str, ...]) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=40)


def _add_shown_since() -> None:
    kind = app.platform.db.UtcDateTime(timezone=True)
    op.add_column("visit_verdict", sa.Column("shown_since", kind, nullable=True))
    if op.get_bind().dialect.name == "postgresql":
        op.execute("UPDATE visit_verdict SET shown_since = as_of::timestamp AT TIME ZONE 'UTC'")
    else:
        op.execute("UPDATE visit_verdict SET shown_since = as_of || ' 00:00:00.000000'")
    with op.batch_alter_table("visit_verdict", schema=None) as batch_op:
        batch_op.alter_column("shown_since", existing_type=kind, nullable=False)


def downgrade() -> None:
    """Remove them."""
    op.drop_table("accepted_risk")
    op.drop_table("visit_verdict_past")
    with op.batch_alter_table("visit_verdict", schema=None) as batch_op:
        batch_op.drop_column("shown_since")
