"""Backups by themselves: one a day, old ones removed, and one a week restored as a test."""

from app.backups.actions import keeping
from app.platform.caller import Caller
from app.platform.runs import Ran


def keep_backups(caller: Caller) -> Ran:
    """Make a backup when none was made in the last 24 hours, and remove those that are not kept any more."""
    return keeping.keep_daily(caller)


def try_backups(caller: Caller) -> Ran:
    """Restore the last backup into a throw-away database when none came back whole in the last seven days."""
    return keeping.keep_proved(caller)
