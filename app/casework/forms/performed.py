"""What a person types of a visit's performance -> codes with units, or errors beside the field."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from uuid import UUID

from app.casework.facts.performed import Performed
from app.casework.forms.approval import read_id
from app.values.codes import read_procedure

MOST = 12
"""Services of one visit at most."""
MOST_UNITS = 400


@dataclass
class PerformedForm:
    """The text as typed, what it says, the version that the person saw, and the id that a request would get."""

    typed: str
    lines: tuple[Performed, ...] = ()
    version: int = 0
    key: UUID | None = None
    errors: dict[str, str] = field(default_factory=dict)
    stale: bool = False


def read_performed(typed: Mapping[str, str]) -> PerformedForm:
    """Read codes with units, one a line or apart by commas: `17311`, `17312 x2`, `96910 1`."""
    form = PerformedForm(typed.get("codes", "").strip(), key=read_id(typed.get("key", "")))
    version = typed.get("version", "")
    form.version = int(version) if version.isdigit() and len(version) < 10 else 0
    found: dict[str, int] = {}
    for part in form.typed.replace(";", ",").replace("\n", ",").split(","):
        if part.strip():
            _read(part, found, form)
    if not found and not form.errors:
        form.errors["codes"] = "Enter the codes that were performed, like 17311, 17312 x2"
    elif len(found) > MOST:
        form.errors["codes"] = f"At most {MOST} services of one visit; you entered {len(found)}"
    form.lines = tuple(Performed(code, units) for code, units in found.items())
    return form


def _read(part: str, found: dict[str, int], form: PerformedForm) -> None:
    words = part.upper().replace("*", " ").replace("X", " ", 1).split() if _counts(part) else part.split()
    code = read_procedure(words[0]) if words else None
    units = words[1] if len(words) > 1 else "1"
    if code is None or len(words) > 2:
        form.errors["codes"] = f"Write a code with its units, like 17312 x2; you entered {part.strip()[:20]}"
    elif not (units.isascii() and units.isdigit()) or not 1 <= int(units[:9]) <= MOST_UNITS:
        form.errors["codes"] = f"Units of {code} must be a whole number from 1 to {MOST_UNITS}"
    else:
        found[code] = found.get(code, 0) + int(units)


def _counts(part: str) -> bool:
    return "x" in part.lower() or "*" in part
