"""What appointment feeds have told, and the numbers under which merged patients were known."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

import app.platform.db

revision: str = "0037_feeds"
down_revision: str | None = "0036_remittances"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def _id(name: str, nullable: bool = False) -> sa.Column[object]:
    return sa.Column(name, app.platform.db.Uuid16(length=16), nullable=nullable)


def _sealed(name: str) -> sa.Column[object]:
    return sa.Column(name, app.platform.db.SealedText(), nullable=False)


def _instant(name: str) -> sa.Column[object]:
    return sa.Column(name, app.platform.db.UtcDateTime(timezone=True), nullable=False)


def _tie(table: str, column: str, to: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["practice_id", column], [f"{to}.practice_id", f"{to}.id"], name=op.f(f"fk_{table}_practice_id_{column}")
    )


def _key(table: str) -> sa.PrimaryKeyConstraint:
    return sa.PrimaryKeyConstraint("practice_id", "id", name=op.f(f"pk_{table}"))


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "patient_former_number",
        _id("practice_id"),
        _id("id"),
        _sealed("mrn"),
        sa.Column("mrn_index", sa.LargeBinary(length=16), nullable=False),
        _id("patient_id"),
        _instant("at"),
        _tie("patient_former_number", "patient_id", "patient"),
        _key("patient_former_number"),
        sa.UniqueConstraint("practice_id", "mrn_index", name=op.f("uq_patient_former_number_mrn_index")),
    )
    op.create_index("ix_patient_former_number_patient", "patient_former_number", ["practice_id", "patient_id"])
    op.create_table(
        "feed_person",
        _id("practice_id"),
        _id("id"),
        _sealed("told"),
        _instant("changed_at"),
        _tie("feed_person", "id", "patient"),
        _key("feed_person"),
    )
    op.create_table(
        "feed_appointment",
        _id("practice_id"),
        _id("id"),
        sa.Column("placer", sa.String(), nullable=True),
        sa.Column("filler", sa.String(), nullable=True),
        _id("visit_id", nullable=True),
        _sealed("told"),
        _instant("changed_at"),
        sa.ForeignKeyConstraint(["practice_id"], ["practice.id"], name=op.f("fk_feed_appointment_practice_id")),
        _tie("feed_appointment", "visit_id", "visit"),
        _key("feed_appointment"),
        sa.UniqueConstraint("practice_id", "placer", name=op.f("uq_feed_appointment_placer")),
        sa.UniqueConstraint("practice_id", "filler", name=op.f("uq_feed_appointment_filler")),
    )
    op.create_index("ix_feed_appointment_visit", "feed_appointment", ["practice_id", "visit_id"])


def downgrade() -> None:
    """Take them away again."""
    for table in ("feed_appointment", "feed_person", "patient_former_number"):
        op.drop_table(table)
