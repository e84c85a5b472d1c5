"""The bars of every page: what exists now, in the order of the work, shown to those who may open it."""

from dataclasses import dataclass

from flask import Flask, current_app, g, request, url_for

from app.practice.facts import Permission


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry: label, endpoint, what it needs, and its icon in templates/components/icon.html."""

    label: str
    endpoint: str
    permission: Permission
    icon: str


ENTRIES = (
    Entry("Schedule", "schedule_pages.day", Permission.SEE_SCHEDULE, "calendar"),
    Entry("Rules", "rules_pages.payers", Permission.SEE_RULES, "rules"),
    Entry("Finder", "finder_pages.find", Permission.SEE_RULES, "search"),
)


@dataclass(frozen=True, slots=True)
class Shown:
    """One entry as a page shows it."""

    label: str
    address: str
    icon: str
    here: bool


def add_navigation(app: Flask) -> None:
    """Give the templates `navigation()`."""
    app.jinja_env.globals["navigation"] = navigation


def navigation() -> list[Shown]:
    """List the entries that the person may open."""
    here = (request.endpoint or "").split(".")[0]
    return [
        Shown(entry.label, url_for(entry.endpoint), entry.icon, entry.endpoint.split(".")[0] == here)
        for entry in ENTRIES
        if entry.endpoint in current_app.view_functions and entry.permission in g.permissions
    ]
