"""The forms of a coverage: its facts, and what the plan said."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any
from uuid import UUID

from app.casework.forms.approval import read_id
from app.casework.forms.typed import Typed
from app.coverage.facts import CheckResult, NetworkAnswer
from app.practice.forms.practice import STATES
from app.values.insurance import Benefit, Known, Line, PlanKind, Rank
from app.values.members import member_forms
from app.values.wording import short_day

CARD_ACTIVE = "card_active"
OLD_CHECK_DAYS = 90


class CheckSource(StrEnum):
    """How the plan was asked."""

    PORTAL = "portal"
    PHONE = "phone"
    ANSWER_271 = "271"
    CARD = "card"


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


@dataclass
class CheckForm:
    """What the plan said, as typed. `answer` holds values of a CoverageRecord."""

    typed: Typed
    version: int | None
    answer: dict[str, Any]

    @property
    def errors(self) -> dict[str, str]:
        """A sentence for each field that has to be mended."""
        return self.typed.errors


def read_check(typed: Mapping[str, str], today: date) -> CheckForm:
    """Read an eligibility check that a person made."""
    fields = Typed(typed, today)
    checked, result = fields.day("checked_on", "Checked on"), fields.choice("result", CheckResult, "Answer")
    source = fields.choice("source", CheckSource, "Source")
    answer: dict[str, Any] = {
        "checked_on": checked,
        "result": result,
        "source": source.value if source else None,
        "reference": fields.text("reference", "Reference"),
        "network": fields.choice("network", NetworkAnswer, "Network"),
        "other_primary": fields.ticked("other_primary"),
    }
    if not typed.get("checked_on", "").strip():
        fields.refuse("checked_on", "Enter the date of the check")
    if checked is not None and checked > today:
        fields.refuse("checked_on", f"Checked on must be today or before; you entered {short_day(checked)}")
    if result is None:
        fields.refuse("result", "Choose what the plan said")
    if source is None:
        fields.refuse("source", "Choose how the plan was asked")
    if not fields.errors and source is CheckSource.CARD and result is CheckResult.ACTIVE:
        fields.ask(CARD_ACTIVE, "A card does not show whether the plan is active today; a portal or a call does.")
    return CheckForm(fields, read_version(typed), answer)
