"""The one place from which the sample practice is filled."""

from zoneinfo import ZoneInfo

from app.platform.caller import Caller
from app.practice import store
from app.web.opening import OpeningError
from app.web.sample.filling import fill


def fill_sample(caller: Caller, again: bool = False) -> bool:
    """Fill the sample practice of a database, counted from today. Returns False when it was filled already.

    Raises OpeningError for a real practice: real and sample data never share a database.
    """
    practice = store.practice_of(caller.session, caller.practice_id)
    if not practice.sample:
        raise OpeningError("This database holds a real practice; the sample is never mixed into one.")
    return fill(caller, caller.clock.today(ZoneInfo(practice.zone)), again)
