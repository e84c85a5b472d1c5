"""A patient's coverages, as checked or as typed, and the checks of them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from app.values.fact import choices, fact
from app.values.insurance import Benefit, Known, Line, PlanKind, Rank
from app.values.members import MemberKey
from app.values.records import RecordRef
from app.values.spans import DateSpan


@choices
class CheckResult(StrEnum):
    """What the last eligibility answer said. None: never checked."""

    ACTIVE = "active"
    INACTIVE = "inactive"
    UNKNOWN = "unknown"


@choices
class NetworkAnswer(StrEnum):
    """What the coverage's answer said of the provider's network."""

    IN = "in"
    OUT = "out"
    UNKNOWN = "unknown"


@fact
class Coverage:
    """One coverage of one patient, with the last eligibility answer.

    `payer` is a key (library id or `local:...`); `line` None: not known; `span` open where begin or end are not known;
    `checked_on` and `result` are of the last check; `network` and `referral_required` None: nothing on file;
    `other_primary`: the payer named another plan as primary, `other_payer` by this name; `verified` False: only a
    schedule row named it; `version` counts its edits.
    """

    id: UUID
    patient_id: UUID
    rank: Rank
    payer: str
    payer_name: str
    member: MemberKey
    span: DateSpan
    line: Line | None = None
    plan: str | None = None
    plan_id: str | None = None
    plan_kind: PlanKind | None = None
    state: str | None = None
    benefit: Benefit = Benefit.BOTH
    group_number: str | None = None
    checked_on: date | None = None
    result: CheckResult | None = None
    network: NetworkAnswer | None = None
    referral_required: Known | None = None
    other_primary: bool = False
    source: str | None = None
    reference: str | None = None
    verified: bool = True
    version: int = 1
    other_payer: str | None = None


@dataclass(frozen=True, slots=True)
class CoverageRecord:
    """All that is on file of a coverage, the member id opened: for writing and for comparing with a file."""

    id: UUID
    patient_id: UUID
    rank: Rank
    payer: str
    payer_name: str
    member_id: str
    begins: date | None = None
    ends: date | None = None
    line: Line | None = None
    plan: str | None = None
    plan_id: str | None = None
    plan_kind: PlanKind | None = None
    state: str | None = None
    benefit: Benefit = Benefit.BOTH
    group_number: str | None = None
    subscriber_relationship: str | None = None
    checked_on: date | None = None
    result: CheckResult | None = None
    network: NetworkAnswer | None = None
    referral_required: Known | None = None
    other_primary: bool = False
    source: str | None = None
    reference: str | None = None
    rx_bin: str | None = None
    rx_pcn: str | None = None
    rx_group: str | None = None
    verified: bool = True
    other_payer: str | None = None


@dataclass(frozen=True, slots=True)
class CoverageEvent:
    """What a person changed on a coverage, when, and from where.

    `changes` gives, by column, the old and the new value as text; of the sealed member id only that it changed.
    """

    id: UUID
    patient_id: UUID
    coverage_id: UUID
    at: datetime
    via: str
    user_id: UUID | None
    changes: Mapping[str, list[str | None]]


@choices
class PlanTurn(StrEnum):
    """In what a coverage is another plan's than it was."""

    PAYER = "payer"
    MEMBER = "member"
    GROUP = "group"
    PLAN = "plan"
    ENDS = "ends"
    INACTIVE = "inactive"
    OTHER_PAYER = "other_payer"
    ADDED = "added"


@dataclass(frozen=True, slots=True)
class Turned:
    """A coverage that names another plan than before: what it was, what it is, and in what it differs.

    ADDED: it came beside or in place of another one of its rank, `before`.
    """

    before: CoverageRecord
    after: CoverageRecord
    turns: tuple[PlanTurn, ...]


class UnknownPayerError(Exception):
    """Neither the rules nor the practice's files know a payer of this name."""


@choices
class Method(StrEnum):
    """How a plan was asked."""

    X12_271 = "x12_271"
    PORTAL = "portal"
    PHONE = "phone"
    CARD = "card"
    FHIR = "fhir"
    FILE = "file"


@choices
class Answered(StrEnum):
    """What came of asking a plan. NOT_ASKED: we could not ask it, so that it said nothing of the coverage."""

    ACTIVE = "active"
    INACTIVE = "inactive"
    UNKNOWN = "unknown"
    NOT_ASKED = "not_asked"


@dataclass(frozen=True, slots=True)
class Rejection:
    """Why a plan could not be asked, or did not answer: AAA03, AAA04, and the level at which it stands."""

    code: str
    follow_up: str | None = None
    level: str | None = None


@dataclass(frozen=True, slots=True)
class PlanBenefit:
    """One thing that a plan said of its benefits, as sent: codes of X12 EB, money in cents, percent as text.

    `authorization` UNKNOWN: not told, or told as unknown. `network` None: not told. `dates` by qualifier, ISO, a span
    with a slash; `entities` (role, name) of who is named. A remaining deductible has period 29; nothing is subtracted.
    """

    info: str
    service_types: tuple[str, ...] = ()
    code: str | None = None
    code_qualifier: str | None = None
    modifiers: tuple[str, ...] = ()
    coverage_level: str | None = None
    insurance_type: str | None = None
    plan: str | None = None
    period: str | None = None
    amount_cents: int | None = None
    percent: str | None = None
    quantity_qualifier: str | None = None
    quantity: str | None = None
    authorization: Known = Known.UNKNOWN
    network: NetworkAnswer | None = None
    dates: tuple[tuple[str, str], ...] = ()
    entities: tuple[tuple[str, str], ...] = ()
    references: tuple[tuple[str, str], ...] = ()
    messages: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class PlanFacts:
    """A plan as it was answered, or as it stood on file with its last `result`. None: not told."""

    payer: str | None = None
    plan: str | None = None
    insurance_type: str | None = None
    member_id: str | None = None
    group_number: str | None = None
    begins: date | None = None
    ends: date | None = None
    other_payer: str | None = None
    other_primary: bool = False
    result: Answered | None = None


@dataclass(frozen=True, slots=True)
class EligibilityCheck:
    """One asking of a plan about one coverage, and what came of it. Checks are added, never changed.

    `service_day`: the day asked about. `answered_on`: the day for which the answer counts as fresh; `at`: when it was
    recorded. `user_id`: the person who asked; `record`: the document and the record in it that answered. `reference`:
    the call's or answer's. `why`: why it is unknown or could not be asked; `because`, one word of ours. `on_file`: the
    coverage as it stood before. `said`: what a person was told, in that person's words. `taken_back_at`: it was undone.
    """

    id: UUID
    patient_id: UUID
    coverage_id: UUID
    method: Method
    result: Answered
    answered_on: date
    at: datetime
    service_day: date | None = None
    user_id: UUID | None = None
    record: RecordRef | None = None
    reference: str | None = None
    why: tuple[Rejection, ...] = ()
    because: str | None = None
    plan: PlanFacts = PlanFacts()
    on_file: PlanFacts = PlanFacts()
    benefits: tuple[PlanBenefit, ...] = ()
    said: str | None = None
    who: str | None = None
    digest: bytes | None = None
    taken_back_at: datetime | None = None
