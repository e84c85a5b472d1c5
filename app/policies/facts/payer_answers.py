"""What a payer says for one patient, as its form is filled in and as its page shows it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from app.patients.facts import Patient
from app.policies.facts.answers import Need


@dataclass(frozen=True, slots=True)
class AnswerWord:
    """What a payer says of one code or drug for one patient: need, the payer's reference, its day, the last day."""

    once: UUID
    payer: str
    name: str
    need: Need
    reference: str
    said_on: date
    until: date


@dataclass(frozen=True, slots=True)
class AnswerOptions:
    """What the form may choose from; `patient` None: whoever fills it in names the record number."""

    payers: Mapping[str, str]
    drugs: Mapping[str, str]
    today: date
    patient: Patient | None = None
