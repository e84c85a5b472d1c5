"""What a prior authorization request by FHIR says, before it is written."""

from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID


class Certification(StrEnum):
    """What a line asks for (X12 element 1322, as PAS takes it from the 278)."""

    INITIAL = "I"
    RENEWAL = "R"
    REVISED = "S"
    CANCEL = "3"
    EXTENSION = "4"


class Change(StrEnum):
    """What an update does to a line."""

    ADDED = "added"
    CHANGED = "changed"


@dataclass(frozen=True, slots=True)
class Organization:
    """A payer or a practice: `npi` or `identifier` of the payer's own list, as the two agreed."""

    name: str
    npi: str | None = None
    identifier: str | None = None


@dataclass(frozen=True, slots=True)
class Practitioner:
    """Who is to perform the services."""

    npi: str
    last_name: str
    first_name: str | None = None


@dataclass(frozen=True, slots=True)
class Member:
    """The patient as the plan knows them. `gender`: male, female, other or unknown; `is_subscriber` None: not known."""

    member_id: str
    last_name: str
    first_name: str
    birth_date: date
    gender: str = "unknown"
    is_subscriber: bool | None = True
    group_number: str | None = None


@dataclass(frozen=True, slots=True)
class RequestLine:
    """One service. `service_type`: X12 1365; `unit`: UN units, VS visits; days include both ends."""

    code: str
    service_type: str
    modifiers: tuple[str, ...] = ()
    last: str | None = None
    quantity: int | None = None
    unit: str | None = None
    begins: date | None = None
    ends: date | None = None
    diagnoses: tuple[str, ...] = ()
    place: str | None = None
    certification: Certification = Certification.INITIAL


class PaperSort(StrEnum):
    """What a document is, as far as a payer's lists tell documents apart."""

    NOTE = "note"
    PHOTO = "photo"
    LAB = "lab"
    PATHOLOGY = "pathology"
    REFERRAL = "referral"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Paper:
    """A document that goes with a request. `content` names a patient and is never shown."""

    title: str
    media_type: str
    content: bytes = field(repr=False)
    sort: PaperSort = PaperSort.OTHER


@dataclass(frozen=True, slots=True)
class PasRequest:
    """One request. `trace` is what the payer sends back.

    `submitter`: our id in the exchange (the one that notifications are filtered by). `note`: words for the payer.
    """

    bundle_id: UUID
    trace: str
    created: datetime
    submitter: str
    payer: Organization
    practice: Organization
    member: Member
    lines: tuple[RequestLine, ...]
    practitioner: Practitioner | None = None
    urgent: bool = False
    number: str | None = None
    note: str | None = None
    papers: tuple[Paper, ...] = ()


@dataclass(frozen=True, slots=True)
class LineChange:
    """What becomes of one line of a request, by its sequence there. `canceled`: it is asked for no longer.

    A value of None stays as it was; days include both ends.
    """

    sequence: int
    quantity: int | None = None
    begins: date | None = None
    ends: date | None = None
    canceled: bool = False


@dataclass(frozen=True, slots=True)
class PasUpdate:
    """A change of a request that the payer has.

    `earlier`: the bundle as it was sent last. `urgent` None: as it was. `papers`: documents beside those sent before.
    """

    bundle_id: UUID
    trace: str
    created: datetime
    submitter: str
    earlier: bytes = field(repr=False)
    lines: tuple[LineChange, ...] = ()
    urgent: bool | None = None
    note: str | None = None
    papers: tuple[Paper, ...] = ()


@dataclass(frozen=True, slots=True)
class SentLine:
    """One line of a bundle that was sent, by its sequence there. `canceled`: taken back. `quantity` as it was sent."""

    sequence: int
    code: str
    quantity: str | None = None
    unit: str | None = None
    begins: date | None = None
    ends: date | None = None
    canceled: bool = False

    @property
    def count(self) -> int | None:
        """How many were asked for, where that is a whole number."""
        return int(self.quantity) if self.quantity is not None and self.quantity.isdecimal() else None


@dataclass(frozen=True, slots=True)
class SentDocument:
    """A document of a bundle that was sent: its title, its bytes by number, and their SHA-256 in hex."""

    title: str
    size: int
    sha256: str
