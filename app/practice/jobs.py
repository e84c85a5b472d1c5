"""What is due in a practice by itself: browsers whose session is over, and forms that nobody came back for."""

from app.platform.caller import Caller
from app.practice.actions import signing_in as actions


def forget_ended_sessions(caller: Caller) -> int:
    """Remove the signed-in browsers whose time is over. Returns how many."""
    return actions.forget_ended_sessions(caller)


def forget_kept_forms(caller: Caller) -> int:
    """Remove the forms that nobody came back for. Returns how many."""
    return actions.forget_kept_forms(caller)
