"""Documents that were left half-way, every minute."""

from app.mailroom.actions.receiving import go_on
from app.platform.caller import Caller
from app.platform.runs import Ran


def file_documents(caller: Caller) -> Ran:
    """Go on with documents whose reading or filing was cut short. Safe twice, late, after a crash."""
    return go_on(caller)
