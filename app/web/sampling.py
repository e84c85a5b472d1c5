"""The one place from which the sample practice is filled."""

from zoneinfo import ZoneInfo

from app.platform.caller import Caller
from app.practice.store import practice as store
from app.web.opening import OpeningError
from app.web.sample.filling import SampleError, fill, filled_on
from app.web.sample.ticking import Played, tick


def fill_sample(caller: Caller, again: bool = False) -> bool:
    """Fill the sample practice of a database, counted from today; `again` forgets what was done in it.

    Returns   False when it was filled already, at most seven days ago.
    Raises    OpeningError for a real practice: real and sample data never share a database.
    """
    practice = store.practice_of(caller.session, caller.practice_id)
    if not practice.sample:
        raise OpeningError("This database holds a real practice; the sample is never mixed into one.")
    try:
        return fill(caller, caller.clock.today(ZoneInfo(practice.zone)), again)
    except SampleError as error:
        raise OpeningError(f"The sample practice could not be filled: {error}") from None


def tick_sample(caller: Caller) -> tuple[Played, ...]:
    """Play one step of time in the sample: a payer's answer, a moved visit, a change of coverage.

    Raises    OpeningError for a real practice, and for a sample that is not filled.
    """
    try:
        return tick(caller)
    except SampleError as error:
        raise OpeningError(f"Nothing was played: {error}.") from None


def age_of_sample(caller: Caller) -> str | None:
    """Say from which day the sample is counted, where that is not today; its stories move with the days."""
    practice = store.practice_of(caller.session, caller.practice_id)
    filled = filled_on(caller)
    if filled is None or filled == caller.clock.today(ZoneInfo(practice.zone)):
        return None
    return (
        f"The sample was filled on {filled:%m/%d/%Y}. To begin it anew from today: scripts/manage sample fill --again"
    )
