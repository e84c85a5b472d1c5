"""The addresses of the list of claims and of the scorecard: read, or named with what to do instead."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

from app.policies.facts.answers import Need
from app.remittances.facts.claims import Category, ClaimQuery, Place, Show
from app.remittances.facts.scores import RiskPlace, ScorePlace
from app.values.days import read_typed_day

_PLACE = re.compile(r"([01])-(\d{4}-\d{2}-\d{2})-([0-9a-f]{32})")


@dataclass(frozen=True, slots=True)
class ClaimsForm:
    """The query as far as it could be read, what was typed, and a sentence for each part that could not be read."""

    query: ClaimQuery
    typed: Mapping[str, str]
    errors: Mapping[str, str] = field(default_factory=dict)


def read_query(args: Mapping[str, str], today: date) -> ClaimsForm:
    """Read the address of the list."""
    errors: dict[str, str] = {}
    first, last = (_day(args.get(name, ""), name, today, errors) for name in ("first", "last"))
    if first is not None and last is not None and last < first:
        errors["last"] = "The last day lies before the first one. Give a later day."
        last = None
    query = ClaimQuery(
        show=_choice(Show, args.get("show", ""), "show", errors) or Show.ALL,
        category=_choice(Category, args.get("category", ""), "category", errors),
        first=first,
        last=last,
        after=_place(args.get("after", ""), errors),
    )
    return ClaimsForm(query, {name: args.get(name, "") for name in ("first", "last")}, errors)


def write_query(query: ClaimQuery) -> dict[str, str]:
    """Write a query as the parts of an address. Nothing in it names a patient."""
    place = query.after
    written = {
        "show": query.show.value if query.show is not Show.ALL else "",
        "category": query.category.value if query.category is not None else "",
        "first": query.first.isoformat() if query.first is not None else "",
        "last": query.last.isoformat() if query.last is not None else "",
        "after": "" if place is None else f"{int(place.denied)}-{place.paid_on.isoformat()}-{place.claim_id.hex}",
    }
    return {name: value for name, value in written.items() if value}


def _choice(kind: Any, text: str, name: str, errors: dict[str, str]) -> Any:
    if not text:
        return None
    if text not in kind.__members__.values():
        errors[name] = "This choice in the address is not one that we know. Choose it again on this page."
        return None
    return kind(text)


def _day(text: str, name: str, today: date, errors: dict[str, str]) -> date | None:
    if not text.strip():
        return None
    found = read_typed_day(text, today)
    if found is None:
        errors[name] = "This is no day that we can read. Write it like 11/20 or 11/20/2026."
    return found


def _place(text: str, errors: dict[str, str]) -> Place | None:
    if not text:
        return None
    match = _PLACE.fullmatch(text)
    try:
        if match is None:
            raise ValueError
        return Place(match[1] == "1", date.fromisoformat(match[2]), UUID(match[3]))
    except ValueError:
        errors["after"] = "The address of the next page is cut off. This is the first page."
        return None


def write_score(place: ScorePlace) -> str:
    """Write where a page of the scorecard begins."""
    return f"{place.denied}~{place.need.value}~{place.rule}"


def read_score(text: str) -> ScorePlace | None:
    """Read where a page of the scorecard begins; None is the first page, also for what is cut off."""
    denied, need, rule = [*text.split("~", 2), "", ""][:3]
    known = need in Need.__members__.values() and denied.isascii() and denied.isdigit() and len(denied) < 10
    return ScorePlace(int(denied), rule, Need(need)) if known and rule else None


def read_rule(args: Mapping[str, str]) -> tuple[str, Need] | None:
    """Read which rule is meant, and what it said; None where the address names none."""
    rule, need = args.get("rule", "").strip(), args.get("need", "")
    return (rule, Need(need)) if rule and need in Need.__members__.values() else None


def write_risk(place: RiskPlace) -> str:
    """Write from where visits are looked through."""
    return f"{place.day.isoformat()}~{place.starts_at.astimezone(UTC):%Y%m%dT%H%M%S.%f}~{place.visit_id.hex}"


def read_risk(text: str) -> RiskPlace | None:
    """Read from where visits are looked through; None is from today, also for what is cut off."""
    try:
        day, starts_at, visit_id = text.split("~")
        instant = datetime.strptime(starts_at, "%Y%m%dT%H%M%S.%f").replace(tzinfo=UTC)
        return RiskPlace(date.fromisoformat(day), instant, UUID(visit_id))
    except ValueError:
        return None
