"""Messages on their way out, and what became of them."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

import app.platform.db

revision: str = "0012_outbox"
down_revision: str | None = "0011_case_clocks"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

WAYS = ("bell", "sms", "email")
TOS = ("staff", "patient")
LANGUAGES = ("en", "es")
STATES = ("pending", "claimed", "sent", "delivered", "undelivered", "failed", "cancelled", "expired")
TRIEDS = ("accepted", "refused", "later", "unclear", "found", "absent", "called_back")

RANK_RISES = {
    "sqlite": (
        "CREATE TRIGGER outbox_message_rank_only_rises BEFORE UPDATE ON outbox_message WHEN NEW.rank < OLD.rank "
        "BEGIN SELECT RAISE(ABORT, 'the rank of a message only rises'); END",
    ),
    "postgresql": (
        "CREATE FUNCTION outbox_message_rank_only_rises() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RAISE EXCEPTION 'the rank of a message only rises'; END $$",
        "CREATE TRIGGER outbox_message_rank_only_rises BEFORE UPDATE ON outbox_message FOR EACH ROW "
        "WHEN (NEW.rank < OLD.rank) EXECUTE FUNCTION outbox_message_rank_only_rises()",
    ),
}
APPEND_ONLY = {
    "sqlite": (
        "CREATE TRIGGER outbox_attempt_no_update BEFORE UPDATE ON outbox_attempt "
        "BEGIN SELECT RAISE(ABORT, 'outbox_attempt is append-only'); END",
        "CREATE TRIGGER outbox_attempt_no_delete BEFORE DELETE ON outbox_attempt "
        "BEGIN SELECT RAISE(ABORT, 'outbox_attempt is append-only'); END",
    ),
    "postgresql": (
        "CREATE FUNCTION outbox_attempt_append_only() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RAISE EXCEPTION 'outbox_attempt is append-only'; END $$",
        "CREATE TRIGGER outbox_attempt_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON outbox_attempt "
        "FOR EACH STATEMENT EXECUTE FUNCTION outbox_attempt_append_only()",
    ),
}


def upgrade() -> None:
    """Make the tables, let ranks only rise, and shut the attempts against change."""
    op.create_table(
        "outbox_message",
        sa.Column("practice_id", app.platform.db.Uuid16(length=16), nullable=False),
        sa.Column("id", app.platform.db.Uuid16(length=16), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column(
            "way", sa.Enum(*WAYS, name="is_way", native_enum=False, create_constraint=True, length=40), nullable=False
        ),
        sa.Column(
            "kind", sa.Enum(*TOS, name="is_to", native_enum=False, create_constraint=True, length=40), nullable=False
        ),
        sa.Column("recipient_id", app.platform.db.Uuid16(length=16), nullable=False),
        sa.Column("template", sa.String(), nullable=False),
        sa.Column(
            "language",
            sa.Enum(*LANGUAGES, name="is_language", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column("fields", app.platform.db.JsonText(), nullable=False),
        sa.Column("alert_ids", app.platform.db.JsonText(), nullable=False),
        sa.Column("queued_at", app.platform.db.UtcDateTime(timezone=True), nullable=False),
        sa.Column("not_before", app.platform.db.UtcDateTime(timezone=True), nullable=False),
        sa.Column("expires_at", app.platform.db.UtcDateTime(timezone=True), nullable=False),
        sa.Column(
            "state",
            sa.Enum(*STATES, name="is_state", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column("rank", sa.Integer(), nullable=False),
        sa.Column("next_try_at", app.platform.db.UtcDateTime(timezone=True), nullable=False),
        sa.Column("batch_id", app.platform.db.Uuid16(length=16), nullable=True),
        sa.Column("first_claimed_at", app.platform.db.UtcDateTime(timezone=True), nullable=True),
        sa.Column("claimed_at", app.platform.db.UtcDateTime(timezone=True), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("reference", sa.String(), nullable=False),
        sa.Column("address", app.platform.db.SealedText(), nullable=True),
        sa.Column("text_digest", sa.LargeBinary(length=16), nullable=True),
        sa.Column("provider_id", sa.String(), nullable=True),
        sa.Column("segments", sa.Integer(), nullable=True),
        sa.Column("code", sa.String(), nullable=True),
        sa.Column("why", sa.String(), nullable=True),
        sa.Column("sent_at", app.platform.db.UtcDateTime(timezone=True), nullable=True),
        sa.Column("ended_at", app.platform.db.UtcDateTime(timezone=True), nullable=True),
        sa.CheckConstraint("attempts >= 0", name=op.f("ck_outbox_message_attempts_are_counted")),
        sa.CheckConstraint(
            "state <> 'claimed' OR (batch_id IS NOT NULL AND claimed_at IS NOT NULL)",
            name=op.f("ck_outbox_message_claim_is_whole"),
        ),
        sa.CheckConstraint(
            "(state IN ('pending', 'claimed') AND rank = 1) OR (state = 'sent' AND rank = 2) OR (state IN ('cancelled', 'expired', 'failed') AND rank = 3) OR (state = 'undelivered' AND rank = 4) OR (state = 'delivered' AND rank = 5)",
            name=op.f("ck_outbox_message_rank_follows_state"),
        ),
        sa.ForeignKeyConstraint(["practice_id"], ["practice.id"], name=op.f("fk_outbox_message_practice_id")),
        sa.PrimaryKeyConstraint("practice_id", "id", name=op.f("pk_outbox_message")),
        sa.UniqueConstraint("practice_id", "key", name=op.f("uq_outbox_message_key")),
        sa.UniqueConstraint("practice_id", "reference", name=op.f("uq_outbox_message_reference")),
    )
    op.create_index("ix_outbox_message_claimed", "outbox_message", ["practice_id", "way", "claimed_at"])
    op.create_index("ix_outbox_message_due", "outbox_message", ["practice_id", "state", "next_try_at", "id"])
    op.create_index("ix_outbox_message_provider", "outbox_message", ["practice_id", "provider_id"])
    op.create_index(
        "ix_outbox_message_recipient", "outbox_message", ["practice_id", "recipient_id", "way", "claimed_at"]
    )
    op.create_index("ix_outbox_message_reference", "outbox_message", ["reference"])
    op.create_index("ix_outbox_message_state", "outbox_message", ["practice_id", "state", "id"])
    op.create_table(
        "outbox_alert",
        sa.Column("practice_id", app.platform.db.Uuid16(length=16), nullable=False),
        sa.Column("alert_id", app.platform.db.Uuid16(length=16), nullable=False),
        sa.Column("message_id", app.platform.db.Uuid16(length=16), nullable=False),
        sa.ForeignKeyConstraint(
            ["practice_id", "message_id"],
            ["outbox_message.practice_id", "outbox_message.id"],
            name=op.f("fk_outbox_alert_message"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("practice_id", "alert_id", "message_id", name=op.f("pk_outbox_alert")),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_outbox_alert_message", "outbox_alert", ["practice_id", "message_id"])
    op.create_table(
        "outbox_attempt",
        sa.Column("practice_id", app.platform.db.Uuid16(length=16), nullable=False),
        sa.Column("id", app.platform.db.Uuid16(length=16), nullable=False),
        sa.Column("message_id", app.platform.db.Uuid16(length=16), nullable=False),
        sa.Column("at", app.platform.db.UtcDateTime(timezone=True), nullable=False),
        sa.Column(
            "outcome",
            sa.Enum(*TRIEDS, name="is_tried", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column("code", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(
            ["practice_id", "message_id"],
            ["outbox_message.practice_id", "outbox_message.id"],
            name=op.f("fk_outbox_attempt_message"),
        ),
        sa.PrimaryKeyConstraint("practice_id", "id", name=op.f("pk_outbox_attempt")),
    )
    op.create_index("ix_outbox_attempt_message", "outbox_attempt", ["practice_id", "message_id", "id"])
    op.create_table(
        "provider_event",
        sa.Column("practice_id", app.platform.db.Uuid16(length=16), nullable=False),
        sa.Column("provider_id", sa.String(), nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("message_id", app.platform.db.Uuid16(length=16), nullable=False),
        sa.Column("at", app.platform.db.UtcDateTime(timezone=True), nullable=False),
        sa.Column("code", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(
            ["practice_id", "message_id"],
            ["outbox_message.practice_id", "outbox_message.id"],
            name=op.f("fk_provider_event_message"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("practice_id", "provider_id", "status", name=op.f("pk_provider_event")),
    )
    op.create_index("ix_provider_event_message", "provider_event", ["practice_id", "message_id"])
    op.create_table(
        "outbox_brake",
        sa.Column("practice_id", app.platform.db.Uuid16(length=16), nullable=False),
        sa.Column(
            "way", sa.Enum(*WAYS, name="is_way", native_enum=False, create_constraint=True, length=40), nullable=False
        ),
        sa.Column("counted_from", app.platform.db.UtcDateTime(timezone=True), nullable=False),
        sa.Column("tried", sa.Integer(), nullable=False),
        sa.Column("failed", sa.Integer(), nullable=False),
        sa.Column("streak", sa.Integer(), nullable=False),
        sa.Column("on_since", app.platform.db.UtcDateTime(timezone=True), nullable=True),
        sa.Column("why", sa.String(), nullable=True),
        sa.Column("code", sa.String(), nullable=True),
        sa.Column("released_at", app.platform.db.UtcDateTime(timezone=True), nullable=True),
        sa.Column("released_by", app.platform.db.Uuid16(length=16), nullable=True),
        sa.CheckConstraint("(on_since IS NULL) = (why IS NULL)", name=op.f("ck_outbox_brake_brake_says_why")),
        sa.ForeignKeyConstraint(["practice_id"], ["practice.id"], name=op.f("fk_outbox_brake_practice_id")),
        sa.PrimaryKeyConstraint("practice_id", "way", name=op.f("pk_outbox_brake")),
    )
    for statement in (*RANK_RISES[op.get_bind().dialect.name], *APPEND_ONLY[op.get_bind().dialect.name]):
        op.execute(statement)


def downgrade() -> None:
    """Drop the tables; the triggers go with theirs."""
    op.drop_table("outbox_brake")
    op.drop_index("ix_provider_event_message", "provider_event")
    op.drop_table("provider_event")
    op.drop_index("ix_outbox_attempt_message", "outbox_attempt")
    op.drop_table("outbox_attempt")
    op.drop_index("ix_outbox_alert_message", "outbox_alert")
    op.drop_table("outbox_alert")
    op.drop_index("ix_outbox_message_state", "outbox_message")
    op.drop_index("ix_outbox_message_reference", "outbox_message")
    op.drop_index("ix_outbox_message_recipient", "outbox_message")
    op.drop_index("ix_outbox_message_provider", "outbox_message")
    op.drop_index("ix_outbox_message_due", "outbox_message")
    op.drop_index("ix_outbox_message_claimed", "outbox_message")
    op.drop_table("outbox_message")
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION outbox_message_rank_only_rises()")
        op.execute("DROP FUNCTION outbox_attempt_append_only()")
