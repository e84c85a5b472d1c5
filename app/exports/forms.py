"""What is typed before a record is given out."""

from collections.abc import Mapping
from dataclasses import dataclass, field

LONGEST = 200


@dataclass(frozen=True, slots=True)
class ExportForm:
    """Why the record is given out, in the person's words."""

    reason: str
    errors: dict[str, str] = field(default_factory=dict)


def read_export(typed: Mapping[str, str]) -> ExportForm:
    """Read the form."""
    reason = " ".join(typed.get("reason", "").split())
    if not reason:
        return ExportForm(reason, {"reason": "Enter why the record is given out, such as: asked by the patient"})
    if len(reason) > LONGEST:
        wrong = f"The reason has {len(reason)} characters; write at most {LONGEST}"
        return ExportForm(reason, {"reason": wrong})
    return ExportForm(reason)
