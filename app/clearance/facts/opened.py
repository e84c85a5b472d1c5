"""One visit opened for a person to read: the answer, the patient by name, and what people and services are called."""

from collections.abc import Mapping
from dataclasses import dataclass

from app.clearance.facts.answered import AnsweredVisit
from app.patients.facts import Patient


@dataclass(frozen=True, slots=True)
class OpenedVisit:
    """A visit's answer with the patient opened; `providers` by NPI, and `services` (our own labels) by code.

    `whole` False: called back for a list; its badge, short words, payer and units may be shown, and nothing else.
    """

    answer: AnsweredVisit
    patient: Patient
    providers: Mapping[str, str]
    services: Mapping[str, str]
    whole: bool = True
