"""The sender: every few seconds, from the state of the outbox alone."""

from app.alerts.actions import delivering
from app.alerts.actions.hands import HANDS
from app.platform.caller import Caller


def deliver(caller: Caller) -> int:
    """Look for messages that were left unclear, then send what is due. Returns how many went on."""
    return delivering.deliver(caller, HANDS)
