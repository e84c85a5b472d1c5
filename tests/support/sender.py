"""The sender in tests: recording gateways, a clock that only goes forward when told to, and open gates."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from app.alerts.actions.delivering import deliver
from app.alerts.actions.outgoing import Hands, Numbers, Unwritable, Written
from app.alerts.actions.patience import Patience
from app.alerts.facts.outbox import Delivery, Message, Way
from app.alerts.facts.texts import Gate
from app.alerts.store import outbox
from app.gateways.facts import Gateways, Limits, Mail
from app.gateways.recording import RecordingMail, RecordingSms
from app.platform.caller import Caller
from app.platform.db import writing

OPEN = Gate(True)
ONE_BY_ONE = Limits(in_flight=1)


def number_of(message: Message) -> str:
    """The number of a recipient."""
    return f"+1202555{message.recipient_id.int % 10000:04d}"


def text_of(message: Message) -> str:
    """The words of a message: alike for equal cases, as patients' texts are."""
    return f"Example: {message.fields['case']} ends 03/16/2026."


def write(
    _session: Session,
    _practice_id: UUID,
    message: Message,
    _base_url: str,
    reference: str,
    _numbers: Numbers | None = None,
) -> Written | Unwritable:
    """Write a message; one to a recipient without a number cannot be."""
    if message.fields.get("case") == "nobody":
        return Unwritable("no_number")
    if message.way is Way.EMAIL:
        mail = Mail("kim@example.test", "One approval ends", "Text", "<p>Text</p>", f"<{reference}@practice.example>")
        return Written(mail.to, mail=mail)
    return Written(number_of(message), text=text_of(message))


@dataclass
class Ticks:
    """A clock that goes forward by hand."""

    at: float = 0.0

    def __call__(self) -> float:
        """Seconds."""
        return self.at


@dataclass
class Sender:
    """One sender on one database, as the job is after a start."""

    caller: Caller
    sms: RecordingSms | Any
    mail: RecordingMail = field(default_factory=RecordingMail)
    limits: Limits = ONE_BY_ONE
    ticks: Ticks = field(default_factory=Ticks)
    gate: Callable[..., Gate] = lambda *_: OPEN
    stopped: list[str] = field(default_factory=list)
    patience: Patience = field(init=False)

    def __post_init__(self) -> None:
        """Give the session its ways out."""
        self.restart()
        self.give(Gateways(self.sms, self.mail, "https://practice.example", self.limits))

    def give(self, gateways: Gateways) -> None:
        """Give the session other ways out."""
        self.caller.session.info["gateways"] = gateways

    def restart(self) -> None:
        """Forget what only this process knew."""
        self.patience = Patience(self.ticks)

    @property
    def hands(self) -> Hands:
        """What delivery asks of the rest of the room."""
        return Hands(self._gate, write, lambda _caller, number: self.stopped.append(number))

    def _gate(
        self, session: Session, practice_id: UUID, message: Message, now: datetime, _numbers: Numbers | None = None
    ) -> Gate:
        return self.gate(session, practice_id, message, now)

    def run(self, wait: float = 0.0, minutes: float = 0.0) -> int:
        """Run the job once, after some seconds of waiting or minutes of the practice's clock."""
        self.ticks.at += wait
        if minutes:
            self.later(minutes)
        return deliver(self.caller, self.hands, self.patience)

    def later(self, minutes: float) -> None:
        """Move the practice's clock."""
        clock: Any = self.caller.clock
        clock.instant += clock.instant.resolution * int(minutes * 60_000_000)

    def queue(self, *messages: Message) -> None:
        """Queue messages."""
        with writing(self.caller.session) as session:
            outbox.queue_all(session, self.caller.practice_id, messages)

    def stands(self, message: Message) -> Delivery:
        """Read how a message stands now."""
        session = self.caller.session
        session.rollback()
        session.expire_all()
        found = outbox.delivery(session, self.caller.practice_id, message.id)
        assert found is not None
        return found

    def attempts(self, message: Message) -> list[str]:
        """What came of each attempt at a message."""
        return [
            one.outcome.value for one in outbox.attempts_of(self.caller.session, self.caller.practice_id, message.id)
        ]
