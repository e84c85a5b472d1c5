"""The patients that a search found, in words."""

from dataclasses import dataclass
from uuid import UUID

from app.casework.facts.finding import MOST_SHOWN, Found
from app.casework.views.words import person_name, phone_words
from app.values.wording import counted, short_day


@dataclass(frozen=True, slots=True)
class Hit:
    """One patient found."""

    id: UUID
    name: str
    mrn: str
    born: str
    phone: str
    payer: str


@dataclass(frozen=True, slots=True)
class FoundPage:
    """All that the template shows."""

    said: str
    hits: tuple[Hit, ...]


def found_page(found: Found, contact: bool = True) -> FoundPage:
    """Put what was found into words. `contact`: the reader reads phone numbers."""
    hits = tuple(
        Hit(
            one.id,
            person_name(one),
            one.mrn,
            short_day(one.birth_date) if one.birth_date else "No data",
            phone_words(one.phone) if contact else "Not shown to your role",
            payer or "No coverage",
        )
        for one, payer in zip(found.patients, found.payers, strict=True)
    )
    return FoundPage(_said(len(hits), found.more), hits)


def _said(hits: int, more: bool) -> str:
    if more:
        return f"More than {MOST_SHOWN} patients may fit. Narrow it: add the first name or the birth date."
    if not hits:
        return "No patient fits. Check the spelling, or search for the record number."
    return f"{counted(hits, 'patient')} found."
