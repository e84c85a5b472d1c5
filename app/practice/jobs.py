"""What is due in a practice by itself: browsers whose session is over."""

from app.platform.caller import Caller
from app.practice import actions


def forget_ended_sessions(caller: Caller) -> int:
    """Remove the signed-in browsers whose time is over. Returns how many."""
    return actions.forget_ended_sessions(caller)
