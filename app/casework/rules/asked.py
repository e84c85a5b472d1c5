"""From a request as written to the case that it becomes: what is asked, line by line, and what comes next on it."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from app.authorizations.facts import AuthorizationRecord, Item, RequestedLine, Status
from app.casework.facts.requests import AskedLine
from app.policies.facts.answers import DecisionClock

NEXT_STEPS = {
    Status.DRAFT: "Complete the request",
    Status.NEEDS_DOCUMENTS: "Get what the payer wants to see",
    Status.READY: "Send the request",
    Status.SUBMITTED: "Ask the payer where it stands",
}
"""What comes next, where nobody said anything else."""
USUAL_WAIT_DAYS = 7


def requested_lines(lines: Sequence[AskedLine], values: Mapping[str, Any]) -> tuple[RequestedLine, ...]:
    """What is asked, line by line.

    Takes     the lines; what the request says of all of them, by the field names of AuthorizationRecord.
    """
    places = values["places"]
    shared = RequestedLine(
        begins=values["begins"],
        ends=values["ends"],
        diagnoses=values["diagnoses"],
        provider_npi=values["provider_npi"],
        provider_group=values["provider_group"],
        site_id=values["site_id"],
        place=places[0] if len(places) == 1 else None,
        channel=values["channel"],
    )
    return tuple(
        replace(
            shared,
            code=line.code,
            last=line.last,
            drug=line.drug,
            ndc=values["ndc"] if line.drug is not None else None,
            modifiers=line.modifiers,
            counting=line.counting,
            count=line.count,
        )
        for line in lines
    )


def items_of(lines: Sequence[AskedLine]) -> tuple[Item, ...]:
    """The codes asked for as an authorization holds them; a drug without a code stands beside them."""
    return tuple(Item((line.code,), line.last, line.counting, line.count) for line in lines if line.code is not None)


def next_step(status: Status, today: date, before: AuthorizationRecord | None) -> dict[str, Any]:
    """What comes next on a request that is not sent: nothing of ours takes the place of what a person wrote."""
    own = before is None or before.next_action in (None, *NEXT_STEPS.values())
    if not own or (before is not None and before.status is status and before.next_action is not None):
        return {}
    return {"next_action": NEXT_STEPS[status], "next_action_on": today}


def waiting_days(clock: DecisionClock | None, urgent: bool) -> int:
    """Whole days after which to ask the payer where a request stands: its time to decide, else a week."""
    if clock is None:
        return USUAL_WAIT_DAYS
    length = (clock.expedited if urgent else None) or clock.standard
    if length is None or length.value is None:
        return USUAL_WAIT_DAYS
    if length.unit == "hour":
        return max(1, -(-length.value // 24))
    if length.unit == "business_day":
        return -(-length.value * 7 // 5)
    return length.value * {"week": 7, "month": 30, "year": 365}.get(length.unit, 1)
