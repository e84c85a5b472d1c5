"""Let every patient be found, whoever brought them in; keep the list of cases true; forget what was discarded."""

from app.casework.actions.finding import fill_search_keys
from app.casework.actions.placing import keep_cases as place_marked
from app.casework.actions.requests import forget_discarded
from app.platform.caller import Caller


def make_search_keys(caller: Caller) -> int:
    """Make the search keys of patients who have none. Works from state: twice, late or by hand ends the same."""
    return fill_search_keys(caller)


def keep_cases(caller: Caller) -> int:
    """Place the cases of patients whose facts changed, and of those whom the calendar moves. Works from state."""
    return place_marked(caller)


def forget_drafts(caller: Caller) -> int:
    """Remove the drafts of requests that were discarded a day ago or longer. Works from state."""
    return forget_discarded(caller)
