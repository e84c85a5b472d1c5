"""What a request for a services review says, before it is written."""

from dataclasses import dataclass
from datetime import date, datetime


@dataclass(frozen=True, slots=True)
class Organization:
    """A payer, or who reviews for it: `qualifier` says what the id is (PI: payer id)."""

    name: str
    id: str
    qualifier: str = "PI"


@dataclass(frozen=True, slots=True)
class Provider:
    """A provider by NPI; an organization has no first name."""

    name: str
    npi: str
    first_name: str | None = None


@dataclass(frozen=True, slots=True)
class Member:
    """The subscriber, or the dependent who is the patient: a dependent has a relationship (INS02) and no member id.

    `sex`: F, M or U.
    """

    last_name: str
    first_name: str
    member_id: str | None = None
    birth_date: date | None = None
    sex: str | None = None
    relationship: str | None = None


@dataclass(frozen=True, slots=True)
class AskedService:
    """One service: a HCPCS or CPT code, or a range of them, how many units, and when (both days included)."""

    code: str
    quantity: int
    code_to: str | None = None
    modifiers: tuple[str, ...] = ()
    begins: date | None = None
    ends: date | None = None
    unit: str = "UN"


@dataclass(frozen=True, slots=True)
class Spread:
    """How visits are spread: `3 VS per WK, for 2 of period 34` (HSD01 to HSD06)."""

    quantity: int
    unit: str = "VS"
    per: str | None = None
    period: str | None = None
    period_count: int | None = None


@dataclass(frozen=True, slots=True)
class ReviewRequest:
    """A request for one patient event.

    `reference`: BHT03, the sender's number of the request. `trace`: TRN02, which the answer repeats. `origin`: TRN03,
    ten signs that name the sender. `category`: UM01 (HS: health services, SC: referral, AR: admission).
    `certification`: UM02 (I first, R renewal, S revised, 3 cancel, 4 extension). `urgency`: UM06. `previous`: the
    number that is renewed, changed or canceled. `message` is free text.
    """

    reference: str
    moment: datetime
    trace: str
    origin: str
    payer: Organization
    requester: Provider
    subscriber: Member
    services: tuple[AskedService, ...]
    diagnoses: tuple[str, ...]
    dependent: Member | None = None
    performer: Provider | None = None
    category: str = "HS"
    certification: str = "I"
    service_type: str | None = None
    place: str | None = None
    urgency: str | None = None
    begins: date | None = None
    ends: date | None = None
    spread: Spread | None = None
    previous: str | None = None
    message: str | None = None
