"""How a message goes on after an attempt: whether it is sent, waits, is looked for, or has ended."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from app.alerts.facts.delivery import Claim, Left, Means, Tried, Turn
from app.alerts.facts.outbox import State, Way
from app.alerts.rules.provider_codes import means_of

BACK_OFF = tuple(timedelta(minutes=minutes) for minutes in (1, 2, 5, 15, 60))
MOST_TRIES = 8
HALT_AFTER = 8
MOST_REFUSED = 10
LONGEST_WISH = timedelta(hours=24)

STATUSES = {
    "accepted": State.SENT,
    "scheduled": State.SENT,
    "queued": State.SENT,
    "sending": State.SENT,
    "sent": State.SENT,
    "delivered": State.DELIVERED,
    "read": State.DELIVERED,
    "undelivered": State.UNDELIVERED,
    "failed": State.UNDELIVERED,
    "canceled": State.UNDELIVERED,
}
"""What a provider's word for a message's status means for us. Any other word changes nothing."""


class Again(NamedTuple):
    """What decides whether a message is tried again: how often it was, and until when it may be."""

    message_id: UUID
    batch_id: UUID
    attempts: int
    expires_at: datetime


def wait_after(attempts: int, retry_after: int | None = None) -> timedelta:
    """How long to wait after a number of attempts (from 1): 1, 2, 5, 15, then 60 minutes.

    `retry_after`: the whole seconds that the provider asked for; never less than those, up to a day.
    """
    usual = BACK_OFF[min(max(attempts, 1), len(BACK_OFF)) - 1]
    return min(max(usual, timedelta(seconds=retry_after or 0)), LONGEST_WISH)


def turn_of(
    claim: Claim,
    outcome: Tried,
    now: datetime,
    code: str | None = None,
    provider_id: str | None = None,
    segments: int | None = None,
    retry_after: int | None = None,
) -> Turn:
    """Say how a message goes on after an attempt.

    Takes     the claim that was sent, what came of it, the instant (UTC), and what the provider's answer held.
    Returns   SENT when it was taken, FAILED when it never will be or was tried often enough, PENDING when it may go
              later; an unclear text stays CLAIMED, an unclear e-mail is sent again (its Message-ID is fixed).
    """
    message = claim.message
    if outcome is Tried.ACCEPTED:
        return Turn(message.id, claim.batch_id, State.SENT, outcome, code, provider_id, segments)
    if outcome is Tried.REFUSED:
        return Turn(message.id, claim.batch_id, State.FAILED, outcome, code, why=f"refused_{means_of(code).value}")
    if outcome is Tried.UNCLEAR and message.way is Way.SMS:
        return Turn(message.id, claim.batch_id, State.CLAIMED, outcome, code, why="unclear")
    return _again(
        Again(message.id, claim.batch_id, claim.attempts, message.expires_at), outcome, code, now, retry_after
    )


def turn_of_found(left: Left, provider_id: str, status: str, code: str | None) -> Turn:
    """Say how a message goes on that the provider turned out to have, by the provider's word for its status."""
    state = STATUSES.get(status, State.SENT)
    why = f"provider_{means_of(code).value}" if state is State.UNDELIVERED else None
    return Turn(left.message.id, left.batch_id, state, Tried.FOUND, code, provider_id, why=why)


def turn_of_absent(left: Left, now: datetime) -> Turn:
    """Say how a message goes on that the provider provably does not have, or an e-mail of which nothing is known."""
    outcome = Tried.ABSENT if left.message.way is Way.SMS else Tried.UNCLEAR
    return _again(
        Again(left.message.id, left.batch_id, left.attempts, left.message.expires_at), outcome, None, now, None
    )


def _again(again: Again, outcome: Tried, code: str | None, now: datetime, retry_after: int | None) -> Turn:
    if again.expires_at <= now:
        return Turn(again.message_id, again.batch_id, State.EXPIRED, outcome, code, why="stale")
    if again.attempts >= MOST_TRIES:
        return Turn(again.message_id, again.batch_id, State.FAILED, outcome, code, why="tries")
    then = now + wait_after(again.attempts, retry_after)
    return Turn(
        again.message_id, again.batch_id, State.PENDING, outcome, code, why=_why(outcome, code), next_try_at=then
    )


def _why(outcome: Tried, code: str | None) -> str:
    return "absent" if outcome is Tried.ABSENT else f"later_{means_of(code).value}"


def halts(recent: Sequence[tuple[Tried, str | None]]) -> bool:
    """Say whether to hand out no more of a batch: the provider does not answer, or takes nothing of ours.

    Takes     what came of the batch so far, latest last: outcome and code.
    """
    if any(outcome is Tried.LATER and means_of(code) is Means.SENDER for outcome, code in recent):
        return True
    if len(recent) >= MOST_REFUSED and all(outcome is Tried.REFUSED for outcome, _ in recent[-MOST_REFUSED:]):
        return True
    last = recent[-HALT_AFTER:]
    return len(last) == HALT_AFTER and all(
        outcome in (Tried.LATER, Tried.UNCLEAR) and means_of(code) in (Means.OUTAGE, Means.BUSY)
        for outcome, code in last
    )
