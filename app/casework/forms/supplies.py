"""What is typed about a drug that a pharmacy or the patient brings: who brings it, and one step that was done."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from app.casework.facts.entries import NextStep
from app.casework.forms.approval import read_id
from app.casework.forms.entry import read_next
from app.casework.forms.typed import Typed
from app.pharmacy.facts import SupplyMark, SupplyPlan, SupplyStep
from app.values.wording import short_day

PLAN_FIELDS = ("plan",)
STEP_FIELDS = ("step", "on", "lot", "ndc", "doses", "for_visit", "next_action", "next_on")
MOST_DOSES = 99


@dataclass
class PlanForm:
    """Who brings the drug, as chosen. `version`: of the plan that the person saw."""

    typed: Typed
    version: int
    plan: SupplyPlan | None


@dataclass
class StepForm:
    """One step as typed; `mark` is good only where `typed.good`."""

    typed: Typed
    mark: SupplyMark | None
    step: NextStep | None


def read_plan(typed: Mapping[str, str], today: date) -> PlanForm:
    """Read who brings the drug."""
    fields = Typed(typed, today)
    plan = fields.choice("plan", SupplyPlan, "Who brings the drug")
    if plan is None:
        fields.refuse("plan", "Choose who brings the drug")
    version = typed.get("version", "")
    return PlanForm(fields, int(version) if version.isdigit() and len(version) < 10 else 0, plan)


def read_step(
    typed: Mapping[str, str], today: date, now: datetime, by: UUID | None, fresh: UUID, visits: Collection[UUID]
) -> StepForm:
    """Read one step.

    Takes     what was typed; the practice's day, the instant, who records it; an id where the form carries none; the
              visits that a delivery may be for.
    """
    fields = Typed(typed, today)
    step = fields.choice("step", SupplyStep, "Step")
    if step is None:
        fields.refuse("step", "Choose the step that was done")
    on = fields.day("on", "Done on")
    if on is None:
        fields.refuse("on", "Enter the day on which it was done, like 12/5 or t")
    elif on > today:
        fields.refuse("on", f"Done on must be today or before; you entered {short_day(on)}")
    came = _came(fields, visits)
    if step is not None and step is not SupplyStep.RECEIVED:
        for name, value in came.items():
            if value is not None:
                fields.refuse(name, "Only what was received has this. Choose Received, or leave it empty")
    next_step = read_next(fields)
    if fields.errors or step is None or on is None:
        return StepForm(fields, None, next_step)
    key = read_id(typed.get("key", "")) or fresh
    return StepForm(fields, SupplyMark(key, step, on, now, by, **came), next_step)


def _came(fields: Typed, visits: Collection[UUID]) -> dict[str, Any]:
    return {
        "lot": fields.text("lot", "Lot"),
        "ndc": fields.ndc("ndc"),
        "doses": _doses(fields),
        "for_visit": fields.one_of("for_visit", visits, "Visit"),
    }


def _doses(fields: Typed) -> int | None:
    text = fields.values.get("doses", "").strip()
    if not text:
        return None
    if not text.isdigit() or not 1 <= int(text) <= MOST_DOSES:
        fields.refuse("doses", f"Doses must be a whole number from 1 to {MOST_DOSES}, like 2")
        return None
    return int(text)
