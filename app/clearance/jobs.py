"""What changes by date alone, at each site's midnight."""

from app.clearance.actions.keeping import rejudge_stale
from app.platform.caller import Caller


def rejudge_past_last_day(caller: Caller) -> int:
    """Judge what is past its last day at its site. Works from state: twice, late or by hand ends the same."""
    return rejudge_stale(caller)
