"""Clinical facts of a patient: each with the day on which it was so and the source that says it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from app.values.fact import choices


@choices
class FactKind(StrEnum):
    """What a clinical fact tells. The name of a fact stands beside it (`bsa_percent`, `easi`, `methotrexate`)."""

    DIAGNOSIS = "diagnosis"  # name: ICD-10-CM code; values: onset
    MEASURE = "measure"  # a number: bsa_percent, weight_kg, count of phototherapy sessions; values: value
    SCORE = "score"  # PASI, EASI, IGA, DLQI, HDSS, SALT and others of `_grid/scores.yaml`; values: value
    TRIAL = "trial"  # a drug or class that was tried; values: outcome, duration, dose, potency, ended, reason...
    LAB = "lab"  # values: result
    FINDING = "finding"  # something documented or attested, in the words of the rule; values: value yes or no
    MEDICATIONS = "medications"  # the whole list of what the patient takes on that day; values: list
    CONTRAINDICATION = "contraindication"  # name: drug or class; values: value yes or no
    HISTORY = "history"  # an event in the patient's history; values: none, or on
    RESPONSE = "response"  # a measure that improved under therapy; values: value yes or no
    PRIOR_USE = "prior_use"  # a drug or class that was used before; values: value yes or no
    THERAPY = (
        "therapy"  # about the therapy asked for: severity, body_site, continuation, time_on_therapy; values: value
    )
    PRESCRIBER = "prescriber"  # prescriber_specialty or consulted_specialty; values: value


@choices
class SourceKind(StrEnum):
    """Who or what says it."""

    DOCUMENT = "document"  # a document on file, with the page where it stands
    PROVIDER = "provider"  # a provider answered, signed in
    CLAIM = "claim"  # a paid claim
    CALL = "call"  # said on the telephone: shown, and proves nothing by itself
    PATIENT = "patient"  # said by the patient: shown, and proves nothing by itself


MEDICATION_LIST = "medications"
"""The name of every list of medications: there is one at a time."""
PROVES = frozenset({SourceKind.DOCUMENT, SourceKind.PROVIDER, SourceKind.CLAIM})
"""Sources on which a criterion may count as met; of the others it stays unknown."""


@dataclass(frozen=True, slots=True)
class Source:
    """Who or what says a fact. `document_id` with `page` (from 1) for a document; `person` for a provider's answer."""

    kind: SourceKind
    document_id: UUID | None = None
    page: int | None = None
    person: UUID | None = None
    words: str = ""


@dataclass(frozen=True, slots=True)
class ClinicalFact:
    """One fact as it was on a day. Facts are added; a correction names the fact that it takes the place of.

    `values` are texts by the names that its kind has. `dated`: the day on which it was so; None: not known, and then it
    settles nothing. `ended_at`: a person took it away as wrong, or another took its place. `ask_id`: the question to a
    provider that it answers.
    """

    id: UUID
    patient_id: UUID
    kind: FactKind
    name: str
    source: Source
    recorded_at: datetime
    recorded_by: UUID | None
    dated: date | None = None
    values: Mapping[str, str] = field(default_factory=dict)
    corrects: UUID | None = None
    ended_at: datetime | None = None
    ask_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class AskedItem:
    """One thing that a provider is asked: a fact by kind and name, and the words of the criterion that it settles."""

    kind: FactKind
    name: str
    words: str


@dataclass(frozen=True, slots=True)
class ProviderAsk:
    """What one provider is asked about a patient, all at once, and what came of it.

    `answers` gives for each item the fact that answers it; None: the provider does not know. `note` are words of
    whoever asks, `words` of whoever answers. An ask is open until it is answered or withdrawn.
    """

    id: UUID
    patient_id: UUID
    case_id: UUID | None
    asked_by: UUID | None
    asked_of: UUID
    asked_at: datetime
    items: tuple[AskedItem, ...]
    due_on: date | None = None
    note: str | None = None
    answered_by: UUID | None = None
    answered_at: datetime | None = None
    answers: tuple[UUID | None, ...] = ()
    words: str | None = None
    withdrawn_at: datetime | None = None

    @property
    def open(self) -> bool:
        """Say whether an answer is still waited for."""
        return self.answered_at is None and self.withdrawn_at is None
