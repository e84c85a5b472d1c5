"""What a person types to let a visit through -> checked values, or errors beside the field."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from app.clearance.rules.accepting import LONGEST_REASON, SHORTEST_REASON
from app.values.wording import counted


@dataclass
class RiskForm:
    """The reason as read, and the digest of what the person saw (empty: the form did not say)."""

    reason: str
    seen: bytes
    errors: dict[str, str] = field(default_factory=dict)


def read_risk(typed: Mapping[str, str]) -> RiskForm:
    """Read the form of an accepted risk; runs of spaces in the reason count once."""
    reason = " ".join(typed.get("reason", "").split())
    form = RiskForm(reason, _read_digest(typed.get("seen", "")))
    if not reason:
        form.errors["reason"] = "Enter the reason why the visit may go ahead."
    elif len(reason) < SHORTEST_REASON:
        form.errors["reason"] = (
            f"Reason must have at least {SHORTEST_REASON} characters; you entered {len(reason)}. "
            "Say who agreed to it, and on what grounds."
        )
    elif len(reason) > LONGEST_REASON:
        over = counted(len(reason) - LONGEST_REASON, "character")
        form.errors["reason"] = f"Reason must have at most {LONGEST_REASON} characters; it has {over} too many."
    return form


def _read_digest(text: str) -> bytes:
    try:
        return bytes.fromhex(text)
    except ValueError:
        return b""
