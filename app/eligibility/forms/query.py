"""The address of the eligibility page as somebody typed or followed it: read, or named with what to write instead."""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from uuid import UUID

from app.eligibility.facts.listing import DAYS, EligibilityQuery, Place, Standing
from app.values.days import read_typed_day

_PLACE = re.compile(r"(\d{8})-(\d{8}T\d{6})-([0-9a-f]{32})")
_FIRST, _LAST = date(2000, 1, 1), date(2100, 12, 31)
LONGEST_KEY = 80


@dataclass(frozen=True, slots=True)
class QueryForm:
    """The query as far as it could be read, and a sentence for each part that could not."""

    query: EligibilityQuery
    typed_day: str = ""
    errors: Mapping[str, str] = field(default_factory=dict)


def read_query(args: Mapping[str, str], today: date) -> QueryForm:
    """Read the address."""
    errors: dict[str, str] = {}
    query = EligibilityQuery(
        _day(args.get("day", ""), today, errors),
        _days(args.get("days", ""), errors),
        _standing(args.get("standing", ""), errors),
        args.get("payer", "").strip()[:LONGEST_KEY] or None,
        _site(args.get("site", ""), errors),
        read_place(args.get("after", ""), errors),
    )
    return QueryForm(query, args.get("day", ""), errors)


def _day(text: str, today: date, errors: dict[str, str]) -> date | None:
    stripped = text.strip()
    if not stripped:
        return None
    day = read_typed_day(stripped, today)
    if day is None or not _FIRST <= day <= _LAST:
        errors["day"] = f"Day must be a date, like 12/05/2026 or t+1; found {stripped[:40]}. Tomorrow is shown."
        return None
    return day


def _days(text: str, errors: dict[str, str]) -> int:
    if not text:
        return 1
    if text not in map(str, DAYS):
        errors["days"] = f"Days must be one of {', '.join(map(str, DAYS))}; found {text[:40]}. One day is shown."
        return 1
    return int(text)


def _standing(text: str, errors: dict[str, str]) -> Standing | None:
    if not text:
        return None
    if text not in [one.value for one in Standing]:
        errors["standing"] = "The result in the address is not one of the list. All are shown."
        return None
    return Standing(text)


def _site(text: str, errors: dict[str, str]) -> UUID | None:
    try:
        return UUID(text) if text else None
    except ValueError:
        errors["site"] = "The site in the address is cut off. All sites are shown."
        return None


def read_place(text: str, errors: dict[str, str]) -> Place | None:
    """Read where a page begins, as `views/listing.py` writes it; what is cut off is named under `after`."""
    if not text:
        return None
    match = _PLACE.fullmatch(text)
    try:
        if match is None:
            raise ValueError
        day = datetime.strptime(match[1], "%Y%m%d").replace(tzinfo=UTC).date()
        return Place(day, datetime.strptime(match[2], "%Y%m%dT%H%M%S").replace(tzinfo=UTC), UUID(match[3]))
    except ValueError:
        errors["after"] = "The address of the next page is cut off. This is the first page."
        return None


def read_ids(texts: Collection[str]) -> tuple[UUID, ...]:
    """Read the ids that were ticked; what is none is left out."""
    return tuple(one for text in texts if (one := read_id(text)) is not None)


def read_id(text: str) -> UUID | None:
    """Read one id; None for what is none."""
    try:
        return UUID(text) if text else None
    except ValueError:
        return None
