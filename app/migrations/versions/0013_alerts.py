"""What is watched, alerts, and whom they were told to."""

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from alembic import op

import app.platform.db

revision: str = "0013_alerts"
down_revision: str | None = "0012_outbox"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

SUBJECTS = ("authorization", "site_day", "patient", "payer", "practice", "import", "job", "message", "staff")
REASONS = (
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
)
CLEARINGS = (
    "renewed",
    "units_added",
    "asked",
    "answered",
    "information_sent",
    "call_held",
    "appeal_filed",
    "visits_cleared",
    "checked",
    "imported",
    "verified",
    "seen",
)
CLOSINGS = ("cleared", "acknowledged", "passed", "superseded")
HAPPENED = (
    "opened",
    "raised",
    "told",
    "woken",
    "acknowledged",
    "snoozed",
    "handed_over",
    "taken",
    "escalated",
    "closed",
    "undone",
)
WAYS = ("bell", "sms", "email")
OCCASIONS = ("step", "woken", "escalated", "handed")
ORIGINS = ("patient", "practice", "event")


def _choice(name: str, values: Sequence[str]) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=40)


def _id(name: str, nullable: bool = False) -> sa.Column[Any]:
    return sa.Column(name, app.platform.db.Uuid16(length=16), nullable=nullable)


def _at(name: str, nullable: bool = False) -> sa.Column[Any]:
    return sa.Column(name, app.platform.db.UtcDateTime(timezone=True), nullable=nullable)


def _where(condition: str) -> dict[str, Any]:
    return {"sqlite_where": sa.text(condition), "postgresql_where": sa.text(condition)}


