"""What is due in a practice by itself: long files that wait to be checked or written, and drafts whose day is over."""

from app.imports.actions import drafts, working
from app.platform.caller import Caller


def work_on_drafts(caller: Caller) -> int:
    """Check or write the long files that wait, and end what a process left half-way. Returns how many."""
    return working.work(caller)


def forget_old_drafts(caller: Caller) -> int:
    """Remove the drafts that are older than a day, with all that they hold. Returns how many."""
    return drafts.forget_old(caller)
