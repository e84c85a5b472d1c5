"""A clearinghouse or payer reached by HTTPS, as CAQH CORE connectivity says: one POST for each exchange."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from time import monotonic

import httpx

from app.gateways.clearinghouse.envelope import (
    PAYLOADS,
    RESULTS_REQUEST,
    REVIEW_RESULTS_REQUEST,
    SUCCESS,
    Envelope,
    batch_fields,
    fields_of,
    read_envelope,
)
from app.gateways.clearinghouse.settings import ClearinghouseSettings
from app.gateways.facts import Acknowledges, Answer, Incoming, Outcome, Parties, Sends
from app.gateways.outbound import Network
from app.gateways.pinned_httpx import walled_client
from app.platform.clock import Clock, SystemClock
from app.platform.ids import new_id

LARGEST_ANSWER = 64 * 1024 * 1024
ASKED_EVERY = timedelta(minutes=5)
"""How long to wait before a server is asked again for answers to batches."""
_LATER = frozenset({408, 425, 429})
_SERVERS_OWN = frozenset({"Receiver", "unreadable"})
"""Error codes by which a server says that the fault is its own."""


class CoreHttps:
    """Sends by HTTPS. It holds user and password, and writes nothing of an exchange down."""

    def __init__(
        self,
        settings: ClearinghouseSettings,
        private: tuple[Network, ...] = (),
        clock: Clock | None = None,
        seconds: float = 60.0,
        every: timedelta = ASKED_EVERY,
    ) -> None:
        self.settings, self.private, self.seconds, self.every = settings, private, seconds, every
        self.clock = clock or SystemClock()
        self.asked_at: datetime | None = None

    @property
    def parties(self) -> Parties:
        """Who sends to whom."""
        return self.settings.parties

    @property
    def one_at_a_time(self) -> bool:
        """Whether each request must go by itself: an answer in real time is for one patient."""
        return self.settings.realtime

    @property
    def acknowledges(self) -> Acknowledges:
        """Which acknowledgements it wants."""
        return self.settings.acknowledges

    @property
    def reviews(self) -> frozenset[str]:
        """For which payers it takes requests for approval."""
        return self.settings.reviews

    def send(self, content: bytes, name: str, what: Sends = Sends.REQUESTS) -> Answer:
        """Hand one file over; the same name goes again with the same bytes where an answer was not clear.

        Requests may be answered in real time; an acknowledgement always goes as a batch.
        """
        realtime = self.settings.realtime and what in (Sends.REQUESTS, Sends.REVIEWS)
        more = {} if realtime else batch_fields(content)
        found = self._post(PAYLOADS[what], name, realtime, more, content)
        if isinstance(found, Answer):
            return found
        if found.error_code == SUCCESS:
            return Answer(Outcome.ACCEPTED, name, content=found.payload if realtime else None)
        outcome = Outcome.UNCLEAR if found.error_code in _SERVERS_OWN else Outcome.REFUSED
        return Answer(outcome, code=found.error_code)

    def waiting(self) -> Iterator[Incoming]:
        """Ask for answers to batches, every few minutes at most; nothing where none are there, or none answers."""
        now = self.clock.now()
        if self.settings.realtime or (self.asked_at is not None and now - self.asked_at < self.every):
            return
        self.asked_at = now
        for wanted in (RESULTS_REQUEST, REVIEW_RESULTS_REQUEST) if self.reviews else (RESULTS_REQUEST,):
            found = self._post(wanted, str(new_id()), False, {}, None)
            if isinstance(found, Envelope) and found.error_code == SUCCESS and found.payload is not None:
                yield Incoming("answers.x12", found.payload)

    def settle(self, incoming: Incoming, refused: str | None) -> None:
        """Nothing to move: what was fetched is on file by now, also where it could not be read."""

    def _post(
        self, kind: str, payload_id: str, realtime: bool, more: dict[str, str], content: bytes | None
    ) -> Envelope | Answer:
        """Send one form. Returns the envelope that came back, or what became of it where none did."""
        own = self.settings
        fields = (
            fields_of(kind, payload_id, own.sender, own.receiver, own.rule_version, realtime, self.clock.now()) | more
        )
        fields |= {"UserName": own.user, "Password": own.password} if own.user else {}
        parts: dict[str, tuple[str | None, bytes, str]] = {
            name: (None, value.encode(), "text/plain; charset=utf-8") for name, value in fields.items()
        }
        if content is not None:
            parts["Payload"] = ("payload.x12", content, "application/octet-stream")
        with walled_client(own.url, self.private, min(10.0, self.seconds), self.seconds) as client:
            try:
                with client.stream("POST", own.url, files=parts) as answer:
                    return self._read(answer)
            except (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout):
                return Answer(Outcome.LATER, code="no-connection")
            except httpx.HTTPError:
                return Answer(Outcome.UNCLEAR, code="no-answer")

    def _read(self, answer: httpx.Response) -> Envelope | Answer:
        status = answer.status_code
        if status >= 500:
            return Answer(Outcome.UNCLEAR, code=f"http-{status}")
        if status in _LATER:
            return Answer(Outcome.LATER, code=f"http-{status}", retry_after=_seconds(answer))
        if not 200 <= status < 300:
            return Answer(Outcome.REFUSED, code=f"http-{status}")
        body, until = bytearray(), monotonic() + 2 * self.seconds
        for piece in answer.iter_bytes(65536):
            body += piece
            if len(body) > LARGEST_ANSWER or monotonic() > until:
                return Answer(Outcome.UNCLEAR, code="endless-answer")
        envelope = read_envelope(answer.headers.get("Content-Type", ""), bytes(body))
        return envelope or Answer(Outcome.UNCLEAR, code="no-envelope")


def _seconds(answer: httpx.Response) -> int | None:
    text = answer.headers.get("Retry-After", "")
    return int(text) if text.isdecimal() and len(text) < 7 else None
