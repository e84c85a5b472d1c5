"""What people choose and type about a record that waits -> checked values, or errors beside the field."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from uuid import UUID

LONGEST_REASON, LONGEST_SOUGHT = 500, 60


@dataclass
class MatchForm:
    """What a record belongs to, why it is none of ours, or whom to look up; `errors` by field."""

    typed: Mapping[str, str]
    chosen: UUID | None = None
    reason: str = ""
    sought: str = ""
    version: int = 0
    errors: dict[str, str] = field(default_factory=dict)


def read_choice(typed: Mapping[str, str]) -> MatchForm:
    """Read the case, visit or patient that was chosen."""
    form = MatchForm(typed, version=_version(typed))
    try:
        form.chosen = UUID(typed.get("chosen", ""))
    except ValueError:
        form.errors["chosen"] = "Choose what it belongs to. Look up another patient where none is right."
    return form


def read_aside(typed: Mapping[str, str]) -> MatchForm:
    """Read why a record is none of ours."""
    reason = " ".join(typed.get("reason", "").split())
    form = MatchForm(typed, reason=reason, version=_version(typed))
    if not reason:
        form.errors["reason"] = "Enter why it is not ours, like: patient of another practice"
    elif len(reason) > LONGEST_REASON:
        form.errors["reason"] = f"The reason may have {LONGEST_REASON} characters; yours has {len(reason)}"
    return form


def read_sought(typed: Mapping[str, str]) -> MatchForm:
    """Read the record number or member id of a patient to look up."""
    sought = " ".join(typed.get("sought", "").split())
    form = MatchForm(typed, sought=sought)
    if not sought or len(sought) > LONGEST_SOUGHT:
        form.errors["sought"] = "Enter a record number (MRN) or a member ID"
    return form


def _version(typed: Mapping[str, str]) -> int:
    text = typed.get("version", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0
