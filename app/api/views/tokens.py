"""Tokens in words, for the page of Admin and the command line."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from app.api.facts.tokens import ApiScope, Token
from app.practice.facts.practice import Site
from app.values.wording import long_day, near_time

SCOPES: Mapping[ApiScope, str] = {
    ApiScope.READ_VISITS: "read:visits: visits with their verdicts",
    ApiScope.READ_PATIENTS: "read:patients: names, birth dates, record numbers, how to reach them",
    ApiScope.READ_COVERAGE: "read:coverage: coverages with member IDs and checks",
    ApiScope.WRITE_COVERAGE: "write:coverage: add coverages, record checks",
    ApiScope.READ_AUTHORIZATIONS: "read:authorizations: authorizations and their history",
    ApiScope.WRITE_AUTHORIZATIONS: "write:authorizations: log and change them, record decisions and used units",
    ApiScope.READ_RULES: "read:rules: what a payer requires, for no patient",
    ApiScope.READ_ALERTS: "read:alerts: what is due",
    ApiScope.WRITE_ALERTS: "write:alerts: acknowledge alerts",
    ApiScope.IMPORT: "import: bring in files; only with sight of all sites",
}
"""What each scope opens, in the order of the form."""
RATES = {60: "60 a minute", 600: "600 a minute", 3000: "3,000 a minute"}


@dataclass(frozen=True, slots=True)
class TokenLine:
    """One token in the list. `open`: it opens something now, and may be revoked."""

    id: UUID
    name: str
    scopes: list[str]
    sites: str
    state: str
    used: str
    open: bool


def token_lines(tokens: Iterable[Token], sites: Iterable[Site], now: datetime, zone: ZoneInfo) -> list[TokenLine]:
    """Put tokens into lines, those that open something first."""
    names = {one.id: one.name for one in sites}
    lines = [_line(one, names, now, zone) for one in tokens]
    return sorted(lines, key=lambda one: (not one.open, one.name))


def _line(one: Token, names: Mapping[UUID, str], now: datetime, zone: ZoneInfo) -> TokenLine:
    today = now.astimezone(zone).date()
    seen = "All sites" if one.sites is None else ", ".join(sorted(names.get(site, "?") for site in one.sites))
    last = (one.expires_at.astimezone(zone) - timedelta(microseconds=1)).date()
    if one.revoked_at is not None:
        state = f"Revoked {long_day(one.revoked_at.astimezone(zone).date())}"
    elif now >= one.expires_at:
        state = f"Ended {long_day(last)}"
    else:
        state = f"Until {long_day(last)}, {RATES.get(one.per_minute, f'{one.per_minute:,} a minute')}"
    used = "Never" if one.last_used_at is None else near_time(one.last_used_at.astimezone(zone), today)
    still = one.revoked_at is None and now < one.expires_at
    return TokenLine(one.id, one.name, sorted(scope.value for scope in one.scopes), seen, state, used, still)
