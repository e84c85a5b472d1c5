"""Which steps a plan of supply has, and what may be recorded of one."""

from app.pharmacy.facts import Supply, SupplyMark, SupplyPlan, SupplyStep

_STEPS = {
    SupplyPlan.BUY_AND_BILL: (SupplyStep.BENEFIT_VERIFIED, SupplyStep.APPROVED),
    SupplyPlan.SPECIALTY_PHARMACY: tuple(SupplyStep),
    SupplyPlan.PATIENT_BROUGHT: (
        SupplyStep.BENEFIT_VERIFIED,
        SupplyStep.PRESCRIPTION_SENT,
        SupplyStep.APPROVED,
        SupplyStep.RECEIVED,
    ),
}


def steps_of(plan: SupplyPlan) -> tuple[SupplyStep, ...]:
    """List the steps of a plan, in their order. A drug that is bought and billed is on the practice's own shelf."""
    return _STEPS[plan]


def next_step(supply: Supply) -> SupplyStep | None:
    """Name the step that follows the furthest one that was done; None: the drug was received.

    A step before it that nobody recorded is shown as open and is not asked for first: facts reach the practice late.
    """
    steps, done = steps_of(supply.plan), {mark.step for mark in supply.standing}
    furthest = max((place for place, step in enumerate(steps) if step in done), default=-1)
    return steps[furthest + 1] if furthest + 1 < len(steps) else None


def supply_refusal(supply: Supply, mark: SupplyMark) -> str | None:
    """Say why a step cannot be recorded, as a sentence; None: it can.

    Steps may be recorded in any order and again: deliveries repeat, and facts reach the practice late.
    """
    if mark.step not in steps_of(supply.plan):
        return "This plan has no such step. Change who brings the drug first."
    came = (mark.lot, mark.ndc, mark.doses, mark.for_visit)
    if mark.step is not SupplyStep.RECEIVED and any(one is not None for one in came):
        return "Lot, NDC and doses belong to the step Received."
    if mark.doses is not None and mark.doses < 1:
        return "Doses must be a whole number from 1."
    return None
