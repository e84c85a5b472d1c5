"""What the form of an approval starts from."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from app.authorizations.facts import AuthorizationRecord
from app.coverage.facts import CoverageRecord
from app.patients.facts import Patient
from app.practice.facts.practice import Provider, Site

OTHER_PAYER = "other"
"""Chosen instead of a coverage: the payer is typed."""


@dataclass(frozen=True, slots=True)
class ApprovalStart:
    """The patient, what may be chosen, and what the form shows first.

    `coverage` is the coverage of the day; `codes` are those of the visit that the form was opened from, where they
    need approval; `approval` with its `version` is the one that is changed, None where one is logged; `visit_id`.
    """

    patient: Patient
    today: date
    coverages: tuple[CoverageRecord, ...]
    sites: tuple[Site, ...]
    providers: tuple[Provider, ...]
    payers: tuple[str, ...]
    coverage: UUID | None = None
    codes: tuple[str, ...] = ()
    visit_id: UUID | None = None
    visit_day: date | None = None
    approval: AuthorizationRecord | None = None
    version: int | None = None
