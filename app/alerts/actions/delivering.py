"""Deliver the outbox: claim, commit, call, record; what is unclear is looked up and never sent again blindly.

One sender at a time, by a lock that dies with its process. The order makes it safe: a message is claimed, and the
claim committed, before anything leaves. Whoever comes after a crash finds it claimed, waits until the provider must
know it, and asks. Only what is provably absent is sent again.
"""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Engine

from app.alerts.actions.braking import count_results
from app.alerts.actions.claiming import Batch, claim_batch
from app.alerts.actions.looking_up import look_up
from app.alerts.actions.outgoing import Hands, Outgoing
from app.alerts.actions.patience import Patience
from app.alerts.actions.sending import Sent, hand_out
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
        for _ in range(MOST_BATCHES):
            batch = claim_batch(caller, hands)
            done += batch.ended
            if not batch.seen:
                break
            sent = _send(caller, hands, patience, batch)
            done += len(sent.answers)
            if sent.untried:
                break
    return done


def _send(caller: Caller, hands: Hands, patience: Patience, batch: Batch) -> Sent:
    """Hand a batch out and write down what came of it. Nothing of the session is open meanwhile."""
    if not batch.outgoing:
        return Sent()
    sent = hand_out(gateways_of(caller.session), batch.outgoing)
    with writing(caller.session):
        now = caller.clock.now()
        _write_down(caller, hands, sent, now)
    for one, answer in sent.answers:
        if Tried(answer.outcome.value) is Tried.UNCLEAR:
            patience.begin((one.claim.message.id, batch.id))
    return sent


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
