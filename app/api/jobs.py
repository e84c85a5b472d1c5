"""What is due in a practice by itself: answers are kept for a day only."""

from app.api.actions import once
from app.platform.caller import Caller


def forget_api_answers(caller: Caller) -> int:
    """Remove the first answers of requests that are older than a day. Returns how many."""
    return once.forget_answers(caller)
