"""One visit opened for a person to read: the answer, the patient by name, and what people and services are called."""

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from app.clearance.facts.answered import AnsweredVisit
from app.clearance.facts.history import AcceptedRisk
from app.clearance.facts.verdicts import LineVerdict, PatientFile
from app.patients.facts import Patient
from app.policies.facts.levels import Stand


@dataclass(frozen=True, slots=True)
class Beside:
    """What a panel shows beside the answer: the patient's file, and all its judged lines in order of time.

    `questions` are the open questions that the visit waits for; `risks` all that were ever accepted of it; `stands` how
    fresh each rule of the library is on which a line rests, by its reference.
    """

    file: PatientFile
    lines: tuple[LineVerdict, ...]
    questions: tuple[UUID, ...]
    risks: tuple[AcceptedRisk, ...]
    stands: Mapping[str, Stand]


@dataclass(frozen=True, slots=True)
class OpenedVisit:
    """A visit's answer with the patient opened; `providers` by NPI, and `services` (our own labels) by code.

    `whole` False: called back for a list; its badge, short words, payer and units may be shown, and nothing else.
    `beside` is there where the visit was opened for a panel.
    """

    answer: AnsweredVisit
    patient: Patient
    providers: Mapping[str, str]
    services: Mapping[str, str]
    whole: bool = True
    beside: Beside | None = None
