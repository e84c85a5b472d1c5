"""A clearinghouse that reaches nobody: it records what it was given, and answers as it is told to."""

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field

from app.gateways.facts import Acknowledges, Answer, Incoming, Outcome, Parties, Sends


@dataclass
class RecordingClearinghouse:
    """Takes files. `answers` are given to the next ones, in order; then each is accepted.

    `incoming` holds what waits to be taken; `settled` what was taken, with the reason where it was refused;
    `acknowledged` the acknowledgements that it was given.
    """

    parties: Parties = field(default_factory=lambda: Parties("CLINIC", "HOUSE"))
    one_at_a_time: bool = False
    acknowledges: Acknowledges = Acknowledges.ALL
    reviews: frozenset[str] = frozenset()
    answers: deque[Answer] = field(default_factory=deque)
    incoming: list[Incoming] = field(default_factory=list)
    sent: list[tuple[str, bytes]] = field(default_factory=list)
    acknowledged: list[tuple[str, bytes]] = field(default_factory=list)
    settled: list[tuple[str, str | None]] = field(default_factory=list)

    def send(self, content: bytes, name: str, what: Sends = Sends.REQUESTS) -> Answer:
        """Record one file and answer."""
        (self.sent if what in (Sends.REQUESTS, Sends.REVIEWS) else self.acknowledged).append((name, content))
        return self.answers.popleft() if self.answers else Answer(Outcome.ACCEPTED, name)

    def waiting(self) -> Iterator[Incoming]:
        """Give what waits."""
        yield from list(self.incoming)

    def settle(self, incoming: Incoming, refused: str | None) -> None:
        """Note what became of a file."""
        self.incoming.remove(incoming)
        self.settled.append((incoming.name, refused))
