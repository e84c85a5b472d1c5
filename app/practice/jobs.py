"""What is due in a practice by itself: sessions and kept forms that are over, and who asked for a link at the door."""

from app.platform.caller import Caller
from app.practice.actions import passwords, throttling
from app.practice.actions import signing_in as actions


def forget_ended_sessions(caller: Caller) -> int:
    """Remove the signed-in browsers whose time is over. Returns how many."""
    return actions.forget_ended_sessions(caller)


def forget_kept_forms(caller: Caller) -> int:
    """Remove the forms that nobody came back for. Returns how many."""
    return actions.forget_kept_forms(caller)


def forget_sign_in_traces(caller: Caller) -> int:
    """Remove counts of failed sign-ins and known browsers that are old. Returns how many."""
    return throttling.forget_traces(caller)


def answer_who_asked(caller: Caller) -> int:
    """Send a link to those who asked for a new password and may have one. Returns how many."""
    return passwords.answer_who_asked(caller)


def forget_old_codes(caller: Caller) -> int:
    """Remove old codes of resets, and what was asked at the door. Returns how many."""
    return passwords.forget_old_codes(caller)
