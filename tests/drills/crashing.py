"""How a worker of a drill dies: by kill -9 at the nth time that it comes to a named point."""

import os
import random
import signal
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Engine, event

from app.gateways.facts import Answer, FoundSms, SmsGateway

POINTS = (
    "before_send",  # the claim is committed, nothing went out
    "during_send",  # the request is out, no answer yet
    "after_send",  # the answer is here, nothing is recorded
    "before_find",
    "after_find",  # the provider said what it has, nothing is recorded
    "before_commit",  # anywhere in any transaction, just before it is kept
    "after_commit",  # just after
)
LONGEST = 0.03  # seconds into a request, at most, at which a worker dies


@dataclass
class Fuse:
    """Kills this process at the `count`th passing of a point. No point: never."""

    point: str | None = None
    count: int = 1
    seed: int = 0

    def passes(self, point: str) -> bool:
        """Say whether this passing is the one."""
        if point != self.point:
            return False
        self.count -= 1
        return self.count == 0

    def burn(self, point: str) -> None:
        """Die here, when this passing is the one."""
        if self.passes(point):
            die()

    def burn_soon(self, point: str) -> None:
        """Die in a moment, while this goes on."""
        if self.passes(point):
            threading.Timer(random.Random(self.seed).uniform(0, LONGEST), die).start()

    def watch(self, engine: Engine) -> None:
        """Burn at the transactions of an engine."""

        @event.listens_for(engine, "commit")
        def committing(_connection: object) -> None:
            self.burn("before_commit")

        @event.listens_for(engine, "checkin")
        def back(_connection: object, _record: object) -> None:
            self.burn("after_commit")


def die() -> None:
    """End this process as kill -9 does."""
    os.kill(os.getpid(), signal.SIGKILL)


@dataclass
class CrashingSms:
    """A gateway whose process may die around each of its calls."""

    real: SmsGateway
    fuse: Fuse

    def send(self, to: str, text: str, callback: str | None) -> Answer:
        """Send, and perhaps die before, meanwhile or after."""
        self.fuse.burn("before_send")
        self.fuse.burn_soon("during_send")
        answer = self.real.send(to, text, callback)
        self.fuse.burn("after_send")
        return answer

    def signed(self, address: str, form: Mapping[str, Sequence[str]], signature: str) -> bool:
        """Say whether the provider signed a form."""
        return self.real.signed(address, form, signature)

    def find(self, to: str, since: datetime) -> Sequence[FoundSms] | None:
        """Look up, and perhaps die before or after."""
        self.fuse.burn("before_find")
        found = self.real.find(to, since)
        self.fuse.burn("after_find")
        return found
