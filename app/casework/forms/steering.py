"""Whose a case is and what comes next, as typed beside what the page showed."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from app.casework.forms.approval import read_id
from app.casework.forms.entry import read_next
from app.casework.forms.typed import Typed
from app.values.days import read_day


@dataclass
class OwnerForm:
    """The chosen owner, and the one that the page showed; `now`: the one on file where somebody was quicker."""

    owner: UUID | None
    nobody: bool
    seen: UUID | None
    now: UUID | None = None
    stale: bool = False
    errors: dict[str, str] = field(default_factory=dict)


@dataclass
class StepForm:
    """The next action as typed, and the one that the page showed; `now`: the one on file where somebody was quicker."""

    values: Mapping[str, str]
    step: tuple[str | None, date | None]
    seen: tuple[str | None, date | None]
    errors: dict[str, str]
    now: str | None = None
    stale: bool = False


def read_owner(typed: Mapping[str, str]) -> OwnerForm:
    """Read the choice of an owner."""
    text = typed.get("owner", "")
    return OwnerForm(read_id(text), text == "", read_id(typed.get("seen_owner", "")))


def read_step(typed: Mapping[str, str], today: date) -> StepForm:
    """Read the next action; empty fields mean that there is none."""
    fields = Typed(typed, today)
    found = read_next(fields, "step", "step_on")
    seen = typed.get("seen_action", "") or None, read_day(typed.get("seen_on", ""))
    return StepForm(typed, (found.action, found.on) if found else (None, None), seen, fields.errors)
