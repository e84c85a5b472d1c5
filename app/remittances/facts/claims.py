"""What payers paid and denied of claims, and what Cleared had said of the visit."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from app.clearance.facts.reasons import Badge, Check
from app.policies.facts.answers import Need
from app.values.fact import choices


@choices
class ClaimState(StrEnum):
    """Where a claim stands among those under the same control number of one payer.

    STANDS: what the payer says now. REVERSED: taken back by a reversal. FOLLOWED: answered anew later.
    REVERSAL: takes another one back.
    """

    STANDS = "stands"
    REVERSED = "reversed"
    FOLLOWED = "followed"
    REVERSAL = "reversal"


@choices
class Category(StrEnum):
    """Why something was denied, as app/standards/x12/remittance/denials.yaml classes it."""

    AUTHORIZATION = "authorization"
    ELIGIBILITY = "eligibility"
    MEDICAL_NECESSITY = "medical_necessity"
    BENEFIT = "benefit"
    DOCUMENTATION = "documentation"
    BUNDLING = "bundling"
    TIMELY_FILING = "timely_filing"
    CODING = "coding"
    OTHER = "other"


class Why(StrEnum):
    """Why a claim waits for a person, or could not be tied to a visit."""

    NO_PATIENT = "no_patient"
    SEVERAL_PATIENTS = "several_patients"
    OTHER_PATIENT = "names_differ"
    NO_VISIT = "no_visit"
    SEVERAL_VISITS = "several_visits"


REVERSES = "22"
"""The status of a claim that takes an earlier one back."""


@dataclass(frozen=True, slots=True)
class Adjustment:
    """Money that was not paid: group, reason, cents, quantity as sent."""

    group: str | None
    reason: str | None
    cents: int | None
    quantity: str | None = None


@dataclass(frozen=True, slots=True)
class ReadLine:
    """A service line as the payer answered it. Money in cents; `begins`, `ends`: days of service, None: not said."""

    code: str | None
    modifiers: tuple[str, ...]
    charge: int | None
    paid: int | None
    units: str | None
    begins: date | None
    ends: date | None
    adjustments: tuple[Adjustment, ...]
    remarks: tuple[str, ...]
    categories: tuple[Category, ...]
    off_by: int | None


@dataclass(frozen=True, slots=True)
class Payment:
    """A check or transfer. `payer` is its name as sent, `trace` its number."""

    amount: int | None
    method: str | None
    paid_on: date | None
    trace: str | None
    payer: str | None
    payee_npi: str | None


@dataclass(frozen=True, slots=True)
class Named:
    """Whom a claim names; never for a log or an address."""

    last_name: str | None
    first_name: str | None
    member_id: str | None


@dataclass(frozen=True, slots=True)
class ReadClaim:
    """A claim as the payer answered it. `off_by`: cents by which it does not add up; None: it cannot be said."""

    control: str | None
    status: str | None
    charge: int | None
    paid: int | None
    share: int | None
    payer_control: str | None
    patient: Named
    corrected: Named | None
    begins: date | None
    ends: date | None
    adjustments: tuple[Adjustment, ...]
    remarks: tuple[str, ...]
    lines: tuple[ReadLine, ...]
    categories: tuple[Category, ...]
    off_by: int | None

    @property
    def members(self) -> tuple[str, ...]:
        """The member ids that it names."""
        corrected = self.corrected.member_id if self.corrected is not None else None
        return tuple(dict.fromkeys(one for one in (self.patient.member_id, corrected) if one))

    @property
    def own_categories(self) -> tuple[Category, ...]:
        """What was denied of the claim as a whole, not of a line."""
        of_lines = {one for line in self.lines for one in line.categories}
        return tuple(one for one in self.categories if one not in of_lines)


@dataclass(frozen=True, slots=True)
class Candidate:
    """A patient whom a claim may be about. `members`: member ids on file; `by_control`: found by the control number."""

    patient_id: UUID
    last_name: str
    first_name: str
    members: tuple[str, ...]
    by_control: bool = False


@dataclass(frozen=True, slots=True)
class Said:
    """What Cleared showed of a line, or of a visit, when the visit began, and since when it had shown it.

    `check`: the first that made the badge; `chosen`: the approval that it rested on; `rule`: by which rule it knew
    whether approval is needed, and `need` what that said.
    """

    badge: Badge
    check: Check | None
    since: datetime
    chosen: UUID | None = None
    rule: str | None = None
    need: Need | None = None


@dataclass(frozen=True, slots=True)
class Link:
    """What a line of a claim is tied to. `ended`: practice rules that its denial ended."""

    visit_id: UUID | None = None
    said: Said | None = None
    authorization_id: UUID | None = None
    ended: tuple[UUID, ...] = ()


@dataclass(frozen=True, slots=True)
class Tie:
    """What a whole claim is tied to, and why not; `said`: what its visit showed."""

    patient_id: UUID | None = None
    visit_id: UUID | None = None
    said: Said | None = None
    why: Why | None = None


@dataclass(frozen=True, slots=True)
class NewClaim:
    """A claim to be kept: as read, what it is tied to, and where it came from."""

    id: UUID
    remittance_id: UUID
    claim: ReadClaim
    paid_on: date
    to: Tie
    lines: tuple[Link, ...]
    document_id: UUID
    number: int
    taken_at: datetime
    raw: Mapping[str, Any] = field(repr=False, default_factory=dict)


@dataclass(frozen=True, slots=True)
class Standing:
    """What tells how claims under one control number follow each other."""

    id: UUID
    status: str | None
    charge: int | None
    paid: int | None
    paid_on: date
    begins: date | None
    payer_control: str | None
    denied: bool


@dataclass(frozen=True, slots=True)
class KeptLine:
    """A line on file."""

    line: ReadLine
    to: Link


@dataclass(frozen=True, slots=True)
class KeptClaim:
    """A claim on file with its payment. `others`: claims under the same control number, by id, state and day paid."""

    id: UUID
    payment: Payment
    claim: ReadClaim
    state: ClaimState
    to: Tie
    lines: tuple[KeptLine, ...]
    paid_on: date
    document_id: UUID
    number: int
    taken_at: datetime
    others: tuple[tuple[UUID, ClaimState, date], ...] = ()


class Show(StrEnum):
    """Which claims a list shows."""

    ALL = "all"
    DENIED = "denied"
    WAITING = "waiting"


@dataclass(frozen=True, slots=True)
class Place:
    """A place in the list: whether denied, the day paid, the claim."""

    denied: bool
    paid_on: date
    claim_id: UUID


@dataclass(frozen=True, slots=True)
class ClaimQuery:
    """What a list asks for."""

    show: Show = Show.ALL
    category: Category | None = None
    first: date | None = None
    last: date | None = None
    after: Place | None = None


@dataclass(frozen=True, slots=True)
class ClaimLine:
    """One claim in a list."""

    id: UUID
    patient_id: UUID | None
    visit_id: UUID | None
    paid_on: date
    begins: date | None
    payer: str | None
    charge: int | None
    paid: int | None
    status: str | None
    state: ClaimState
    categories: tuple[Category, ...]
    badge: Badge | None
    check: Check | None
    why: Why | None
    denied: bool
