"""People who are treated."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from app.values.fact import choices, fact


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


@dataclass(frozen=True, slots=True)
class FormerNumber:
    """A record number of a patient who was merged into `patient_id`. `id`: that patient's, or one of its own."""

    id: UUID
    mrn: str
    patient_id: UUID
    at: datetime


@choices
class WaySaid(StrEnum):
    """How a person said what they wish."""

    IN_PERSON = "in_person"
    ON_PAPER = "on_paper"
    BY_PHONE = "by_phone"
    BY_PORTAL = "by_portal"


@choices
class ContactWay(StrEnum):
    """How a person wishes to be reached. None on file: no wish is known."""

    CALL = "call"
    TEXT = "text"
    MAIL = "mail"
    PORTAL = "portal"


@dataclass(frozen=True, slots=True)
class Wish:
    """What a person wished on a day, as recorded: consent to texts, how it was said, and how to reach them.

    The one recorded last holds. Without one, consent is what a file stated, and no where it stated nothing.
    """

    id: UUID
    patient_id: UUID
    at: datetime
    user_id: UUID | None
    via: str
    text_consent: bool
    said: WaySaid | None = None
    contact: ContactWay | None = None
