"""What gateways promise: bytes out, one of four answers back. They always have a time-out and never a transaction."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Protocol


class Outcome(StrEnum):
    """What a provider's answer means for us."""

    ACCEPTED = "accepted"  # the provider has it
    REFUSED = "refused"  # clear and final: it will never be taken
    LATER = "later"  # clear: not taken now (busy, connection refused); try again
    UNCLEAR = "unclear"  # a time-out, a 5xx, an answer that cannot be read: it may or may not have been taken


@dataclass(frozen=True, slots=True)
class Answer:
    """What came of one attempt. `code` is the provider's error code, `retry_after` whole seconds if it named them.

    `content`: what a clearinghouse answered at once; it names patients and is never shown as it is.
    """

    outcome: Outcome
    provider_id: str | None = None
    code: str | None = None
    segments: int | None = None
    retry_after: int | None = None
    content: bytes | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class FoundSms:
    """A message that the provider has, as asked for by number. `status` is the provider's word."""

    provider_id: str
    body: str
    status: str
    created_at: datetime | None
    code: str | None = None


class SmsGateway(Protocol):
    """Sends texts. `callback` is the address to which the provider reports; it holds our opaque reference."""

    def send(self, to: str, text: str, callback: str | None) -> Answer:
        """Hand one text to the provider. Never raises for what the provider or the network does."""

    def find(self, to: str, since: datetime) -> Sequence[FoundSms] | None:
        """List the provider's messages to a number since an instant; None when it could not be asked."""

    def signed(self, address: str, form: Mapping[str, Sequence[str]], signature: str) -> bool:
        """Say whether the provider signed a form that came to one of our public addresses."""


@dataclass(frozen=True, slots=True)
class Mail:
    """One e-mail. `message_id` is fixed for a message, so that a second copy is known as one."""

    to: str
    subject: str
    text: str
    html: str
    message_id: str


class MailGateway(Protocol):
    """Sends e-mail."""

    def send(self, mail: Mail) -> Answer:
        """Hand one e-mail to the server. Never raises for what the server or the network does."""


@dataclass(frozen=True, slots=True)
class Parties:
    """Who sends a file to whom, by the ids that the two agreed on; `usage`: P for real work, T for trying out."""

    sender: str
    receiver: str
    sender_qualifier: str = "ZZ"
    receiver_qualifier: str = "ZZ"
    usage: str = "P"


@dataclass(frozen=True, slots=True)
class Incoming:
    """A file that came in: its name, and its bytes, which nobody has judged."""

    name: str
    content: bytes = field(repr=False)


class Sends(StrEnum):
    """What a file to a clearinghouse holds: requests of ours, or the acknowledgement of what it brought."""

    REQUESTS = "270"
    REVIEWS = "278"
    ANSWER_999 = "999"
    ANSWER_TA1 = "ta1"


class Acknowledges(StrEnum):
    """Which acknowledgements a clearinghouse wants of what it brings: every one, those that refuse, or none."""

    ALL = "all"
    REFUSALS = "refusals"
    NONE = "none"


class Clearinghouse(Protocol):
    """Takes eligibility requests to payers, brings their answers, and takes the acknowledgements of these."""

    @property
    def parties(self) -> Parties:
        """Who sends to whom."""

    @property
    def one_at_a_time(self) -> bool:
        """Whether each file may hold one request only."""

    @property
    def acknowledges(self) -> Acknowledges:
        """Which acknowledgements it wants."""

    @property
    def reviews(self) -> frozenset[str]:
        """For which payers, by their keys, it takes requests for approval (278)."""

    def send(self, content: bytes, name: str, what: Sends = Sends.REQUESTS) -> Answer:
        """Hand one file over. `name` is ours, opaque, and the same when the same bytes go again. Never raises."""

    def waiting(self) -> Iterator[Incoming]:
        """Give what came in. Whoever took one says so with `settle`; what was not settled comes again."""

    def settle(self, incoming: Incoming, refused: str | None) -> None:
        """Say that a file is on file; `refused`: why it could not be read, without anything that names a patient."""


class PasSystem(Protocol):
    """A payer's system that takes prior authorization by FHIR (Da Vinci PAS) and answers at once."""

    @property
    def submitter(self) -> str:
        """Our id in the exchange."""

    @property
    def payer_id(self) -> str | None:
        """The payer's id in the exchange."""

    @property
    def payers(self) -> frozenset[str]:
        """For which payers, by their keys, it is."""

    @property
    def largest(self) -> int:
        """How many bytes of documents it takes with one request; 0: none."""

    @property
    def notifies(self) -> bool:
        """Whether it may tell us by itself what became of a request."""

    def submit(self, content: bytes) -> Answer:
        """Hand a request over; the answer's content is the payer's. Never raises for payer or network."""

    def inquire(self, content: bytes) -> Answer:
        """Ask where a request stands."""

    def subscribe(self, base_url: str) -> Answer:
        """Ask it to tell us of decisions, at our address to the world."""

    def told_by(self, secret: str) -> bool:
        """Say whether a secret is that by which this system proves itself."""


@dataclass(frozen=True, slots=True)
class Limits:
    """How much may leave one practice by one way. Who reaches these has a fault somewhere: the brake goes on.

    `in_flight`: sends at the same time from the one sender.
    """

    per_hour: int = 500
    per_day: int = 2000
    in_flight: int = 4


USUAL = Limits()


@dataclass(frozen=True, slots=True)
class Gateways:
    """The ways out of the building; None: not set up, so that messages stay in the outbox. `base_url`: our address."""

    sms: SmsGateway | None = None
    mail: MailGateway | None = None
    base_url: str = ""
    limits: Limits = USUAL
    clearinghouses: Mapping[str, Clearinghouse] = field(default_factory=dict)
    pas: Mapping[str, PasSystem] = field(default_factory=dict)
