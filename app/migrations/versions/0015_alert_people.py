"""How each person is told, absences, and who is on call."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

import app.platform.db

revision: str = "0015_alert_people"
down_revision: str | None = "0014_texts"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "staff_contact",
        sa.Column("practice_id", app.platform.db.Uuid16(length=16), nullable=False),
        sa.Column("staff_id", app.platform.db.Uuid16(length=16), nullable=False),
        sa.Column("zone", sa.String(), nullable=True),
        sa.Column("phone", app.platform.db.SealedText(), nullable=True),
        sa.Column("phone_key", sa.LargeBinary(), nullable=True),
        sa.ForeignKeyConstraint(
            ["practice_id", "staff_id"],
            ["staff.practice_id", "staff.id"],
            name=op.f("fk_staff_contact_practice_id_staff_id"),
        ),
        sa.PrimaryKeyConstraint("practice_id", "staff_id", name=op.f("pk_staff_contact")),
    )
    op.create_index("ix_staff_contact_phone", "staff_contact", ["practice_id", "phone_key"], unique=False)
    op.create_table(
        "alert_preference",
        sa.Column("practice_id", app.platform.db.Uuid16(length=16), nullable=False),
        sa.Column("staff_id", app.platform.db.Uuid16(length=16), nullable=False),
        sa.Column(
            "reason",
            sa.Enum(
                "approval_ends",
                "units_low",
                "renewal_due",
                "answer_owed",
                "information_owed",
                "peer_to_peer",
                "appeal",
                "tomorrow",
                "coverage_changed",
                "eligibility_stale",
                "import_stale",
                "rules_unverified",
                "denied",
                "approved",
                "import_failed",
                "job_late",
                "reply",
                "undelivered",
                name="is_reason",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("ways", app.platform.db.JsonText(), nullable=False),
        sa.ForeignKeyConstraint(
            ["practice_id", "staff_id"],
            ["staff.practice_id", "staff.id"],
            name=op.f("fk_alert_preference_practice_id_staff_id"),
        ),
        sa.PrimaryKeyConstraint("practice_id", "staff_id", "reason", name=op.f("pk_alert_preference")),
    )
    op.create_table(
        "alert_setting",
        sa.Column("practice_id", app.platform.db.Uuid16(length=16), nullable=False),
        sa.Column("staff_id", app.platform.db.Uuid16(length=16), nullable=False),
        sa.Column("thresholds", app.platform.db.JsonText(), nullable=False),
        sa.Column("quiet_from", sa.Integer(), nullable=False),
        sa.Column("quiet_until", sa.Integer(), nullable=False),
        sa.Column("quiet_weekends", sa.Boolean(), nullable=False),
        sa.Column("digest_at", sa.Integer(), nullable=True),
        sa.Column("backup_id", app.platform.db.Uuid16(length=16), nullable=True),
        sa.CheckConstraint("quiet_from BETWEEN 0 AND 1439", name=op.f("ck_alert_setting_quiet_from_is_a_minute")),
        sa.CheckConstraint("quiet_until BETWEEN 0 AND 1439", name=op.f("ck_alert_setting_quiet_until_is_a_minute")),
        sa.CheckConstraint("digest_at BETWEEN 0 AND 1439", name=op.f("ck_alert_setting_digest_at_is_a_minute")),
        sa.ForeignKeyConstraint(
            ["practice_id", "staff_id"],
            ["staff.practice_id", "staff.id"],
            name=op.f("fk_alert_setting_practice_id_staff_id"),
        ),
        sa.ForeignKeyConstraint(
            ["practice_id", "backup_id"],
            ["staff.practice_id", "staff.id"],
            name=op.f("fk_alert_setting_practice_id_backup_id"),
        ),
        sa.PrimaryKeyConstraint("practice_id", "staff_id", name=op.f("pk_alert_setting")),
    )
    op.create_table(
        "staff_site",
        sa.Column("practice_id", app.platform.db.Uuid16(length=16), nullable=False),
        sa.Column("staff_id", app.platform.db.Uuid16(length=16), nullable=False),
        sa.Column("site_id", app.platform.db.Uuid16(length=16), nullable=False),
        sa.ForeignKeyConstraint(
            ["practice_id", "staff_id"],
            ["staff.practice_id", "staff.id"],
            name=op.f("fk_staff_site_practice_id_staff_id"),
        ),
        sa.ForeignKeyConstraint(
            ["practice_id", "site_id"], ["site.practice_id", "site.id"], name=op.f("fk_staff_site_practice_id_site_id")
        ),
        sa.PrimaryKeyConstraint("practice_id", "staff_id", "site_id", name=op.f("pk_staff_site")),
    )
    op.create_table(
        "absence",
        sa.Column("practice_id", app.platform.db.Uuid16(length=16), nullable=False),
        sa.Column("id", app.platform.db.Uuid16(length=16), nullable=False),
        sa.Column("staff_id", app.platform.db.Uuid16(length=16), nullable=False),
        sa.Column("begins", sa.Date(), nullable=False),
        sa.Column("ends", sa.Date(), nullable=False),
        sa.Column("cover_id", app.platform.db.Uuid16(length=16), nullable=True),
        sa.Column("removed_at", app.platform.db.UtcDateTime(timezone=True), nullable=True),
        sa.CheckConstraint("begins <= ends", name=op.f("ck_absence_begins_before_it_ends")),
        sa.ForeignKeyConstraint(
            ["practice_id", "staff_id"], ["staff.practice_id", "staff.id"], name=op.f("fk_absence_practice_id_staff_id")
        ),
        sa.ForeignKeyConstraint(
            ["practice_id", "cover_id"], ["staff.practice_id", "staff.id"], name=op.f("fk_absence_practice_id_cover_id")
        ),
        sa.PrimaryKeyConstraint("practice_id", "id", name=op.f("pk_absence")),
    )
    op.create_index("ix_absence_staff", "absence", ["practice_id", "staff_id"], unique=False)
    op.create_table(
        "on_call",
        sa.Column("practice_id", app.platform.db.Uuid16(length=16), nullable=False),
        sa.Column("id", app.platform.db.Uuid16(length=16), nullable=False),
        sa.Column("staff_id", app.platform.db.Uuid16(length=16), nullable=False),
        sa.Column("begins_at", app.platform.db.UtcDateTime(timezone=True), nullable=False),
        sa.Column("ends_at", app.platform.db.UtcDateTime(timezone=True), nullable=False),
        sa.Column("removed_at", app.platform.db.UtcDateTime(timezone=True), nullable=True),
        sa.CheckConstraint("begins_at <= ends_at", name=op.f("ck_on_call_begins_before_it_ends")),
        sa.ForeignKeyConstraint(
            ["practice_id", "staff_id"], ["staff.practice_id", "staff.id"], name=op.f("fk_on_call_practice_id_staff_id")
        ),
        sa.PrimaryKeyConstraint("practice_id", "id", name=op.f("pk_on_call")),
    )
    op.create_index("ix_on_call_staff", "on_call", ["practice_id", "staff_id"], unique=False)


def downgrade() -> None:
    """Drop the tables."""
    op.drop_index("ix_on_call_staff", table_name="on_call")
    op.drop_table("on_call")
    op.drop_index("ix_absence_staff", table_name="absence")
    op.drop_table("absence")
    op.drop_table("staff_site")
    op.drop_table("alert_setting")
    op.drop_table("alert_preference")
    op.drop_index("ix_staff_contact_phone", table_name="staff_contact")
    op.drop_table("staff_contact")
