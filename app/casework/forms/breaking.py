"""The form that opens a patient out of sight."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from app.values.days import read_typed_day

SHORTEST_REASON, LONGEST_REASON = 10, 300
_SHORT = f"Say in at least {SHORTEST_REASON} letters why you need to see this patient now"


@dataclass
class BreakForm:
    """What was typed, and what is wrong with it, by field."""

    mrn: str
    member_id: str
    typed_born: str
    born: date | None
    reason: str
    errors: dict[str, str] = field(default_factory=dict)


def read_break(typed: Mapping[str, str], today: date) -> BreakForm:
    """Read whom a person wants to open, and why: a record number, or a member id with the birth date."""
    words = {name: " ".join(typed.get(name, "").split()) for name in ("mrn", "member_id", "born", "reason")}
    born = read_typed_day(words["born"], today) if words["born"] else None
    form = BreakForm(words["mrn"], words["member_id"], words["born"], born, words["reason"])
    if not form.mrn and not form.member_id:
        form.errors["mrn"] = "Enter the whole record number, or the member ID and birth date below"
    if form.member_id and not form.mrn and (born is None or born > today):
        form.errors["born"] = "Enter the birth date on file, like 04/23/1957"
    if sum(letter.isalnum() for letter in form.reason) < SHORTEST_REASON:
        form.errors["reason"] = _SHORT
    elif len(form.reason) > LONGEST_REASON:
        form.errors["reason"] = (
            f"The reason must have at most {LONGEST_REASON} characters; you entered {len(form.reason)}"
        )
    return form
