"""The sentinel of plans, every minute, from what is on file alone."""

from app.eligibility.actions.continuity import open_requests
from app.eligibility.actions.sentinel import look_at_changes
from app.platform.caller import Caller


def watch_plans(caller: Caller) -> int:
    """Look at the changes of plans, then open the continuity requests that they ask for. Returns how much was done."""
    return look_at_changes(caller) + open_requests(caller)
