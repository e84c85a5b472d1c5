"""What happened to coverages, what patients wish, and finding patients."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

import app.platform.db

revision: str = "0008_patient_desk"
down_revision: str | None = "0007_visit_work"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "patient_search_key",
        sa.Column("practice_id", app.platform.db.Uuid16(length=16), nullable=False),
        sa.Column("key", sa.LargeBinary(length=16), nullable=False),
        sa.Column("patient_id", app.platform.db.Uuid16(length=16), nullable=False),
        sa.ForeignKeyConstraint(
            ["practice_id", "patient_id"],
            ["patient.practice_id", "patient.id"],
            name=op.f("fk_patient_search_key_practice_id_patient_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("practice_id", "key", "patient_id", name=op.f("pk_patient_search_key")),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_patient_search_key_patient", "patient_search_key", ["practice_id", "patient_id"])
    op.create_table(
        "patient_wish",
        sa.Column("practice_id", app.platform.db.Uuid16(length=16), nullable=False),
        sa.Column("id", app.platform.db.Uuid16(length=16), nullable=False),
        sa.Column("patient_id", app.platform.db.Uuid16(length=16), nullable=False),
        sa.Column("at", app.platform.db.UtcDateTime(timezone=True), nullable=False),
        sa.Column("user_id", app.platform.db.Uuid16(length=16), nullable=True),
        sa.Column("via", sa.String(), nullable=False),
        sa.Column("text_consent", sa.Boolean(), nullable=False),
        sa.Column(
            "said",
            sa.Enum(
                "in_person",
                "on_paper",
                "by_phone",
                "by_portal",
                name="is_way_said",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=True,
        ),
        sa.Column(
            "contact",
            sa.Enum(
                "call",
                "text",
                "mail",
                "portal",
                name="is_contact_way",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=True,
        ),
        sa.ForeignKeyConstraint(
            ["practice_id", "patient_id"],
            ["patient.practice_id", "patient.id"],
            name=op.f("fk_patient_wish_practice_id_patient_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("practice_id", "id", name=op.f("pk_patient_wish")),
    )
    op.create_index("ix_patient_wish_patient", "patient_wish", ["practice_id", "patient_id", "id"])
    op.create_table(
        "coverage_event",
        sa.Column("practice_id", app.platform.db.Uuid16(length=16), nullable=False),
        sa.Column("id", app.platform.db.Uuid16(length=16), nullable=False),
        sa.Column("patient_id", app.platform.db.Uuid16(length=16), nullable=False),
        sa.Column("coverage_id", app.platform.db.Uuid16(length=16), nullable=False),
        sa.Column("at", app.platform.db.UtcDateTime(timezone=True), nullable=False),
        sa.Column("via", sa.String(), nullable=False),
        sa.Column("user_id", app.platform.db.Uuid16(length=16), nullable=True),
        sa.Column("changes", app.platform.db.JsonText(), nullable=False),
        sa.ForeignKeyConstraint(
            ["practice_id", "patient_id"],
            ["patient.practice_id", "patient.id"],
            name=op.f("fk_coverage_event_practice_id_patient_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("practice_id", "id", name=op.f("pk_coverage_event")),
    )
    op.create_index("ix_coverage_event_patient", "coverage_event", ["practice_id", "patient_id", "id"])


def downgrade() -> None:
    """Remove them."""
    op.drop_index("ix_coverage_event_patient", "coverage_event")
    op.drop_table("coverage_event")
    op.drop_index("ix_patient_wish_patient", "patient_wish")
    op.drop_table("patient_wish")
    op.drop_index("ix_patient_search_key_patient", "patient_search_key")
    op.drop_table("patient_search_key")
