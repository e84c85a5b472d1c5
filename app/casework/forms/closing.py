"""The form that ends an approval early, or voids it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from app.casework.forms.typed import Typed
from app.values.wording import short_day

REASONS = frozenset({"payer_ended", "plan_changed", "patient_left", "mistake", "duplicate"})


@dataclass
class ClosingForm:
    """How an approval is closed: `last_day` None: it is voided."""

    typed: Typed
    version: int | None
    last_day: date | None
    why: str | None


def read_closing(typed: Mapping[str, str], today: date, begins: date | None) -> ClosingForm:
    """Read how and why an approval is closed. It cannot end before it begins."""
    fields = Typed(typed, today)
    how, why = typed.get("how", ""), typed.get("why", "")
    last_day = fields.day("last_day", "Last day") if how == "end" else None
    if how not in ("end", "void"):
        fields.refuse("how", "Choose whether it ended early or never counted")
    if how == "end" and not typed.get("last_day", "").strip():
        fields.refuse("last_day", "Enter the last day of the approval")
    if last_day is not None and begins is not None and last_day < begins:
        fields.refuse("last_day", f"Last day must be the same as or after the start date, {short_day(begins)}")
    if why not in REASONS:
        fields.refuse("why", "Choose the reason")
    version = typed.get("version", "")
    return ClosingForm(fields, int(version) if version.isdigit() and len(version) < 10 else None, last_day, why)
