"""What an import is to write for some patients, decided before anything is written."""

from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID

from app.authorizations.facts import AuthorizationEvent, AuthorizationRecord
from app.coverage.facts import CoverageRecord
from app.imports.facts import Outcome, Refused, ScheduleRow
from app.patients.facts import PatientDetails
from app.policies.facts.answers import PayerMatch
from app.schedule.facts import VisitRecord
from app.values.members import MemberKey


@dataclass(frozen=True, slots=True)
class Placed:
    """A schedule row with what its words mean here: site, instant, the site's day, payer and member."""

    row: ScheduleRow
    site_id: UUID
    starts_at: datetime
    day: date
    payer: PayerMatch | None
    member: MemberKey | None


@dataclass
class OnFile:
    """What is on file of the patients that a piece of a file is about."""

    patients: dict[str, PatientDetails] = field(default_factory=dict)  # by mrn_key
    visits: dict[str, VisitRecord] = field(default_factory=dict)  # by reference
    coverages: dict[UUID, list[CoverageRecord]] = field(default_factory=dict)
    authorizations: dict[UUID, list[AuthorizationRecord]] = field(default_factory=dict)


@dataclass
class Plan:
    """What to write, and what came of each row."""

    new_patients: dict[UUID, PatientDetails] = field(default_factory=dict)
    changed_patients: dict[UUID, PatientDetails] = field(default_factory=dict)
    new_visits: list[VisitRecord] = field(default_factory=list)
    changed_visits: list[VisitRecord] = field(default_factory=list)
    new_coverages: dict[UUID, CoverageRecord] = field(default_factory=dict)
    changed_coverages: dict[UUID, CoverageRecord] = field(default_factory=dict)
    dropped_coverages: set[UUID] = field(default_factory=set)
    new_authorizations: list[AuthorizationRecord] = field(default_factory=list)
    changed_authorizations: list[AuthorizationRecord] = field(default_factory=list)
    new_events: list[AuthorizationEvent] = field(default_factory=list)
    changed_events: list[AuthorizationEvent] = field(default_factory=list)
    outcomes: dict[int, Outcome] = field(default_factory=dict)
    refused: list[Refused] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    touched: set[UUID] = field(default_factory=set)

    @property
    def writes(self) -> bool:
        """Say whether there is anything to write."""
        return bool(self.touched)

    def put_patient(self, patient: PatientDetails, is_new: bool) -> None:
        """Note a patient to write, new or changed."""
        (self.new_patients if is_new or patient.id in self.new_patients else self.changed_patients)[patient.id] = (
            patient
        )
        self.touched.add(patient.id)
