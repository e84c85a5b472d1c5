"""How long a message has been left unclear, on a clock that only goes forward. After a restart the wait starts anew."""

from collections.abc import Callable
from dataclasses import dataclass, field
from threading import Lock
from uuid import UUID

from app.platform.clock import ticks

WAIT_SECONDS = 60.0
MOST_REMEMBERED = 20_000


@dataclass
class Patience:
    """When this process first saw each claim without an answer."""

    now: Callable[[], float] = ticks
    seconds: float = WAIT_SECONDS
    since: dict[tuple[UUID, UUID], float] = field(default_factory=dict)
    lock: Lock = field(default_factory=Lock, repr=False)

    def limit(self, seconds: float) -> Callable[[], bool]:
        """A question that is answered with yes once so many seconds from now are over."""
        until = self.now() + seconds
        return lambda: self.now() >= until

    def begin(self, claim: tuple[UUID, UUID]) -> None:
        """Wait anew for a claim: its message and batch."""
        with self.lock:
            if len(self.since) >= MOST_REMEMBERED:  # what a report answered is never asked for again
                self.since = dict(sorted(self.since.items(), key=lambda one: one[1])[MOST_REMEMBERED // 2 :])
            self.since[claim] = self.now()

    def is_over(self, claim: tuple[UUID, UUID]) -> bool:
        """Say whether a claim has waited long enough; one that was never seen begins to wait."""
        with self.lock:
            return self.now() - self.since.setdefault(claim, self.now()) >= self.seconds

    def forget(self, claim: tuple[UUID, UUID]) -> None:
        """The claim has its answer."""
        with self.lock:
            self.since.pop(claim, None)
