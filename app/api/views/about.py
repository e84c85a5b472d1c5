"""A token and the sites in its sight as the API describes them."""

from collections.abc import Iterable
from typing import Any

from app.api.facts.tokens import ApiScope, Token
from app.api.rules.written import Given, Id, Instant
from app.practice.facts.practice import Site


class TokenGiven(Given):
    """A token: its name in the audit log, its scopes, the sites that it sees (null: all), its end and its rate."""

    id: Id
    name: str
    scopes: list[ApiScope]
    sites: list[Id] | None
    expires_at: Instant
    per_minute: int


class SiteGiven(Given):
    """A site: its name and code as the schedule writes them, its state, and the zone of its days."""

    id: Id
    name: str
    code: str | None
    state: str | None
    zone: str


class Sites(Given):
    """The sites in sight."""

    items: list[SiteGiven]


def token_body(one: Token) -> dict[str, Any]:
    """Write a token, without anything of its secret."""
    return {
        "id": one.id,
        "name": one.name,
        "scopes": sorted(one.scopes),
        "sites": None if one.sites is None else sorted(one.sites),
        "expires_at": one.expires_at,
        "per_minute": one.per_minute,
    }


def sites_body(found: Iterable[Site]) -> dict[str, Any]:
    """Write sites."""
    return {"items": [{name: getattr(one, name) for name in SiteGiven.model_fields} for one in found]}
