"""People who are treated."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from app.values.fact import fact


@dataclass(frozen=True, slots=True)
class Patient:
    """A person, opened: for a page or a message that names one. `no_coverage`: by the practice's word there is none."""

    id: UUID
    mrn: str
    last_name: str
    first_name: str
    birth_date: date | None
    no_coverage: bool = False


@fact
class PatientForJudging:
    """What judging needs of a person. The birth date stays sealed until a rule asks for an age.

    `no_coverage` holds since `no_coverage_on`, the day that it was said (it does not count before).
    """

    id: UUID
    sealed_birth: bytes | None
    no_coverage: bool
    no_coverage_on: date | None = None
    version: int = 1


@dataclass(frozen=True, slots=True)
class PatientDetails:
    """All that is on file of a person, opened: for writing and for comparing with a file. Never for a log."""

    id: UUID
    mrn: str
    last_name: str
    first_name: str
    birth_date: date | None
    phone: str | None = None
    email: str | None = None
    address: str | None = None
    language: str | None = None
    text_consent: bool = False
    no_coverage_on: date | None = None
    no_coverage_source: str | None = None
