"""When we learned what a payer decided: the event that turned the status, not the first entry of the row."""

from collections.abc import Iterable
from datetime import date, datetime

from app.authorizations.facts import Authorization, AuthorizationEvent, Status
from app.authorizations.rules.changes import is_first
from app.clearance.rules.candidates import GRANTED, KINDS

_NEWS = frozenset({*GRANTED, Status.DENIED, Status.MORE_INFO})


def may_be_news(row: Authorization, since: date) -> bool:
    """Say whether a decision may have been learned of lately: one dated long ago is no news, whenever it was typed."""
    if row.status not in _NEWS or row.kind not in KINDS:
        return False
    return row.status is Status.MORE_INFO or row.decided_on is None or row.decided_on >= since


def learned_of(row: Authorization, events: Iterable[AuthorizationEvent]) -> datetime | None:
    """Find when we learned of an authorization's status.

    Takes     the authorization; its latest events, oldest first.
    Returns   the time of the last event that turned the status into what it is now; None where no event did: whoever
              entered it that way knew, and an import of a whole log is no news.
    """
    found = None
    for event in events:
        before, after = event.changes.get("status", [None, None])
        if after == row.status.value and before is not None and before != after and not is_first(event.changes):
            found = event.at
    return found
