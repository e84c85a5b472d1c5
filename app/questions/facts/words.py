"""Answers as people give them, read from their forms."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from app.coverage.facts import CheckResult
from app.policies.facts.answers import Need
from app.practice.facts.practice import Network


@dataclass(frozen=True, slots=True)
class NeedWord:
    """What a payer says of a service, for everybody: need, basis, days, and the plan and places it is bound to."""

    need: Need
    basis: str
    source_day: date
    until: date
    plan: str | None
    places: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PatientWord:
    """What a payer says of a service for one patient: need, its reference and the last day."""

    need: Need
    reference: str
    until: date | None


@dataclass(frozen=True, slots=True)
class NetworkWord:
    """Whether a provider takes part in a plan, and on which days."""

    network: Network
    plan: str | None
    begins: date
    until: date | None


@dataclass(frozen=True, slots=True)
class CheckWord:
    """What a plan answered: for which coverage, seen at which version, what, when, how and under what reference."""

    coverage_id: UUID
    version: int
    result: CheckResult
    checked_on: date
    source: str
    reference: str | None


@dataclass(frozen=True, slots=True)
class ReferralWord:
    """A referral under one coverage: its number, days and visits; or that the plan needs none, and who said so."""

    coverage_id: UUID
    not_needed: bool = False
    said_by: str | None = None
    number: str | None = None
    begins: date | None = None
    ends: date | None = None
    visits: int | None = None
