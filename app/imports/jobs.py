"""What is due in a practice by itself: long files that wait, undos that were begun, and what is kept for a day only."""

from app.imports.actions import drafts, undoing, working
from app.platform.caller import Caller


def work_on_drafts(caller: Caller) -> int:
    """Check or write the long files that wait, and end what a process left half-way. Returns how many."""
    return working.work(caller)


def forget_old_drafts(caller: Caller) -> int:
    """Remove the drafts that are older than a day, with all that they hold. Returns how many."""
    return drafts.forget_old(caller)


def finish_undos(caller: Caller) -> int:
    """Go on with the undos that a person began. Returns how many ended; safe twice, late and after a crash."""
    return undoing.finish_undos(caller)


def forget_import_pieces(caller: Caller) -> int:
    """Remove what is kept of imports that are more than a day old. Returns how many pieces."""
    return undoing.forget_pieces(caller)
