"""A payer's system that sends nothing: it records what it was given, and answers as it is told to."""

import hmac
from collections import deque
from dataclasses import dataclass, field

from app.gateways.facts import Answer, Outcome


@dataclass
class RecordingPas:
    """Takes requests and inquiries. `answers` are given in order; then nobody is reached."""

    payers: frozenset[str] = frozenset()
    submitter: str = "9012345"
    payer_id: str | None = "EXH01"
    secret: str | None = None
    largest: int = 10 * 2**20
    answers: deque[Answer] = field(default_factory=deque)
    submitted: list[bytes] = field(default_factory=list)
    inquired: list[bytes] = field(default_factory=list)
    subscribed: list[str] = field(default_factory=list)

    @property
    def notifies(self) -> bool:
        """Whether it has a secret by which it tells us."""
        return self.secret is not None

    def submit(self, content: bytes) -> Answer:
        """Record a request and answer."""
        self.submitted.append(content)
        return self._answer()

    def inquire(self, content: bytes) -> Answer:
        """Record an inquiry and answer."""
        self.inquired.append(content)
        return self._answer()

    def subscribe(self, base_url: str) -> Answer:
        """Record where it is to tell us, and answer."""
        if self.secret is None:
            return Answer(Outcome.REFUSED, code="no-secret")
        self.subscribed.append(base_url)
        return self._answer()

    def told_by(self, secret: str) -> bool:
        """Say whether this is its secret."""
        return self.secret is not None and hmac.compare_digest(secret.encode(), self.secret.encode())

    def _answer(self) -> Answer:
        return self.answers.popleft() if self.answers else Answer(Outcome.LATER, code="no-connection")
