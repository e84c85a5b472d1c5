"""What delivery of the outbox needs to know of a message on its way, of an attempt, and of a way's brake."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from app.alerts.facts.outbox import Message, State, Way
from app.values.fact import choices


@choices
class Tried(StrEnum):
    """What came of one attempt, as it is kept. The last three are what asking the provider later showed."""

    ACCEPTED = "accepted"
    REFUSED = "refused"
    LATER = "later"
    UNCLEAR = "unclear"
    FOUND = "found"
    ABSENT = "absent"
    CALLED_BACK = "called_back"


@choices
class Means(StrEnum):
    """What a provider's error code means for us: who must act, and whether trying again can help."""

    BUSY = "busy"  # too many at once: later
    OPTED_OUT = "opted_out"  # the number has ended texts
    WRONG_NUMBER = "wrong_number"  # no mobile phone can be reached there
    UNREACHABLE = "unreachable"  # off, out of reach, or refused by the carrier this time
    BLOCKED = "blocked"  # the carrier holds our texts for unwanted
    SENDER = "sender"  # our account, number or registration: nothing gets out
    CONTENT = "content"  # this text cannot be sent
    OUTAGE = "outage"  # the provider itself
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class StaffNumber:
    """The number that texts to a person of the practice go to, and whether texts to it have ended."""

    phone: str
    stopped: bool = False


@dataclass(frozen=True, slots=True)
class Due:
    """A pending message that may be claimed now; `attempts` counts those before."""

    message: Message
    reference: str
    attempts: int
    first_claimed_at: datetime | None


@dataclass(frozen=True, slots=True)
class Claim:
    """A message that is ours to send. `attempts` counts this one; `first_claimed_at` is when it was first claimed.

    `batch_id` names this claim: whoever claims the message next does so under another.
    """

    message: Message
    reference: str
    attempts: int
    claimed_at: datetime
    first_claimed_at: datetime
    batch_id: UUID


@dataclass(frozen=True, slots=True)
class Left:
    """A claimed message of which nothing is known: to be looked for at the provider, at what it went out to."""

    message: Message
    batch_id: UUID
    reference: str
    attempts: int
    claimed_at: datetime
    first_claimed_at: datetime
    address: str | None
    text_digest: bytes | None


@dataclass(frozen=True, slots=True)
class Attempt:
    """One attempt as the outbox keeps it."""

    at: datetime
    outcome: Tried
    code: str | None = None


@dataclass(frozen=True, slots=True)
class Turn:
    """How a claimed message goes on after an attempt of a batch: its state, when it is tried again, and why."""

    message_id: UUID
    batch_id: UUID
    state: State
    outcome: Tried
    code: str | None = None
    provider_id: str | None = None
    segments: int | None = None
    why: str | None = None
    next_try_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Brake:
    """The brake of one way: what it counted, and since when it is on (None: it is off)."""

    way: Way
    counted_from: datetime
    tried: int = 0
    failed: int = 0
    streak: int = 0
    on_since: datetime | None = None
    why: str | None = None
    code: str | None = None
