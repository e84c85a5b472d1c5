"""The bars of every page: what exists now, in the order of the work, shown to those who may open it."""

from dataclasses import dataclass
from typing import Any

from flask import Flask, current_app, g, request, url_for

from app.practice.access import POLICY, allows
from app.practice.facts.staff import Permission


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry: label, endpoint, what it needs, and its icon in templates/components/icon.html."""

    label: str
    endpoint: str
    permission: Permission
    icon: str


ENTRIES = (
    Entry("Today", "today_pages.show", Permission.SEE_SCHEDULE, "today"),
    Entry("Schedule", "schedule_pages.day", Permission.SEE_SCHEDULE, "calendar"),
    Entry("Questions", "question_pages.list", Permission.SEE_SCHEDULE, "questions"),
    Entry("Cases", "casebook_pages.listing", Permission.SEE_CASES, "cases"),
    Entry("Patients", "patient_pages.find", Permission.SEE_CASES, "people"),
    Entry("Eligibility", "eligibility_pages.show", Permission.SEE_SCHEDULE, "shield"),
    Entry("Remittances", "remittance_pages.listing", Permission.ADD_DENIALS, "money"),
    Entry("Rules", "rules_pages.payers", Permission.SEE_RULES, "rules"),
    Entry("Finder", "finder_pages.find", Permission.SEE_RULES, "finder"),
    Entry("Imports", "import_pages.list", Permission.IMPORT, "imports"),
    Entry("Admin", "admin_pages.show", Permission.SETTINGS, "admin"),
)


KEYS = {
    "Today": "t",
    "Schedule": "s",
    "Questions": "q",
    "Cases": "c",
    "Remittances": "m",
    "Eligibility": "e",
    "Patients": "p",
    "Rules": "r",
    "Finder": "f",
    "Imports": "i",
    "Admin": "a",
}
"""The letter that follows `g` on the keyboard, by label."""

UNDER = {"mail_pages": "import_pages", "match_pages": "import_pages"}
"""Pages that stand under the entry of others, by their blueprint."""

ON_PHONES = ("Today", "Schedule")
"""What the bottom bar of a phone shows beside Search; the rest stands under More."""


@dataclass(frozen=True, slots=True)
class Shown:
    """One entry as a page shows it. `key`: the letter after `g` that leads to it."""

    label: str
    address: str
    icon: str
    here: bool
    key: str | None
    on_phones: bool


def add_navigation(app: Flask) -> None:
    """Give the templates `navigation()` and `link(endpoint)`."""
    app.jinja_env.globals.update(navigation=navigation, link=link)


def navigation() -> list[Shown]:
    """List the entries that the person may open."""
    here = (request.endpoint or "").split(".")[0]
    here = UNDER.get(here, here)
    return [
        Shown(
            entry.label,
            url_for(entry.endpoint),
            entry.icon,
            entry.endpoint.split(".")[0] == here or (request.path + "/").startswith(url_for(entry.endpoint) + "/"),
            KEYS.get(entry.label),
            entry.label in ON_PHONES,
        )
        for entry in ENTRIES
        if link(entry.endpoint) is not None
    ]


def link(endpoint: str, **values: Any) -> str | None:
    """Give the address of a page; None where it does not exist or is not open to the person's role."""
    view = current_app.view_functions.get(endpoint)
    if view is None or not allows(getattr(view, POLICY, None), g.permissions):
        return None
    return url_for(endpoint, **values)
