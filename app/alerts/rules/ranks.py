"""The order of a message's states: a rank only rises, so that whatever comes late or twice changes nothing."""

from app.alerts.facts.outbox import State

RANKS = {
    State.PENDING: 1,
    State.CLAIMED: 1,
    State.SENT: 2,
    State.CANCELLED: 3,
    State.EXPIRED: 3,
    State.FAILED: 3,
    State.UNDELIVERED: 4,
    State.DELIVERED: 5,
}
"""Pending and claimed share a rank: a claim may be given back. What a provider reports stands above our own ends."""

ENDS = frozenset({State.DELIVERED, State.UNDELIVERED, State.FAILED, State.CANCELLED, State.EXPIRED})
"""States after which we do nothing more with a message."""
