"""The page of a case's drug in words: who brings it, how far it has come, and which visits wait for it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from app.casework.facts.supplies import SupplyFile
from app.casework.views.denials import Head, head_of
from app.clearance.facts.reasons import Reason
from app.clearance.rules.deliveries import due_before
from app.pharmacy.facts import BROUGHT, Supply, SupplyMark, SupplyPlan, SupplyStep
from app.pharmacy.rules import next_step, steps_of
from app.schedule.facts import VisitStatus
from app.values.wording import counted, long_day, short_day

PLANS = {
    SupplyPlan.BUY_AND_BILL: "The practice buys it and bills the payer",
    SupplyPlan.SPECIALTY_PHARMACY: "A specialty pharmacy sends it",
    SupplyPlan.PATIENT_BROUGHT: "The patient brings it",
}
STEPS = {
    SupplyStep.BENEFIT_VERIFIED: "Benefit verified",
    SupplyStep.PRESCRIPTION_SENT: "Prescription sent",
    SupplyStep.APPROVED: "Approved",
    SupplyStep.CONSENT_TO_SHIP: "Patient agreed to shipping",
    SupplyStep.SHIPPED: "Shipped",
    SupplyStep.RECEIVED: "Received",
}


@dataclass(frozen=True, slots=True)
class MarkWords:
    """One step that was done; `struck`: it was taken back."""

    id: UUID
    day: str
    what: str
    by: str
    struck: bool


@dataclass(frozen=True, slots=True)
class StepWords:
    """One step of the plan and what is recorded of it; none: it is still to be done. `next`: it comes next."""

    label: str
    marks: tuple[MarkWords, ...]
    next: bool


@dataclass(frozen=True, slots=True)
class Awaiting:
    """One booked visit that needs the drug: when, until when the drug must be there, and whether it waits."""

    visit_id: UUID
    when: str
    due: str
    waits: bool


@dataclass(frozen=True, slots=True)
class SupplyPage:
    """All that the template shows. `version` of the plan; 0: none is on file."""

    head: Head
    version: int
    plan: str
    plan_words: str | None
    brought: bool
    steps: tuple[StepWords, ...]
    awaiting: tuple[Awaiting, ...]
    plans: tuple[tuple[str, str], ...]
    step_choices: tuple[tuple[str, str], ...]
    visits: tuple[tuple[str, str], ...]
    next_value: str


def supply_page(found: SupplyFile) -> SupplyPage:
    """Put how a drug comes into words."""
    supply, case = found.supply, found.case
    steps = steps_of(supply.plan) if supply is not None else ()
    first = next_step(supply) if supply is not None else None
    return SupplyPage(
        head=head_of(case),
        version=found.version,
        plan=supply.plan.value if supply is not None else "",
        plan_words=PLANS[supply.plan] if supply is not None else None,
        brought=supply is not None and supply.plan in BROUGHT,
        steps=tuple(_step(one, supply, found, one is first) for one in steps if supply is not None),
        awaiting=tuple(_awaiting(found)) if supply is not None and supply.plan in BROUGHT else (),
        plans=tuple((one.value, words) for one, words in PLANS.items()),
        step_choices=tuple((one.value, STEPS[one]) for one in steps),
        visits=(("", "The next visits"), *((str(one), long_day(day)) for one, day in visits_ahead(found))),
        next_value=(first or SupplyStep.RECEIVED).value if supply is not None else "",
    )


def mark_words(mark: SupplyMark) -> str:
    """Say what a step was, with what came."""
    came = []
    if mark.doses is not None:
        came.append(counted(mark.doses, "dose"))
    if mark.ndc:
        came.append(f"NDC {mark.ndc}")
    if mark.lot:
        came.append(f"lot {mark.lot}")
    return f"{STEPS[mark.step]} {short_day(mark.on)}" + (f": {', '.join(came)}" if came else "")


def visits_ahead(found: SupplyFile) -> list[tuple[UUID, date]]:
    """The booked visits of the patient in sight from today on, by which a delivery may be named."""
    chart = found.case.chart
    ahead = [
        one.answer.lines[0].visit
        for one in chart.visits
        if one.answer.lines[0].visit.status is VisitStatus.BOOKED and one.answer.lines[0].visit.day >= chart.today
    ]
    return [(visit.id, visit.day) for visit in ahead if visit.id not in chart.unseen]


def _step(step: SupplyStep, supply: Supply | None, found: SupplyFile, first: bool) -> StepWords:
    assert supply is not None
    marks = tuple(_mark(mark, found) for mark in supply.marks if mark.step is step)
    return StepWords(STEPS[step], marks, first)


def _mark(mark: SupplyMark, found: SupplyFile) -> MarkWords:
    staff = found.case.chart.staff
    by = staff.get(mark.recorded_by, "somebody no longer on file") if mark.recorded_by is not None else "the program"
    for_day = next((day for one, day in visits_ahead(found) if one == mark.for_visit), None)
    what = mark_words(mark) + (f", for the visit of {short_day(for_day)}" if for_day is not None else "")
    return MarkWords(mark.id, long_day(mark.on), what, by, mark.taken_back_at is not None)


def _awaiting(found: SupplyFile) -> Iterator[Awaiting]:
    chart = found.case.chart
    for one in chart.visits:
        visit = one.answer.lines[0].visit
        if visit.status is not VisitStatus.BOOKED or visit.day < chart.today or visit.id in chart.unseen:
            continue
        waits = any(Reason.DRUG_NOT_RECEIVED in line.reasons for line in one.answer.lines)
        yield Awaiting(visit.id, long_day(visit.day), long_day(due_before(visit.day)), waits)
