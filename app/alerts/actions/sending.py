"""Hand a claimed batch out, outside any transaction, a few at a time from the one sender."""

from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from threading import Lock

from app.alerts.actions.outgoing import Outgoing
from app.alerts.facts.delivery import Claim, Tried
from app.alerts.rules.delivery import halts
from app.gateways.facts import Answer, Gateways, Outcome
from app.platform.incidents import describe, new_incident
from app.platform.logs import log


@dataclass
class Sent:
    """What came of a batch: each answer as it came, its outcome and code, and the claims that nobody was given."""

    answers: list[tuple[Outgoing, Answer]] = field(default_factory=list)
    results: list[tuple[Tried, str | None]] = field(default_factory=list)
    untried: list[Claim] = field(default_factory=list)


HAND_OUT_SECONDS = 30.0
"""How long after its claim a message may be handed out.

Should this sender lose its lock or stand still, another asks the provider 60 seconds after the claim at the earliest.
One call lasts no more than some 20 seconds, so that by then whatever was handed out is known there.
"""


class Flight:
    """A batch on its way out, in the threads of a pool.

    Stops early when nothing of ours gets out (`rules: halts`), and when its claim is too old to hand out any more.
    """

    def __init__(
        self, pool: ThreadPoolExecutor, gateways: Gateways, outgoing: Sequence[Outgoing], is_old: Callable[[], bool]
    ) -> None:
        """Begin to send."""
        self._gateways, self._waiting, self._is_old = gateways, deque(outgoing), is_old
        self._sent, self._lock = Sent(), Lock()
        workers = min(gateways.limits.in_flight, len(outgoing))
        self._at_work: list[Future[None]] = [pool.submit(self._work) for _ in range(workers)]

    def landed(self) -> Sent:
        """Wait until all of it was sent or stopped, and say what came of it."""
        for worker in self._at_work:
            worker.result()
        self._sent.untried = [one.claim for one in self._waiting]
        return self._sent

    def _work(self) -> None:
        while True:
            with self._lock:
                if not self._waiting or self._is_old() or halts(self._sent.results):
                    return
                one = self._waiting.popleft()
            answer = _send(self._gateways, one)
            with self._lock:
                self._sent.answers.append((one, answer))
                self._sent.results.append((Tried(answer.outcome.value), answer.code))


def _send(gateways: Gateways, one: Outgoing) -> Answer:
    """Send one message. Whatever breaks on the way out leaves it unclear, never lost and never sent twice."""
    try:
        if one.written.mail is not None and gateways.mail is not None:
            return gateways.mail.send(one.written.mail)
        if one.written.text is not None and gateways.sms is not None:
            callback = f"{gateways.base_url}/hooks/sms/status/{one.claim.reference}"
            return gateways.sms.send(one.written.address, one.written.text, callback)
        return Answer(Outcome.REFUSED, code="content")
    except Exception as error:
        log().error("sending broke", incident=new_incident(), what=describe(error))
        return Answer(Outcome.UNCLEAR, code="broke")
