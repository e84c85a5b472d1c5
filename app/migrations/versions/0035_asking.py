"""What was asked of payers in batches."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

import app.platform.db

revision: str = "0035_asking"
down_revision: str | None = "0034_eligibility"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

STATES = ("made", "sent", "answered", "overdue", "refused")


def _id(name: str, nullable: bool = False) -> sa.Column[object]:
    return sa.Column(name, app.platform.db.Uuid16(length=16), nullable=nullable)


def _choice(column: str, name: str, values: Sequence[str]) -> sa.Column[str]:
    kind = sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=40)
    return sa.Column(column, kind, nullable=False)


def _instant(name: str, nullable: bool = True) -> sa.Column[object]:
    return sa.Column(name, app.platform.db.UtcDateTime(timezone=True), nullable=nullable)


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "payer_route",
        _id("practice_id"),
        sa.Column("payer", sa.String(), nullable=False),
        sa.Column("payer_id", sa.String(), nullable=False),
        sa.Column("clearinghouse", sa.String(), nullable=True),
        _choice("detail", "is_detail", ("plan", "office", "dermatology")),
        sa.Column("procedures", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("practice_id", "payer", name="pk_payer_route"),
        sa.ForeignKeyConstraint(["practice_id"], ["practice.id"], name="fk_payer_route_practice_id"),
    )
    op.create_table(
        "eligibility_batch",
        _id("practice_id"),
        _id("id"),
        sa.Column("clearinghouse", sa.String(), nullable=False),
        sa.Column("control", sa.Integer(), nullable=False),
        _choice("state", "is_ask_state", STATES),
        _instant("made_at", nullable=False),
        sa.Column("asks", sa.Integer(), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        _instant("claimed_at"),
        _instant("sent_at"),
        sa.Column("code", sa.String(), nullable=True),
        sa.Column("content", app.platform.db.SealedText(), nullable=False),
        sa.Column("reply", app.platform.db.SealedText(), nullable=True),
        sa.PrimaryKeyConstraint("practice_id", "id", name="pk_eligibility_batch"),
        sa.ForeignKeyConstraint(["practice_id"], ["practice.id"], name="fk_eligibility_batch_practice_id"),
        sa.UniqueConstraint("practice_id", "control", name="uq_eligibility_batch_control"),
        sa.CheckConstraint(
            "control >= 1 AND control <= 999999999", name=op.f("ck_eligibility_batch_control_has_nine_digits")
        ),
    )
    op.create_index("ix_eligibility_batch_state", "eligibility_batch", ["practice_id", "state", "id"])
    op.create_table(
        "eligibility_ask",
        _id("practice_id"),
        _id("id"),
        _id("batch_id"),
        sa.Column("number", sa.Integer(), nullable=False),
        _id("patient_id"),
        _id("coverage_id"),
        sa.Column("trace", sa.String(), nullable=False),
        sa.Column("asked_on", sa.Date(), nullable=False),
        sa.Column("service_day", sa.Date(), nullable=False),
        _choice("state", "is_ask_state", STATES),
        _instant("ended_at"),
        sa.PrimaryKeyConstraint("practice_id", "id", name="pk_eligibility_ask"),
        *(
            sa.ForeignKeyConstraint(
                ["practice_id", f"{column}_id"],
                [f"{table}.practice_id", f"{table}.id"],
                name=f"fk_eligibility_ask_practice_id_{column}_id",
            )
            for column, table in (("batch", "eligibility_batch"), ("patient", "patient"), ("coverage", "coverage"))
        ),
        sa.UniqueConstraint("practice_id", "coverage_id", "asked_on", name="uq_eligibility_ask_once_a_day"),
        sa.UniqueConstraint("practice_id", "trace", name="uq_eligibility_ask_trace"),
    )
    op.create_index("ix_eligibility_ask_batch", "eligibility_ask", ["practice_id", "batch_id"])
    op.create_index("ix_eligibility_ask_patient", "eligibility_ask", ["practice_id", "patient_id"])
    op.create_index("ix_eligibility_ask_state", "eligibility_ask", ["practice_id", "state", "asked_on"])


def downgrade() -> None:
    """Take them away again."""
    op.drop_table("eligibility_ask")
    op.drop_table("eligibility_batch")
    op.drop_table("payer_route")
