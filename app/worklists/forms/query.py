"""The schedule's address as somebody typed or followed it: read, or named with what to write instead."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

from app.clearance.facts.reasons import Badge
from app.values.codes import read_npi
from app.values.days import read_day
from app.worklists.facts import NOBODY, Place, ScheduleQuery, Span

_PLACE = re.compile(r"(\d{8})-(\d{8}T\d{6})-([0-9a-f]{32})")
_PAGES = {"after": "next", "before": "previous"}
NOBODY_WORD = "nobody"
_FIRST, _LAST = date(2000, 1, 1), date(2100, 12, 31)


@dataclass(frozen=True, slots=True)
class ScheduleForm:
    """The query as far as it could be read, and a sentence for each part that could not."""

    query: ScheduleQuery
    typed_day: str = ""
    errors: Mapping[str, str] = field(default_factory=dict)


def read_query(args: Mapping[str, str]) -> ScheduleForm:
    """Read the address of the schedule page."""
    errors: dict[str, str] = {}
    day = _day(args.get("day", ""), errors)
    span = _choice(Span, args.get("span", ""), "span", errors) or Span.DAY
    badge = _choice(Badge, args.get("badge", ""), "badge", errors)
    site = _id(args.get("site", ""), "site", errors)
    query = ScheduleQuery(
        span,
        day,
        site,
        badge,
        _npi(args.get("provider", ""), errors),
        NOBODY if args.get("owner") == NOBODY_WORD else _id(args.get("owner", ""), "owner", errors),
        _id(args.get("patient", ""), "patient", errors),
        _place(args.get("after", ""), "after", errors),
        _place(args.get("before", ""), "before", errors),
        _id(args.get("visit", ""), "visit", errors),
    )
    return ScheduleForm(query, args.get("day", ""), errors)


def _npi(text: str, errors: dict[str, str]) -> str | None:
    if not text:
        return None
    npi = read_npi(text)
    if npi is None:
        errors["provider"] = "The provider in the address is not an NPI of 10 digits. All providers are shown."
    return npi


def _day(text: str, errors: dict[str, str]) -> date | None:
    stripped = text.strip().lower()
    if not stripped:
        return None
    day = read_day(stripped)
    if day is None or not _FIRST <= day <= _LAST:
        errors["day"] = f"Day must be a date between 2000 and 2100, like 12/05/2026; found {text.strip()[:40]}."
        return None
    return day


def _choice(kind: Any, text: str, name: str, errors: dict[str, str]) -> Any:
    if not text:
        return None
    if text not in kind.__members__.values():
        known = ", ".join(kind)
        errors[name] = f"{name.capitalize()} must be one of {known}; found {text[:40]}. All are shown."
        return None
    return kind(text)


def _id(text: str, name: str, errors: dict[str, str]) -> UUID | None:
    if not text:
        return None
    try:
        return UUID(text)
    except ValueError:
        errors[name] = f"The {name} in the address is cut off. Choose it again on this page."
        return None


def _place(text: str, name: str, errors: dict[str, str]) -> Place | None:
    if not text:
        return None
    match = _PLACE.fullmatch(text)
    try:
        if match is None:
            raise ValueError
        day = datetime.strptime(match[1], "%Y%m%d").replace(tzinfo=UTC).date()
        return Place(day, datetime.strptime(match[2], "%Y%m%dT%H%M%S").replace(tzinfo=UTC), UUID(match[3]))
    except ValueError:
        errors[name] = f"The address of the {_PAGES[name]} page is cut off. This is the first page."
        return None
