"""The outbox: messages as rows, written in the transaction that made their cause, each under a unique key."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from app.values.fact import choices


@choices
class Way(StrEnum):
    """How a person is told. The bell in the program is the alert itself and needs no message."""

    BELL = "bell"
    SMS = "sms"
    EMAIL = "email"


@choices
class State(StrEnum):
    """Where a message stands. A rank only rises: pending, claimed, sent, then one of the ends."""

    PENDING = "pending"
    CLAIMED = "claimed"
    SENT = "sent"
    DELIVERED = "delivered"
    UNDELIVERED = "undelivered"
    FAILED = "failed"
    CANCELLED = "cancelled"
    EXPIRED = "expired"


@choices
class To(StrEnum):
    """Who receives a message."""

    STAFF = "staff"
    PATIENT = "patient"


@choices
class Language(StrEnum):
    """The language of a message."""

    ENGLISH = "en"
    SPANISH = "es"


@dataclass(frozen=True, slots=True)
class Message:
    """One message to one person by one way.

    `key` is unique in a practice: `subject:reason:step:way:recipient`, so that a cause is told once. `template` is a
    key such as `staff.expiring`; `fields` its values but those that are looked up at sending (`app`, `practice`,
    `phone`, `first_name`, `url`): never a name, drug, diagnosis or payer. `alert_ids` are what it tells of.
    Not sent before `not_before`; `expires_at` is the stale guard: after it the message is expired, never sent.
    """

    id: UUID
    key: str
    way: Way
    to: To
    recipient_id: UUID
    template: str
    queued_at: datetime
    not_before: datetime
    expires_at: datetime
    language: Language = Language.ENGLISH
    fields: Mapping[str, str] = field(default_factory=dict)
    alert_ids: tuple[UUID, ...] = ()


@dataclass(frozen=True, slots=True)
class Delivery:
    """A message with how its delivery stands.

    `reference` is our own opaque code in the text or in the address that the provider calls back; `provider_id` the
    provider's. `code` is the provider's last error code, `why` our own word for why it ended or waits.
    """

    message: Message
    state: State
    attempts: int = 0
    segments: int | None = None
    reference: str | None = None
    provider_id: str | None = None
    code: str | None = None
    why: str | None = None
    next_try_at: datetime | None = None
    claimed_at: datetime | None = None
    sent_at: datetime | None = None
    ended_at: datetime | None = None
