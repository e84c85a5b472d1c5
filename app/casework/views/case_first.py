"""What the status of a case asks for first, and which requests may follow it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from app.authorizations.facts import AuthorizationRecord, Kind, Status
from app.authorizations.rules.moves import GRANTED


@dataclass(frozen=True, slots=True)
class Primary:
    """What the status asks for first: a page by its name here, or a kind of request that follows; with its key."""

    label: str
    page: str | None = None
    follows: str | None = None
    key: str | None = None


_SEND = Primary("Send", page="send")
_ANSWER = Primary("Record answer", page="answer")
_RENEW = Primary("Renew", follows=Kind.RENEWAL.value, key="r")
_APPEAL = Primary("Start appeal", page="appeal")
_AGAIN = Primary("Ask again", follows=Kind.INITIAL.value)
PRIMARIES: Mapping[Status, Primary] = {
    Status.DRAFT: Primary("Complete the request", page="request"),
    Status.NEEDS_DOCUMENTS: Primary("Complete the request", page="request"),
    Status.READY: _SEND,
    Status.SUBMITTED: _ANSWER,
    Status.MORE_INFO: _ANSWER,
    Status.IN_APPEAL: _ANSWER,
    Status.NOTIFIED: _ANSWER,
    Status.APPROVED: _RENEW,
    Status.PARTLY_APPROVED: _RENEW,
    Status.CLOSED: _RENEW,
    Status.DENIED: _APPEAL,
    Status.DISMISSED: _AGAIN,
    Status.WITHDRAWN: _AGAIN,
}
_AFTER_YES = (Kind.RENEWAL, Kind.EXTENSION, Kind.CONTINUITY)
_AFTER: Mapping[Status, tuple[Kind, ...]] = {
    Status.APPROVED: _AFTER_YES,
    Status.PARTLY_APPROVED: _AFTER_YES,
    Status.CLOSED: _AFTER_YES,
    Status.DENIED: (Kind.INITIAL,),
    Status.DISMISSED: (Kind.INITIAL,),
    Status.WITHDRAWN: (Kind.INITIAL,),
}
FOLLOWERS: Mapping[Kind, str] = {
    Kind.RENEWAL: "Renew",
    Kind.EXTENSION: "Ask for an extension",
    Kind.CONTINUITY: "Ask for continuity of care",
    Kind.INITIAL: "Ask again",
}
"""Kinds of request that are begun from the page of a case, and what their buttons say."""


def primary_of(record: AuthorizationRecord) -> Primary | None:
    """What comes first on the page: it follows the status. A spoken yes waits for its number."""
    if record.status in GRANTED and record.verbal:
        return Primary("Record the number", page="answer")
    return PRIMARIES.get(record.status)


def followers_of(record: AuthorizationRecord) -> Iterator[tuple[str, str]]:
    """Requests that may follow this case, beside the one that comes first."""
    first = primary_of(record)
    for kind in _AFTER.get(record.status, ()):
        if first is None or first.follows != kind.value:
            yield kind.value, FOLLOWERS[kind]
