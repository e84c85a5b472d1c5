"""Hand a claimed batch out, outside any transaction, a few at a time from the one sender."""

from collections import deque
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
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


def hand_out(gateways: Gateways, outgoing: Sequence[Outgoing]) -> Sent:
    """Send a batch. Stops early when the provider does not answer, or lets nothing of ours out."""
    waiting, sent, lock = deque(outgoing), Sent(), Lock()

    def work() -> None:
        while True:
            with lock:
                if not waiting or halts(sent.results):
                    return
                one = waiting.popleft()
            answer = _send(gateways, one)
            with lock:
                sent.answers.append((one, answer))
                sent.results.append((Tried(answer.outcome.value), answer.code))

    workers = min(gateways.limits.in_flight, len(outgoing))
    if workers <= 1:
        work()
    else:
        with ThreadPoolExecutor(workers) as pool:
            for done in [pool.submit(work) for _ in range(workers)]:
                done.result()
    sent.untried = [one.claim for one in waiting]
    return sent


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
