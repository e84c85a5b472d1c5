"""The form of a coverage: its facts."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from app.casework.forms.approval import read_id
from app.casework.forms.typed import Typed
from app.practice.forms.practice import STATES
from app.values.insurance import Benefit, Known, Line, PlanKind, Rank
from app.values.members import member_forms


@dataclass
class CoverageForm:
    """A coverage as typed. `values` are those of a CoverageRecord, without payer and last answer."""

    typed: Typed
    key: UUID | None
    version: int | None
    payer: str = ""
    values: dict[str, Any] = field(default_factory=dict)

    @property
    def errors(self) -> dict[str, str]:
        """A sentence for each field that has to be mended."""
        return self.typed.errors


def read_coverage(typed: Mapping[str, str], today: date) -> CoverageForm:
    """Read the facts of a coverage."""
    fields = Typed(typed, today)
    form = CoverageForm(fields, read_id(typed.get("key", "")), read_version(typed))
    form.payer = fields.text("payer", "Payer") or ""
    if not form.payer:
        fields.refuse("payer", "Enter the payer, as on the card")
    begins, ends = fields.span("begins", "ends")
    form.values = {
        "rank": fields.choice("rank", Rank, "Order"),
        "member_id": _member(fields),
        "plan": fields.text("plan", "Plan"),
        "plan_id": fields.text("plan_id", "Plan ID"),
        "plan_kind": fields.choice("plan_kind", PlanKind, "Kind of plan"),
        "line": fields.choice("line", Line, "Line of business"),
        "state": _state(fields),
        "benefit": fields.choice("benefit", Benefit, "Benefit") or Benefit.BOTH,
        "group_number": fields.text("group_number", "Group number"),
        "referral_required": fields.choice("referral_required", Known, "Referral required"),
        "begins": begins,
        "ends": ends,
    }
    if form.values["rank"] is None:
        fields.refuse("rank", "Choose whether this coverage pays first, second or third")
    return form


def read_version(typed: Mapping[str, str]) -> int | None:
    """Read the version that a form carries; None when it is cut off."""
    text = typed.get("version", "")
    return int(text) if text.isdigit() and len(text) < 10 else None


def _member(fields: Typed) -> str:
    typed = fields.text("member", "Member ID", 40)
    if typed is None or not member_forms(typed).whole:
        fields.refuse("member", "Enter the member ID, as on the card")
    return (typed or "").strip(" .,;:#").upper()


def _state(fields: Typed) -> str | None:
    typed = (fields.text("state", "State") or "").strip(".").upper()
    if typed and typed not in STATES:
        fields.refuse("state", f"State must be two letters, like TX; you entered {typed[:20]}")
    return typed or None
