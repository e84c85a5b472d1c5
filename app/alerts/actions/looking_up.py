"""Look for messages of which nothing is known: asked of the provider once they must be known there."""

from collections.abc import Sequence
from datetime import timedelta

from app.alerts.actions.braking import count_results
from app.alerts.actions.outgoing import Hands
from app.alerts.actions.patience import Patience
from app.alerts.actions.undelivered import raise_undelivered
from app.alerts.facts.delivery import Left, Means, Tried, Turn
from app.alerts.facts.outbox import State, Way
from app.alerts.rules.delivery import turn_of_absent, turn_of_found
from app.alerts.rules.provider_codes import means_of
from app.alerts.store import claims
from app.audit.actions import record
from app.gateways.access import gateways_of
from app.gateways.facts import FoundSms
from app.platform.caller import Caller
from app.platform.db import writing

MOST, MOST_ASKED, MOST_UNANSWERED = 1000, 100, 3
SLACK = timedelta(days=2)
"""How far our clock and the provider's may lie apart, or ours have jumped, before a message is not found for it."""


def look_up(caller: Caller, hands: Hands, patience: Patience) -> int:
    """Look for every claimed message that has waited long enough, under the sender's lock. Returns how many went on.

    A provider that cannot be asked is not asked for all of them: what is due to be sent must not wait for that.
    """
    left = claims.left_over(caller.session, caller.practice_id, MOST)
    caller.session.rollback()
    over = [one for one in left if patience.is_over((one.message.id, one.batch_id))]
    went_on = unanswered = 0
    for one in over[:MOST_ASKED]:
        if _went_on(caller, hands, patience, one):
            went_on += 1
        else:
            unanswered += 1
        if unanswered >= MOST_UNANSWERED:
            break
    return went_on


def _went_on(caller: Caller, hands: Hands, patience: Patience, left: Left) -> bool:
    claim = (left.message.id, left.batch_id)
    found = _asked(caller, left)
    if found is None and left.message.way is Way.SMS:
        patience.begin(claim)  # it could not be asked: neither there nor absent
        return False
    with writing(caller.session) as session:
        now = caller.clock.now()
        turn = _turn(caller, left, found or ())
        claims.record(session, caller.practice_id, [turn], now)
        if turn.state is State.UNDELIVERED:
            count_results(caller, left.message.way, [(Tried.CALLED_BACK, turn.code)], now)
        if turn.state in (State.UNDELIVERED, State.FAILED):
            raise_undelivered(caller, [(left.message, turn.code)], now)
        if means_of(turn.code) is Means.OPTED_OUT and left.address is not None:
            hands.opted_out(caller, left.address)
        # The audit line comes last: whoever writes one holds the chain, and must then wait for nobody.
        record(caller, "alerts.looked_up", (left.message.id,), outcome=turn.outcome.value, state=turn.state.value)
    patience.forget(claim)
    return True


def _asked(caller: Caller, left: Left) -> Sequence[FoundSms] | None:
    """The provider's messages to the number that it went out to; None where nobody can be asked."""
    gateway = gateways_of(caller.session).sms
    if left.message.way is not Way.SMS or gateway is None or left.address is None:
        return None
    return gateway.find(left.address, min(left.first_claimed_at, caller.clock.now()) - SLACK)


def _turn(caller: Caller, left: Left, found: Sequence[FoundSms]) -> Turn:
    """Found when the provider has a message with our reference in it, or exactly our text, that is not another's."""
    others = claims.attributed(caller.session, caller.practice_id, [one.provider_id for one in found])
    free = [one for one in found if one.provider_id not in others]
    ours = [one for one in free if left.reference in one.body] or [
        one for one in free if claims.digest_of(caller.session, caller.practice_id, one.body) == left.text_digest
    ]
    if not ours:
        return turn_of_absent(left, caller.clock.now())
    return turn_of_found(left, ours[-1].provider_id, ours[-1].status, ours[-1].code)
