"""A patient's coverages, as checked or as typed."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from app.values.fact import choices, fact
from app.values.insurance import Benefit, Known, Line, PlanKind, Rank
from app.values.members import MemberKey
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
    `other_primary`: the payer named another plan as primary; `verified` False: only a schedule row named it;
    `version` counts its edits.
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


class UnknownPayerError(Exception):
    """Neither the rules nor the practice's files know a payer of this name."""
