"""Authorizations and their history as the API describes them."""

from typing import Any

from app.api.rules.written import Day, Given, Id, Instant
from app.authorizations.facts import (
    Authorization,
    AuthorizationEvent,
    AuthorizationRecord,
    Counting,
    Item,
    Kind,
    Status,
)
from app.authorizations.rules.changes import without_words
from app.values.insurance import Channel


class ItemGiven(Given):
    """What is approved. `used` null: nothing is on file beside done visits, which are counted by themselves."""

    codes: list[str]
    last: str | None
    counting: Counting
    count: int | None
    used: int | None


class Summary(Given):
    """One authorization as lists show it."""

    id: Id
    patient_id: Id
    payer: str
    payer_name: str
    status: Status
    kind: Kind
    items: list[ItemGiven]
    drug: str | None
    ndc: str | None
    plan: str | None
    plan_id: str | None
    group_number: str | None
    number: str | None
    reference: str | None
    begins: Day | None
    ends: Day | None
    no_end: bool
    diagnoses: list[str]
    provider_npi: str | None
    provider_group: str | None
    provider_binds: bool
    site_id: Id | None
    places: list[str]
    channel: Channel | None
    decided_on: Day | None
    requested_on: Day | None
    used_on: Day | None
    verbal: bool
    parent_id: Id | None


class AskedGiven(Given):
    """One line of what was asked of the payer; null or empty: not part of the request."""

    code: str | None
    last: str | None
    drug: str | None
    ndc: str | None
    modifiers: list[str]
    counting: Counting
    count: int | None
    begins: Day | None
    ends: Day | None
    diagnoses: list[str]
    provider_npi: str | None
    provider_group: str | None
    site_id: Id | None
    place: str | None
    channel: Channel | None


class AuthorizationGiven(Summary):
    """One authorization. `requested` is what was asked, kept as it was sent; `items` is what the payer granted.

    `member_id` is there only for tokens with read:coverage.
    """

    urgent: bool
    too_early_until: Day | None
    requested: list[AskedGiven]
    denial_reason: str | None
    owner: str | None
    next_action: str | None
    next_action_on: Day | None
    submitted_by_channel: str | None
    representative: str | None
    call_reference: str | None
    note: str | None
    member_id: str | None = None


class AuthorizationPage(Given):
    """One page of authorizations in the order of their ids."""

    items: list[Summary]
    next: str | None


class Change(Given):
    """One column that changed, as text. Sealed columns say only that they changed: both values are null then."""

    field: str
    before: str | None
    after: str | None


class Event(Given):
    """What happened to an authorization: `by` is a person or a token, null for an import or a job."""

    id: Id
    at: Instant
    via: str
    by: Id | None
    changes: list[Change]


class Events(Given):
    """The history of an authorization, oldest first."""

    items: list[Event]


_SUMMARY = tuple(name for name in Summary.model_fields if name != "items")
_WHOLE = tuple(name for name in AuthorizationGiven.model_fields if name not in ("items", "member_id", "requested"))


def summary_body(one: Authorization) -> dict[str, Any]:
    """Write one authorization for a list."""
    return {name: getattr(one, name) for name in _SUMMARY} | {"items": [_item(item) for item in one.items]}


def authorization_body(one: AuthorizationRecord, with_member: bool) -> dict[str, Any]:
    """Write one authorization; the member id only for whoever may read coverages."""
    whole = {name: getattr(one, name) for name in _WHOLE} | {"items": [_item(item) for item in one.items]}
    whole["requested"] = [{name: getattr(line, name) for name in AskedGiven.model_fields} for line in one.requested]
    return whole | ({"member_id": one.member_id} if with_member else {})


def event_body(one: AuthorizationEvent) -> dict[str, Any]:
    """Write one event; of what identifies a person, and of free words, only that they changed."""
    told = without_words(one.changes)
    changes = [{"field": name, "before": pair[0], "after": pair[1]} for name, pair in sorted(told.items())]
    return {"id": one.id, "at": one.at, "via": one.via, "by": one.user_id, "changes": changes}


def _item(item: Item) -> dict[str, Any]:
    return {name: getattr(item, name) for name in ItemGiven.model_fields}
