"""Tables of the outbox: messages, what they tell of, each attempt, what providers reported, and the brakes."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    CheckConstraint,
    ForeignKeyConstraint,
    Index,
    LargeBinary,
    PrimaryKeyConstraint,
    UniqueConstraint,
    event,
)
from sqlalchemy.engine import Connection
from sqlalchemy.orm import Mapped, mapped_column

from app.alerts.facts.delivery import Tried
from app.alerts.facts.outbox import Language, State, To, Way
from app.platform.db import JsonText, Model, choice
from app.platform.sealed import Sealed

RANK_OF_STATE = (
    "(state IN ('pending', 'claimed') AND rank = 1) OR (state = 'sent' AND rank = 2)"
    " OR (state IN ('cancelled', 'expired', 'failed') AND rank = 3)"
    " OR (state = 'undelivered' AND rank = 4) OR (state = 'delivered' AND rank = 5)"
)
CLAIM_IS_WHOLE = "state <> 'claimed' OR (batch_id IS NOT NULL AND claimed_at IS NOT NULL)"


class OutboxMessageRow(Model):
    """One message to one person by one way. Its key is unique, so that a cause is told once.

    `rank` follows the state and only rises; a trigger refuses anything else. `reference` is our own 128 random bits.
    `address` (sealed) and `text_digest` are what the claim went out with: they find the message at the provider again.
    `next_try_at` is when it may be claimed. `text_digest` is a blind index; no text is kept.
    """

    __tablename__ = "outbox_message"
    __table_args__ = (
        PrimaryKeyConstraint("practice_id", "id"),
        ForeignKeyConstraint(["practice_id"], ["practice.id"]),
        UniqueConstraint("practice_id", "key", name="uq_outbox_message_key"),
        UniqueConstraint("practice_id", "reference", name="uq_outbox_message_reference"),
        CheckConstraint(RANK_OF_STATE, name="rank_follows_state"),
        CheckConstraint(CLAIM_IS_WHOLE, name="claim_is_whole"),
        CheckConstraint("attempts >= 0", name="attempts_are_counted"),
        Index("ix_outbox_message_due", "practice_id", "state", "next_try_at", "id"),
        Index("ix_outbox_message_state", "practice_id", "state", "id"),
        Index("ix_outbox_message_recipient", "practice_id", "recipient_id", "way", "claimed_at"),
        Index("ix_outbox_message_claimed", "practice_id", "way", "claimed_at"),
        Index("ix_outbox_message_reference", "reference"),
        Index("ix_outbox_message_provider", "practice_id", "provider_id"),
    )
    practice_id: Mapped[UUID]
    id: Mapped[UUID]
    key: Mapped[str]
    way: Mapped[Way] = mapped_column(choice(Way))
    kind: Mapped[To] = mapped_column(choice(To))
    recipient_id: Mapped[UUID]
    template: Mapped[str]
    language: Mapped[Language] = mapped_column(choice(Language))
    fields: Mapped[Any] = mapped_column(JsonText, nullable=False)
    alert_ids: Mapped[Any] = mapped_column(JsonText, nullable=False)
    queued_at: Mapped[datetime]
    not_before: Mapped[datetime]
    expires_at: Mapped[datetime]
    state: Mapped[State] = mapped_column(choice(State))
    rank: Mapped[int]
    next_try_at: Mapped[datetime]
    batch_id: Mapped[UUID | None]
    first_claimed_at: Mapped[datetime | None]
    claimed_at: Mapped[datetime | None]
    attempts: Mapped[int]
    reference: Mapped[str]
    address: Mapped[Sealed | None]
    text_digest: Mapped[bytes | None] = mapped_column(LargeBinary(16))
    provider_id: Mapped[str | None]
    segments: Mapped[int | None]
    code: Mapped[str | None]
    why: Mapped[str | None]
    sent_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]


class OutboxAlertRow(Model):
    """That a message tells of an alert: so that what lost its cause is found and cancelled."""

    __tablename__ = "outbox_alert"
    __table_args__ = (
        PrimaryKeyConstraint("practice_id", "alert_id", "message_id"),
        ForeignKeyConstraint(
            ["practice_id", "message_id"],
            ["outbox_message.practice_id", "outbox_message.id"],
            name="fk_outbox_alert_message",
            ondelete="CASCADE",
        ),
        Index("ix_outbox_alert_message", "practice_id", "message_id"),
        {"sqlite_with_rowid": False},
    )
    practice_id: Mapped[UUID]
    alert_id: Mapped[UUID]
    message_id: Mapped[UUID]


class OutboxAttemptRow(Model):
    """One attempt at a message and what came of it. Nothing may change or remove it; triggers refuse it."""

    __tablename__ = "outbox_attempt"
    __table_args__ = (
        PrimaryKeyConstraint("practice_id", "id"),
        ForeignKeyConstraint(
            ["practice_id", "message_id"],
            ["outbox_message.practice_id", "outbox_message.id"],
            name="fk_outbox_attempt_message",
        ),
        Index("ix_outbox_attempt_message", "practice_id", "message_id", "id"),
    )
    practice_id: Mapped[UUID]
    id: Mapped[UUID]
    message_id: Mapped[UUID]
    at: Mapped[datetime]
    outcome: Mapped[Tried] = mapped_column(choice(Tried))
    code: Mapped[str | None]


class ProviderEventRow(Model):
    """One report of a provider. The same report twice is one row, so that a doubled callback changes nothing."""

    __tablename__ = "provider_event"
    __table_args__ = (
        PrimaryKeyConstraint("practice_id", "provider_id", "status"),
        ForeignKeyConstraint(
            ["practice_id", "message_id"],
            ["outbox_message.practice_id", "outbox_message.id"],
            name="fk_provider_event_message",
            ondelete="CASCADE",
        ),
        Index("ix_provider_event_message", "practice_id", "message_id"),
    )
    practice_id: Mapped[UUID]
    provider_id: Mapped[str]
    status: Mapped[str]
    message_id: Mapped[UUID]
    at: Mapped[datetime]
    code: Mapped[str | None]


class OutboxBrakeRow(Model):
    """The brake of one way out of one practice: what failed of late, and since when it is on, if it is.

    `streak` counts failures in a row; `tried` and `failed` count since `counted_from`. A person releases it.
    """

    __tablename__ = "outbox_brake"
    __table_args__ = (
        PrimaryKeyConstraint("practice_id", "way"),
        ForeignKeyConstraint(["practice_id"], ["practice.id"]),
        CheckConstraint("(on_since IS NULL) = (why IS NULL)", name="brake_says_why"),
    )
    practice_id: Mapped[UUID]
    way: Mapped[Way] = mapped_column(choice(Way))
    counted_from: Mapped[datetime]
    tried: Mapped[int]
    failed: Mapped[int]
    streak: Mapped[int]
    on_since: Mapped[datetime | None]
    why: Mapped[str | None]
    code: Mapped[str | None]
    released_at: Mapped[datetime | None]
    released_by: Mapped[UUID | None]


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


def _let_ranks_rise(_table: Any, connection: Connection, **_options: Any) -> None:
    for statement in RANK_RISES[connection.dialect.name]:
        connection.exec_driver_sql(statement)


def _make_append_only(_table: Any, connection: Connection, **_options: Any) -> None:
    for statement in APPEND_ONLY[connection.dialect.name]:
        connection.exec_driver_sql(statement)


event.listen(OutboxMessageRow.__table__, "after_create", _let_ranks_rise)
event.listen(OutboxAttemptRow.__table__, "after_create", _make_append_only)
