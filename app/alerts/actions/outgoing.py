"""What delivery asks of the rest of the room: whether a message may go, how it reads, and who has opted out."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol
from uuid import UUID

from sqlalchemy.orm import Session

from app.alerts.facts.delivery import Claim, StaffNumber
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


Numbers = Mapping[UUID, StaffNumber]
"""The numbers of people of the practice, read for a whole batch at once; who has none is missing."""


class Write(Protocol):
    """Writes a message, looking up what it may not carry with it."""

    def __call__(
        self,
        session: Session,
        practice_id: UUID,
        message: Message,
        base_url: str,
        reference: str,
        numbers: Numbers | None = None,
    ) -> Written | Unwritable:
        """Write one message."""


class MayGo(Protocol):
    """Says whether a message may go now."""

    def __call__(
        self, session: Session, practice_id: UUID, message: Message, now: datetime, numbers: Numbers | None = None
    ) -> Gate:
        """Look at one message."""


@dataclass(frozen=True, slots=True)
class Hands:
    """The functions that delivery calls: the gate, the writer, and what to do when the provider says "opted out"."""

    gate: MayGo
    write: Write
    opted_out: Callable[[Caller, str], None]


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A claimed message as it goes out."""

    claim: Claim
    written: Written
