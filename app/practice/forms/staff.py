"""What people typed about who signs in, and their wishes -> checked values, or errors beside the field."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from app.practice.facts.staff import Density, Look, Role, Theme
from app.practice.forms.practice import LONGEST_NAME

_EMAIL = re.compile(r"[^\s@]{1,64}@[^\s@]{1,80}\.[^\s@]{2,40}")


@dataclass
class LookForm:
    """A person's settings as read; `look` is None when something in them is not one of the choices."""

    look: Look | None
    errors: dict[str, str] = field(default_factory=dict)


def read_look(typed: Mapping[str, str]) -> LookForm:
    """Read a person's settings."""
    theme, density = typed.get("theme", ""), typed.get("density", "")
    errors: dict[str, str] = {}
    if theme not in tuple(Theme):
        errors["theme"] = "Choose how bright the pages are."
    if density not in tuple(Density):
        errors["density"] = "Choose how dense the lists are."
    if errors:
        return LookForm(None, errors)
    return LookForm(Look(Theme(theme), Density(density), typed.get("single_keys") == "yes"))


@dataclass
class PersonForm:
    """A person who signs in, as typed. `email` is asked of a new one only."""

    name: str
    email: str
    roles: frozenset[Role]
    active: bool
    errors: dict[str, str] = field(default_factory=dict)


def read_person(typed: Mapping[str, str], roles: Iterable[str], new: bool) -> PersonForm:
    """Read a person's page."""
    chosen = frozenset(Role(role) for role in roles if role in tuple(Role))
    name, email = typed.get("name", "").strip(), typed.get("email", "").strip().lower()
    form = PersonForm(name, email, chosen, new or typed.get("active") == "yes")
    if not name or len(name) > LONGEST_NAME:
        form.errors["name"] = f"Enter the person's name, at most {LONGEST_NAME} characters."
    if new and not _EMAIL.fullmatch(email):
        form.errors["email"] = "Enter a work e-mail address, like kim@example.com."
    if not chosen:
        form.errors["roles"] = "Choose at least one role."
    return form
