"""What is left to do of messages to payers by FHIR, every minute."""

from app.mailroom.actions import pas
from app.platform.caller import Caller
from app.platform.runs import Ran


def follow_pas(caller: Caller) -> Ran:
    """Mark calls of which nothing is known, and file answers that were left. Safe twice, late, after a crash."""
    return pas.follow_up(caller)
