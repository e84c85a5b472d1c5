"""What clearinghouses brought, every minute."""

from app.mailroom.actions import incoming
from app.platform.caller import Caller
from app.platform.runs import Ran


def take_incoming(caller: Caller) -> Ran:
    """Receive the files of clearinghouses' folders and the answers that they hold. Safe twice, late, after a crash."""
    return incoming.take_incoming(caller)
