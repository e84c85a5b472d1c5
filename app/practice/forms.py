"""What people typed on the practice's page -> checked values, or errors beside the field."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from zoneinfo import ZoneInfo

from app.practice.facts import Density, Look, Theme
from app.values.codes import read_npi

_STATES = """
AL AK AZ AR CA CO CT DC DE FL GA GU HI IA ID IL IN KS KY LA MA MD ME MI MN MO MS MT NC ND NE NH NJ NM NV NY OH OK OR PA
PR RI SC SD TN TX UT VA VI VT WA WI WV WY AS MP
"""
STATES = frozenset(_STATES.split())
LONGEST_NAME = 80


@dataclass
class SetupForm:
    """The practice's page as read. `errors` is empty when every field can be stored."""

    name: str
    zone: str
    state: str | None
    group_npi: str | None
    errors: dict[str, str] = field(default_factory=dict)


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


def read_setup(typed: Mapping[str, str]) -> SetupForm:
    """Read the four fields; state and group NPI may be empty."""
    name, zone = typed.get("name", "").strip(), typed.get("zone", "").strip()
    state, npi = typed.get("state", "").strip().upper(), typed.get("group_npi", "").strip()
    form = SetupForm(name, zone, state or None, read_npi(npi) if npi else None)
    if not name or len(name) > LONGEST_NAME:
        form.errors["name"] = f"Enter the name of the practice, at most {LONGEST_NAME} characters."
    if not _is_zone(zone):
        form.errors["zone"] = "Choose a time zone, such as America/Chicago."
    if state and state not in STATES:
        form.errors["state"] = "Enter the state as two letters, like TX."
    if npi and form.group_npi is None:
        form.errors["group_npi"] = _npi_fault(npi)
    return form


def _npi_fault(typed: str) -> str:
    digits = sum(character.isdigit() for character in typed)
    if digits != 10:
        return f"Group NPI must have 10 digits; you entered {digits} digits."
    return "Group NPI does not add up: its last digit checks the others. Compare it with the practice's NPI letter."


def _is_zone(name: str) -> bool:
    try:
        ZoneInfo(name)
    except (OSError, ValueError, KeyError):
        return False
    return True
