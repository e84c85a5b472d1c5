"""Deliver the outbox: claim, commit, call, record; what is unclear is looked up and never sent again blindly.

One sender at a time, by a lock that dies with its process. The order makes it safe: a message is claimed, and the
claim committed, before anything leaves. Whoever comes after a crash finds it claimed, waits until the provider must
know it, and asks. Only what is provably absent is sent again.
"""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Engine

from app.alerts.actions.braking import count_results
from app.alerts.actions.claiming import NOTHING, Batch, claim_batch, is_any_due
from app.alerts.actions.looking_up import look_up
from app.alerts.actions.outgoing import Hands, Outgoing
from app.alerts.actions.patience import Patience
from app.alerts.actions.sending import HAND_OUT_SECONDS, Flight, Sent
from app.alerts.actions.undelivered import raise_undelivered
from app.alerts.facts.delivery import Means, Tried, Turn
from app.alerts.facts.outbox import Message, State, Way
from app.alerts.rules.delivery import turn_of
from app.alerts.rules.provider_codes import means_of
from app.alerts.store import claims
from app.gateways.access import gateways_of
from app.gateways.facts import Answer
from app.platform.caller import Caller
from app.platform.db import writing
from app.platform.lock import held

SENDER = "sender"
MOST_BATCHES = 40
PATIENCE = Patience()
"""Of this process: after a restart every wait starts anew."""


def deliver(caller: Caller, hands: Hands, patience: Patience = PATIENCE) -> int:
    """Look for what was left unclear, then send what is due. Returns how many messages went on.

    Safe twice, late and after a crash at any point. Does nothing while another process sends.
    """
    engine = caller.session.get_bind()
    assert isinstance(engine, Engine)
    caller.session.rollback()
    with held(engine, SENDER) as mine:
        if not mine:
            return 0
        done = look_up(caller, hands, patience)
        return done + (_send_what_is_due(caller, hands, patience) if is_any_due(caller) else 0)


@dataclass(frozen=True)
class _Landed:
    """What came of a batch and is not written down yet."""

    batch_id: UUID
    sent: Sent


def _send_what_is_due(caller: Caller, hands: Hands, patience: Patience) -> int:
    """Send batch after batch. While one is on its way, the answers of the last are recorded and the next is claimed."""
    gateways = gateways_of(caller.session)
    with ThreadPoolExecutor(max(1, gateways.limits.in_flight)) as pool:
        is_old, landed = patience.limit(HAND_OUT_SECONDS), None
        batch = _next(caller, hands, patience, None)
        done, batches = batch.ended, 1
        while batch.seen:
            flight = Flight(pool, gateways, batch.outgoing, is_old)
            is_old = patience.limit(HAND_OUT_SECONDS)
            following = _next(caller, hands, patience, landed, claiming=batches < MOST_BATCHES)
            landed = _Landed(batch.id, flight.landed())
            done, batches = done + len(landed.sent.answers) + following.ended, batches + 1
            if landed.sent.untried:
                landed.sent.untried += [one.claim for one in following.outgoing]
                break
            batch = following
        _next(caller, hands, patience, landed, claiming=False)
    return done


def _next(caller: Caller, hands: Hands, patience: Patience, landed: _Landed | None, claiming: bool = True) -> Batch:
    """Write down what came of one batch and claim the next, in one transaction that is committed when this returns."""
    if landed is None and not (claiming and is_any_due(caller)):
        return NOTHING
    with writing(caller.session):
        if landed is not None:
            _write_down(caller, hands, landed.sent, caller.clock.now())
        batch = claim_batch(caller, hands) if claiming else NOTHING
    if landed is not None:
        for (one, _), (outcome, _code) in zip(landed.sent.answers, landed.sent.results, strict=True):
            if outcome is Tried.UNCLEAR:
                patience.begin((one.claim.message.id, landed.batch_id))
    return batch


def _write_down(caller: Caller, hands: Hands, sent: Sent, now: datetime) -> None:
    turns = [
        turn_of(
            one.claim,
            Tried(answer.outcome.value),
            now,
            answer.code,
            answer.provider_id,
            answer.segments,
            answer.retry_after,
        )
        for one, answer in sent.answers
    ]
    claims.record(caller.session, caller.practice_id, turns, now)
    raise_undelivered(caller, _failed(sent, turns), now)
    claims.give_back(caller.session, caller.practice_id, sent.untried, now)
    for way in Way:
        results = [
            (Tried(answer.outcome.value), answer.code) for one, answer in sent.answers if one.claim.message.way is way
        ]
        if results:
            count_results(caller, way, results, now)
    for one, answer in sent.answers:
        if _opted_out(one, answer):
            hands.opted_out(caller, one.written.address)


def _failed(sent: Sent, turns: Sequence[Turn]) -> list[tuple[Message, str | None]]:
    pairs = zip(sent.answers, turns, strict=True)
    return [(one.claim.message, turn.code) for (one, _), turn in pairs if turn.state is State.FAILED]


def _opted_out(one: Outgoing, answer: Answer) -> bool:
    return one.claim.message.way is Way.SMS and means_of(answer.code) is Means.OPTED_OUT
