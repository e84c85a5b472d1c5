"""Visits and the services planned in them."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from app.values.insurance import Channel
from app.values.members import MemberKey


class VisitStatus(StrEnum):
    """Where a visit stands."""

    BOOKED = "booked"
    CANCELED = "canceled"
    NO_SHOW = "no_show"
    DONE = "done"


class BillTo(StrEnum):
    """Who pays for a line."""

    INSURANCE = "insurance"
    SELF_PAY = "self_pay"
    OUTSIDE = "outside"


class Supply(StrEnum):
    """Where the drug of a line comes from."""

    BUY_AND_BILL = "buy_and_bill"
    SPECIALTY_PHARMACY = "specialty_pharmacy"
    PATIENT = "patient"
    SAMPLE = "sample"


@dataclass(frozen=True, slots=True)
class ServiceLine:
    """One planned service. `position` is its place among the lines of the visit, from 0.

    `code` None: only a visit type is known (`visit_type`), which no one has mapped yet. `diagnoses` with dots;
    `documented` keys of the grid's triggers in the chart; `klass` the class that a visit type's mapping states;
    `named_payer`, `named_member` what the schedule itself said of the insurance, for comparing.
    """

    id: UUID
    position: int
    code: str | None
    units: int = 1
    drug: str | None = None
    visit_type: str | None = None
    modifiers: tuple[str, ...] = ()
    diagnoses: tuple[str, ...] = ()
    place: str = "11"
    ndc: str | None = None
    documented: frozenset[str] = frozenset()
    referral: str | None = None
    channel: Channel | None = None
    provider_npi: str = ""
    provider_group: str | None = None
    billing_npi: str | None = None
    bill_to: BillTo = BillTo.INSURANCE
    supply: Supply | None = None
    klass: str | None = None
    named_payer: str | None = None
    named_member: MemberKey | None = None


@dataclass(frozen=True, slots=True)
class Visit:
    """One appointment. `reference` is the practice system's id; `day` is the site's date of `starts_at` (UTC).

    `version` counts its edits.
    """

    id: UUID
    reference: str
    patient_id: UUID
    site_id: UUID
    starts_at: datetime
    day: date
    status: VisitStatus
    lines: tuple[ServiceLine, ...]
    version: int = 1
