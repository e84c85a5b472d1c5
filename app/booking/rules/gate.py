"""Which step the gate asks of a planned service, by what the verdict found."""

from app.booking.facts.gate import Step
from app.clearance.facts.reasons import Badge, Check, Reason
from app.clearance.facts.verdicts import LineVerdict
from app.schedule.facts import BillTo, ServiceLine

_STEPS = {
    Reason.CLASS_MEDICAL: Step.NOTHING,
    Reason.CLASS_DOCUMENTED: Step.NOTHING,
    Reason.CLASS_SETTLED: Step.NOTHING,
    Reason.CLASS_COSMETIC: Step.CONSENT,
    Reason.CLASS_WEAK: Step.FACT,
    Reason.CLASS_UNLISTED: Step.FACT,
    Reason.CLASS_NO_DIAGNOSIS: Step.FACT,
}


def step_of(bill_to: BillTo, badge: Badge | None, found: Reason | None) -> Step:
    """Say what is asked of a service.

    Takes     who pays by the schedule; the line's badge (None: billed outside, not judged); what check `class` found
              (None: no service of the grid names the code).
    Returns   PAYS only where the schedule says so, or the patient has no insurance by the practice's word: never
              because of a class.
    """
    if badge is None:
        return Step.OUTSIDE
    if bill_to is BillTo.SELF_PAY or badge is Badge.SELF_PAY:
        return Step.PAYS
    return Step.UNSORTED if found is None else _STEPS[found]


def step_of_line(verdict: LineVerdict) -> Step:
    """Say what is asked of a judged line."""
    found = next((one for one in verdict.reasons if one.check is Check.CLASS), None)
    return step_of(verdict.line.bill_to, verdict.badge, found)


def service_of(line: ServiceLine) -> str:
    """What a planned service is called on papers: its code, else its drug, else its visit type."""
    return line.code or line.drug or line.visit_type or "?"
