"""Documents that were left half-way, every minute; and records that wait, once a day."""

from app.mailroom.actions.matching import try_again
from app.mailroom.actions.receiving import go_on
from app.platform.caller import Caller
from app.platform.runs import Ran


def file_documents(caller: Caller) -> Ran:
    """Go on with documents whose reading or filing was cut short. Safe twice, late, after a crash."""
    return go_on(caller)


def try_records_again(caller: Caller) -> int:
    """Give records that wait to their rooms once more: what they are about may have come since. Safe twice and late."""
    return try_again(caller)
