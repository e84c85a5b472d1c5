"""What the forms of a coverage start from."""

from dataclasses import dataclass
from datetime import date

from app.coverage.facts import CoverageRecord
from app.patients.facts import Patient


@dataclass(frozen=True, slots=True)
class CoverageStart:
    """The patient, the payers to choose from, and the coverage with its version; None where one is added."""

    patient: Patient
    today: date
    payers: tuple[str, ...]
    others: tuple[CoverageRecord, ...]
    coverage: CoverageRecord | None = None
    version: int | None = None