def upgrade() -> None:
    """Make the tables, and have every patient looked at: nothing is watched yet."""
    op.create_table(
        "alert",
        _id("practice_id"),
        _id("id"),
        sa.Column("code", sa.String(), nullable=False),
        _id("watch_id"),
        sa.Column("subject_kind", _choice("is_subject_kind", SUBJECTS), nullable=False),
        sa.Column("subject_key", sa.String(), nullable=False),
        sa.Column("reason", _choice("is_reason", REASONS), nullable=False),
        sa.Column("step", sa.String(), nullable=False),
        sa.Column("zone", sa.String(), nullable=False),
        sa.Column("clears", _choice("is_clears", CLEARINGS), nullable=False),
        sa.Column("basis", app.platform.db.JsonText(), nullable=False),
        _at("opened_at"),
        _at("told_at"),
        sa.Column("due_on", sa.Date(), nullable=True),
        _at("due_at", nullable=True),
        _id("site_id", nullable=True),
        _id("patient_id", nullable=True),
        _id("owner_id", nullable=True),
        sa.Column("urgent", sa.Boolean(), nullable=False),
        sa.Column("counts", app.platform.db.JsonText(), nullable=False),
        sa.Column("level", sa.Integer(), nullable=False),
        _at("escalate_at", nullable=True),
        _at("acknowledged_at", nullable=True),
        _id("acknowledged_by", nullable=True),
        _at("snoozed_until", nullable=True),
        _at("closed_at", nullable=True),
        sa.Column("closed_by", _choice("is_closed_by", CLOSINGS), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["practice_id"], ["practice.id"], name=op.f("fk_alert_practice_id")),
        sa.PrimaryKeyConstraint("practice_id", "id", name=op.f("pk_alert")),
        sa.UniqueConstraint("practice_id", "code", name="uq_alert_code"),
    )
    op.create_index("ix_alert_closed", "alert", ["practice_id", "told_at", "id"], **_where("closed_at IS NOT NULL"))
    op.create_index("ix_alert_escalate", "alert", ["practice_id", "escalate_at"], **_where("escalate_at IS NOT NULL"))
    op.create_index("ix_alert_open", "alert", ["practice_id", "told_at", "id"], **_where("closed_at IS NULL"))
    op.create_index("ix_alert_reason", "alert", ["practice_id", "reason", "told_at", "id"])
    op.create_index(
        "ix_alert_snoozed", "alert", ["practice_id", "snoozed_until"], **_where("snoozed_until IS NOT NULL")
    )
    op.create_index("ix_alert_watch", "alert", ["practice_id", "watch_id", "closed_at"])
    op.create_index(
        "uq_alert_open",
        "alert",
        ["practice_id", "subject_kind", "subject_key", "reason"],
        unique=True,
        **_where("closed_at IS NULL"),
    )
    op.create_table(
        "alert_sweep",
        _id("practice_id"),
        _at("swept_at", nullable=True),
        _at("held_at", nullable=True),
        sa.Column("held", sa.Integer(), nullable=False),
        _at("let_at", nullable=True),
        sa.ForeignKeyConstraint(["practice_id"], ["practice.id"], name=op.f("fk_alert_sweep_practice_id")),
        sa.PrimaryKeyConstraint("practice_id", name=op.f("pk_alert_sweep")),
    )
    op.create_table(
        "alert_event",
        _id("practice_id"),
        _id("id"),
        _id("alert_id"),
        sa.Column("kind", _choice("is_happened", HAPPENED), nullable=False),
        _at("at"),
        _id("staff_id", nullable=True),
        sa.Column("before", app.platform.db.JsonText(), nullable=False),
        sa.Column("after", app.platform.db.JsonText(), nullable=False),
        sa.ForeignKeyConstraint(
            ["practice_id", "alert_id"],
            ["alert.practice_id", "alert.id"],
            name=op.f("fk_alert_event_practice_id_alert_id"),
        ),
        sa.PrimaryKeyConstraint("practice_id", "id", name=op.f("pk_alert_event")),
    )
    op.create_index("ix_alert_event_alert", "alert_event", ["practice_id", "alert_id", "id"])
    op.create_table(
        "alert_person",
        _id("practice_id"),
        _id("alert_id"),
        _id("staff_id"),
        sa.Column("shown", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["practice_id", "alert_id"],
            ["alert.practice_id", "alert.id"],
            name=op.f("fk_alert_person_practice_id_alert_id"),
        ),
        sa.PrimaryKeyConstraint("practice_id", "alert_id", "staff_id", name=op.f("pk_alert_person")),
    )
    op.create_index("ix_alert_person_staff", "alert_person", ["practice_id", "staff_id", "shown", "alert_id"])
    op.create_table(
        "notice",
        _id("practice_id"),
        _id("id"),
        sa.Column("key", sa.String(), nullable=False),
        _id("alert_id"),
        _id("recipient_id"),
        sa.Column("way", _choice("is_way", WAYS), nullable=False),
        sa.Column("step", sa.String(), nullable=False),
        sa.Column("occasion", _choice("is_occasion", OCCASIONS), nullable=False),
        sa.Column("urgent", sa.Boolean(), nullable=False),
        _at("made_at"),
        _id("message_id", nullable=True),
        _at("composed_at", nullable=True),
        _at("cancelled_at", nullable=True),
        sa.Column("turn", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["practice_id", "alert_id"], ["alert.practice_id", "alert.id"], name=op.f("fk_notice_practice_id_alert_id")
        ),
        sa.PrimaryKeyConstraint("practice_id", "id", name=op.f("pk_notice")),
        sa.UniqueConstraint("practice_id", "key", name="uq_notice_key"),
    )
    op.create_index("ix_notice_alert", "notice", ["practice_id", "alert_id"])
    op.create_index("ix_notice_composed", "notice", ["practice_id", "composed_at", "way", "recipient_id"])
    op.create_index(
        "ix_notice_waiting", "notice", ["practice_id", "id"], **_where("message_id IS NULL AND cancelled_at IS NULL")
    )
    op.create_table(
        "watch",
        _id("practice_id"),
        _id("id"),
        _id("patient_id", nullable=True),
        sa.Column("origin", _choice("is_origin", ORIGINS), nullable=False),
        sa.Column("content", sa.String(), nullable=False),
        sa.Column("told", sa.String(), nullable=True),
        _at("next_at", nullable=True),
        _at("again_at", nullable=True),
        _at("derived_at"),
        sa.ForeignKeyConstraint(
            ["practice_id", "patient_id"],
            ["patient.practice_id", "patient.id"],
            name=op.f("fk_watch_practice_id_patient_id"),
        ),
        sa.ForeignKeyConstraint(["practice_id"], ["practice.id"], name=op.f("fk_watch_practice_id")),
        sa.PrimaryKeyConstraint("practice_id", "id", name=op.f("pk_watch")),
    )
    op.create_index("ix_watch_again", "watch", ["practice_id", "again_at"])
    op.create_index("ix_watch_next", "watch", ["practice_id", "next_at"])
    op.create_index("ix_watch_patient", "watch", ["practice_id", "patient_id"])
    op.create_table(
        "watch_dirty",
        _id("practice_id"),
        _id("patient_id"),
        _id("mark"),
        sa.ForeignKeyConstraint(
            ["practice_id", "patient_id"],
            ["patient.practice_id", "patient.id"],
            name=op.f("fk_watch_dirty_practice_id_patient_id"),
        ),
        sa.PrimaryKeyConstraint("practice_id", "patient_id", name=op.f("pk_watch_dirty")),
    )
    op.execute("INSERT INTO watch_dirty (practice_id, patient_id, mark) SELECT practice_id, id, id FROM patient")


def downgrade() -> None:
    """Drop the tables."""
    for table in ("watch_dirty", "watch", "notice", "alert_person", "alert_event", "alert_sweep", "alert"):
        op.drop_table(table)
