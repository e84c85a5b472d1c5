"""What a patient's page shows."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from app.authorizations.facts import Authorization, AuthorizationEvent
from app.clearance.facts.opened import OpenedVisit
from app.coverage.facts import CoverageEvent, CoverageRecord
from app.patients.facts import PatientDetails, Wish
from app.policies.facts.answers import PatientAnswer
from app.practice.facts.practice import Site


@dataclass(frozen=True, slots=True)
class Chart:
    """One patient with all that the desk works on.

    `version` of the patient, and of each coverage by its id; `visits` of every status in order of time, judged on the
    day; events and wishes newest first; `staff` and `providers` are names by id and NPI. `unseen`: visits that are out
    of the reader's sight, which count for units and are not listed.
    """

    details: PatientDetails
    version: int
    today: date
    now: datetime
    zone: ZoneInfo
    coverages: tuple[CoverageRecord, ...]
    versions: Mapping[UUID, int]
    approvals: tuple[Authorization, ...]
    visits: tuple[OpenedVisit, ...]
    answers: tuple[PatientAnswer, ...]
    wishes: tuple[Wish, ...]
    approval_events: tuple[AuthorizationEvent, ...]
    coverage_events: tuple[CoverageEvent, ...]
    staff: Mapping[UUID, str]
    providers: Mapping[str, str]
    sites: Mapping[UUID, Site]
    unseen: frozenset[UUID] = frozenset()
