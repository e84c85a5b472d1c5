"""The address of the list of cases as somebody followed or typed it: read, or named with what to do instead."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any
from urllib.parse import parse_qsl
from uuid import UUID

from app.authorizations.facts import Status
from app.casework.facts.casebook import NOBODY, CaseQuery, Place, View

NOBODY_WORD = "nobody"
_PLACE = re.compile(r"(\d{8})-([0-9a-f]{32})")
_PAGES = {"after": "next", "before": "previous"}
_PAYER = re.compile(r"[a-z0-9_:\-]{1,80}")


@dataclass(frozen=True, slots=True)
class CasebookForm:
    """The query as far as it could be read, and a sentence for each part that could not."""

    query: CaseQuery
    errors: Mapping[str, str] = field(default_factory=dict)


def read_query(args: Mapping[str, str]) -> CasebookForm:
    """Read the address of the list."""
    errors: dict[str, str] = {}
    query = CaseQuery(
        _choice(View, args.get("view", ""), "view", errors) or View.OPEN,
        NOBODY if args.get("owner") == NOBODY_WORD else _owner(args.get("owner", ""), errors),
        _payer(args.get("payer", ""), errors),
        _choice(Status, args.get("status", ""), "status", errors),
        _place(args.get("after", ""), "after", errors),
        _place(args.get("before", ""), "before", errors),
    )
    return CasebookForm(query, errors)


def read_back(text: str) -> CaseQuery:
    """Read the address of the list to go back to; what cannot be read is left out."""
    return read_query(dict(parse_qsl(text[:2000]))).query


def write_query(query: CaseQuery) -> dict[str, str]:
    """Write a query as the parts of an address. Nothing in it names a patient."""
    written = {
        "view": query.view.value if query.view is not View.OPEN else "",
        "owner": (NOBODY_WORD if query.owner == NOBODY else str(query.owner)) if query.owner is not None else "",
        "payer": query.payer or "",
        "status": query.status.value if query.status is not None else "",
        "after": _written(query.after),
        "before": _written(query.before),
    }
    return {name: value for name, value in written.items() if value}


def _written(place: Place | None) -> str:
    return "" if place is None else f"{place.due_on:%Y%m%d}-{place.case_id.hex}"


def _choice(kind: Any, text: str, name: str, errors: dict[str, str]) -> Any:
    if not text:
        return None
    if text not in kind.__members__.values():
        errors[name] = f"The {name} in the address is not one that we know. Choose it again on this page."
        return None
    return kind(text)


def _owner(text: str, errors: dict[str, str]) -> UUID | None:
    if not text:
        return None
    try:
        return UUID(text)
    except ValueError:
        errors["owner"] = "The owner in the address is cut off. Choose it again on this page."
        return None


def _payer(text: str, errors: dict[str, str]) -> str | None:
    if text and not _PAYER.fullmatch(text):
        errors["payer"] = "The payer in the address is not one that we know. Choose it again on this page."
        return None
    return text or None


def _place(text: str, name: str, errors: dict[str, str]) -> Place | None:
    if not text:
        return None
    match = _PLACE.fullmatch(text)
    try:
        if match is None:
            raise ValueError
        day: date = datetime.strptime(match[1], "%Y%m%d").replace(tzinfo=UTC).date()
        return Place(day, UUID(match[2]))
    except ValueError:
        errors[name] = f"The address of the {_PAGES[name]} page is cut off. This is the first page."
        return None
