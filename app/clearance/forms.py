"""What a person types about one visit -> checked values, or errors beside the field."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from app.clearance.rules.accepting import LONGEST_REASON, SHORTEST_REASON
from app.values.days import read_typed_day
from app.values.spans import add_months
from app.values.wording import counted, long_day

LATEST_MONTHS = 24


@dataclass
class RiskForm:
    """The reason as read, and the digest of what the person saw (empty: the form did not say).

    `until`: the last day on which it lets the visit through, None: that of the visit; `until_typed` as it was typed.
    """

    reason: str
    seen: bytes
    errors: dict[str, str] = field(default_factory=dict)
    until: date | None = None
    until_typed: str | None = None


def read_risk(typed: Mapping[str, str], today: date) -> RiskForm:
    """Read the form of an accepted risk; runs of spaces in the reason count once. `today` is the practice's day."""
    reason = " ".join(typed.get("reason", "").split())
    text = typed.get("until", "").strip()
    form = RiskForm(reason, _read_digest(typed.get("seen", "")))
    form.until, form.until_typed = read_typed_day(text, today) if text else None, text
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
    if text and form.until is None:
        form.errors["until"] = "Enter the last day like 12/5, 12/05/2026 or t+3."
    return form


@dataclass
class ShownForm:
    """The day asked about as read; None where none is asked or it cannot be read."""

    typed: str
    day: date | None
    errors: dict[str, str] = field(default_factory=dict)


def read_shown_on(typed: Mapping[str, str], today: date) -> ShownForm:
    """Read the day of `what did we show on ...`; `today` is the practice's day."""
    text = typed.get("shown_on", "").strip()
    form = ShownForm(text, read_typed_day(text, today) if text else None)
    if text and form.day is None:
        form.errors["shown_on"] = "Enter the day like 11/20, 11/20/2026 or t-7."
    elif form.day is not None and form.day > today:
        form.errors["shown_on"] = f"{long_day(form.day)} lies ahead: enter today or a day before."
        form.day = None
    return form


@dataclass
class MoveForm:
    """The day to try as read; None where none is asked or it cannot be read."""

    typed: str
    day: date | None
    errors: dict[str, str] = field(default_factory=dict)


def read_move_day(typed: Mapping[str, str], today: date) -> MoveForm:
    """Read the day to which a visit might move; `today` is the practice's day."""
    text = typed.get("day", "").strip()
    form = MoveForm(text, read_typed_day(text, today) if text else None)
    if text and form.day is None:
        form.errors["day"] = "Enter the day like 12/5, 12/05/2026, t+30 or m+6."
    elif form.day is not None and form.day < today:
        form.errors["day"] = f"{long_day(form.day)} is past: enter today or a day after it."
        form.day = None
    elif form.day is not None and form.day > add_months(today, LATEST_MONTHS):
        form.errors["day"] = f"{long_day(form.day)} is more than {LATEST_MONTHS} months ahead: enter an earlier day."
        form.day = None
    return form


def _read_digest(text: str) -> bytes:
    try:
        return bytes.fromhex(text)
    except ValueError:
        return b""
