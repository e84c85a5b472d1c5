"""What delivery asks of the rest of the room: whether a message may go, how it reads, and who has opted out."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol
from uuid import UUID

from sqlalchemy.orm import Session

from app.alerts.facts.delivery import Claim
from app.alerts.facts.outbox import Message
from app.alerts.facts.texts import Gate
from app.gateways.facts import Mail
from app.platform.caller import Caller


@dataclass(frozen=True, slots=True)
class Written:
    """A message as it goes out: the address, and the text or the e-mail."""

    address: str
    text: str | None = None
    mail: Mail | None = None


@dataclass(frozen=True, slots=True)
class Unwritable:
    """A message that cannot be written; `why` is one word, such as `no_number`."""

    why: str


class Write(Protocol):
    """Writes a message, looking up what it may not carry with it."""

    def __call__(
        self, session: Session, practice_id: UUID, message: Message, base_url: str, reference: str
    ) -> Written | Unwritable:
        """Write one message."""


@dataclass(frozen=True, slots=True)
class Hands:
    """The functions that delivery calls: the gate, the writer, and what to do when the provider says "opted out"."""

    gate: Callable[[Session, UUID, Message, datetime], Gate]
    write: Write
    opted_out: Callable[[Caller, str], None]


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A claimed message as it goes out."""

    claim: Claim
    written: Written
