"""Gateways that send nothing: they record what they were given, and answer as they are told to."""

import threading
from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import count

from app.gateways.facts import Answer, FoundSms, Mail, Outcome
from app.platform.clock import Clock, SystemClock

SIGNATURE = "signed"


@dataclass(frozen=True, slots=True)
class SentSms:
    """A text as it was handed in, and whether the provider has it."""

    to: str
    text: str
    callback: str | None
    provider_id: str | None
    at: datetime


@dataclass
class RecordingSms:
    """Takes texts. `answers` are given to the next sends, in order; then each is accepted.

    `taken` says of an unclear answer whether the provider has the text all the same. `reachable` False: it cannot be
    asked what it has. `lasting` holds what a number always gets.
    """

    clock: Clock = field(default_factory=SystemClock)
    answers: deque[Answer] = field(default_factory=deque)
    lasting: dict[str, Answer] = field(default_factory=dict)
    taken: bool = False
    reachable: bool = True
    sent: list[SentSms] = field(default_factory=list)
    _numbers: "count[int]" = field(default_factory=lambda: count(1), repr=False)
    _lock: threading.Lock = field(default_factory=threading.Lock, repr=False)

    def send(self, to: str, text: str, callback: str | None) -> Answer:
        """Record one text and answer."""
        with self._lock:
            made = Answer(Outcome.ACCEPTED, f"SM{next(self._numbers):032x}", segments=1)
            answer = self.lasting.get(to) or (self.answers.popleft() if self.answers else made)
            has_it = answer.outcome is Outcome.ACCEPTED or (answer.outcome is Outcome.UNCLEAR and self.taken)
            known = answer.provider_id or made.provider_id
            self.sent.append(SentSms(to, text, callback, known if has_it else None, self.clock.now()))
            return answer

    def find(self, to: str, since: datetime) -> Sequence[FoundSms] | None:
        """List what was taken for a number since an instant."""
        if not self.reachable:
            return None
        return [
            FoundSms(one.provider_id, one.text, "sent", one.at)
            for one in self.sent
            if one.to == to and one.provider_id is not None and one.at >= since
        ]

    def signed(self, address: str, form: Mapping[str, Sequence[str]], signature: str) -> bool:
        """Believe the one signature of tests."""
        return signature == SIGNATURE


@dataclass
class RecordingMail:
    """Takes e-mail. `answers` are given to the next ones, in order; then each is accepted."""

    answers: deque[Answer] = field(default_factory=deque)
    lasting: dict[str, Answer] = field(default_factory=dict)
    sent: list[Mail] = field(default_factory=list)
    _lock: threading.Lock = field(default_factory=threading.Lock, repr=False)

    def send(self, mail: Mail) -> Answer:
        """Record one e-mail and answer."""
        with self._lock:
            self.sent.append(mail)
            made = Answer(Outcome.ACCEPTED, mail.message_id)
            return self.lasting.get(mail.to) or (self.answers.popleft() if self.answers else made)
