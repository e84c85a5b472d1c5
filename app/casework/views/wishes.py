"""What the form of contact wishes shows first."""

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from app.casework.facts.wishes import WishesStart
from app.casework.views.words import CONTACTS, WAYS_SAID, options, person_name, phone_words

FIELDS = {
    "phone": "Phone",
    "email": "E-mail",
    "language": "Language",
    "contact": "Reach by",
    "consent": "May texts be sent?",
    "said": "How it was said",
}


@dataclass(frozen=True, slots=True)
class WishesPage:
    """The form: who it is for, what is typed in it, and what may be chosen."""

    patient_id: UUID
    name: str
    mrn: str
    values: Mapping[str, str]
    errors: Mapping[str, str | None]
    contacts: list[tuple[str, str]]
    ways: list[tuple[str, str]]


def wishes_page(start: WishesStart, typed: Mapping[str, str] | None, faults: Mapping[str, str]) -> WishesPage:
    """Put the form into words; `typed` is what a person entered, where it came back, and `faults` what is wrong."""
    return WishesPage(
        patient_id=start.details.id,
        name=person_name(start.details),
        mrn=start.details.mrn,
        values=dict.fromkeys(FIELDS, "") | (dict(typed) if typed is not None else first_values(start)),
        errors=dict.fromkeys(FIELDS) | dict(faults),
        contacts=options(CONTACTS, "No wish"),
        ways=options(WAYS_SAID, "Choose how"),
    )


def first_values(start: WishesStart) -> dict[str, str]:
    """What is on file; consent is yes only where it was recorded or a file stated it."""
    details, wish = start.details, start.wish
    return {
        "phone": phone_words(details.phone) if details.phone else "",
        "email": details.email or "",
        "language": details.language or "",
        "contact": wish.contact.value if wish and wish.contact else "",
        "consent": "yes" if details.text_consent else "no",
        "said": wish.said.value if wish and wish.said else "",
    }


def differences(page: WishesPage, now: Mapping[str, str]) -> list[tuple[str, str, str]]:
    """List where an entry differs from what is on file now: field, on file, entered."""
    lists = {"contact": dict(page.contacts), "said": dict(page.ways)}
    shown = {name: (_shown(lists, name, now[name]), _shown(lists, name, page.values.get(name, ""))) for name in FIELDS}
    return [(FIELDS[name], theirs, ours) for name, (theirs, ours) in shown.items() if theirs != ours]


def _shown(lists: Mapping[str, Mapping[str, str]], name: str, value: str) -> str:
    return lists.get(name, {}).get(value, value) or "None"
