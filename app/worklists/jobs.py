"""What the desk counts by itself: which rules of the library booked visits and open cases rest on."""

from app.platform.caller import Caller
from app.worklists.actions.resting import count_in_use


def ask_to_verify(caller: Caller) -> int:
    """Count anew what rests on each rule; the sweep asks to verify those that nobody did for long. Works from state."""
    return count_in_use(caller)
