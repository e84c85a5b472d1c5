"""Drugs of a case: who brings them to the visit, and how far they have come."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from app.values.fact import choices


@choices
class SupplyPlan(StrEnum):
    """Who brings the drug. The administration code is judged by itself under each of them."""

    BUY_AND_BILL = "buy_and_bill"
    SPECIALTY_PHARMACY = "specialty_pharmacy"
    PATIENT_BROUGHT = "patient_brought"


@choices
class SupplyStep(StrEnum):
    """The way of a drug that a pharmacy sends, in order."""

    BENEFIT_VERIFIED = "benefit_verified"
    PRESCRIPTION_SENT = "prescription_sent"
    APPROVED = "approved"
    CONSENT_TO_SHIP = "consent_to_ship"
    SHIPPED = "shipped"
    RECEIVED = "received"


@dataclass(frozen=True, slots=True)
class SupplyMark:
    """One step that was done: when, by whom it was recorded, and for `received` what came.

    `for_visit`: the visit that this delivery is for; None: for the next ones. `doses`: for how many visits it is
    enough, None: for one.
    """

    id: UUID
    step: SupplyStep
    on: date
    recorded_at: datetime
    recorded_by: UUID | None
    lot: str | None = None
    ndc: str | None = None
    doses: int | None = None
    for_visit: UUID | None = None
    taken_back_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Supply:
    """How the drug of one case comes: the plan, since when, and the marks in the order in which they were recorded.

    `case_id` is the authorization's. `version` counts the edits of the plan. Marks taken back count for nothing.
    """

    case_id: UUID
    patient_id: UUID
    plan: SupplyPlan
    set_at: datetime
    marks: tuple[SupplyMark, ...] = ()
    version: int = 1

    @property
    def standing(self) -> tuple[SupplyMark, ...]:
        """The marks that were not taken back."""
        return tuple(mark for mark in self.marks if mark.taken_back_at is None)


BROUGHT = frozenset({SupplyPlan.SPECIALTY_PHARMACY, SupplyPlan.PATIENT_BROUGHT})
"""Plans under which the drug must come from elsewhere before the visit."""
