"""Visits and the services planned in them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from app.values.fact import choices, fact
from app.values.insurance import Channel
from app.values.members import MemberKey


@choices
class VisitStatus(StrEnum):
    """Where a visit stands."""

    BOOKED = "booked"
    CANCELED = "canceled"
    NO_SHOW = "no_show"
    DONE = "done"


@choices
class BillTo(StrEnum):
    """Who pays for a line."""

    INSURANCE = "insurance"
    SELF_PAY = "self_pay"
    OUTSIDE = "outside"


@choices
class Supply(StrEnum):
    """Where the drug of a line comes from."""

    BUY_AND_BILL = "buy_and_bill"
    SPECIALTY_PHARMACY = "specialty_pharmacy"
    PATIENT = "patient"
    SAMPLE = "sample"


@fact
class ServiceLine:
    """One planned service. `position` is its place among the lines of the visit, from 0.

    `code` None: only a visit type is known (`visit_type`), which no one has mapped yet. `diagnoses` with dots;
    `documented` keys of the grid's triggers in the chart; `klass` the class that a visit type's mapping states;
    `named_payer`, `named_member` what the schedule itself said of the insurance, for comparing. `refused_row` is the
    number of a row of the schedule file that was refused: what is planned in such a line is not known at all.
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
    refused_row: int | None = None
    named_member: MemberKey | None = None


@fact
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


@dataclass(frozen=True, slots=True)
class LineSource:
    """Where a line came from: the place of its row among the visit's rows of a file.

    `row_facts`, by the field names of ServiceLine, is what the row said, where only its visit type is known: a changed
    meaning of the type is applied to it again. None: the row named the code itself.
    """

    place: int
    row_facts: Mapping[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class VisitRecord:
    """A visit as it is stored: `sources` has one entry for each of the visit's lines, in their order."""

    visit: Visit
    sources: tuple[LineSource, ...]


CLASSES = ("medical", "conditional", "cosmetic")
"""What a person can say of the class of a type's line."""
MOST_LINES = 8
"""Lines that one type stands for at most, on its page."""


@dataclass(frozen=True, slots=True)
class TypeLine:
    """One line that a visit type stands for. Neither code nor drug: a service that the patient pays."""

    code: str | None = None
    drug: str | None = None
    units: int = 1
    klass: str | None = None
    bill_to: BillTo | None = None


@dataclass(frozen=True, slots=True)
class VisitType:
    """What one of the practice system's appointment types stands for. `version` counts its edits; 0: not stored yet."""

    name: str
    lines: tuple[TypeLine, ...]
    version: int = 0
