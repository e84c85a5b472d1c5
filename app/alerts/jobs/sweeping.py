"""Deadlines by themselves: the watch is kept every few seconds, and swept every minute."""

from app.alerts.actions import sweeping, watching
from app.platform.caller import Caller


def keep_watch(caller: Caller) -> int:
    """Make the deadlines of changed patients anew. Works from marks: twice, late or by hand ends the same."""
    return watching.keep_watch(caller)


def sweep(caller: Caller) -> int:
    """Look at the practice as a whole, then tell what is due and not yet told: from state, never from a window."""
    watching.watch_practice(caller)
    return sweeping.sweep(caller)
