"""What the pages of clinical facts and of questions to providers show, and what each kind of fact is made of."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from uuid import UUID

from app.casework.facts.criteria import CriteriaSheet
from app.clinical.facts import ClinicalFact, FactKind, ProviderAsk, SourceKind
from app.documents.facts import Document
from app.patients.facts import Patient

STANDARD: Mapping[FactKind, tuple[str, ...]] = {
    FactKind.MEASURE: ("bsa_percent", "weight_kg", "phototherapy_sessions"),
    FactKind.SCORE: ("PASI", "EASI", "IGA", "DLQI", "HDSS", "SALT"),
    FactKind.THERAPY: ("severity", "body_site", "continuation", "continuation_supply", "time_on_therapy",
                       "time_off_therapy"),
    FactKind.PRESCRIBER: ("prescriber_specialty", "consulted_specialty"),
}  # fmt: skip
"""Names that are always offered, beside those that the payers' rules ask for."""


SAID_BY = (SourceKind.DOCUMENT, SourceKind.CLAIM, SourceKind.CALL, SourceKind.PATIENT)
"""Sources that staff enter; a provider answers for himself, signed in."""
NAMES = {
    FactKind.DIAGNOSIS: "Diagnosis code",
    FactKind.MEASURE: "Measure",
    FactKind.SCORE: "Score",
    FactKind.TRIAL: "Drug or class",
    FactKind.LAB: "Lab",
    FactKind.FINDING: "Finding",
    FactKind.CONTRAINDICATION: "Drug or class",
    FactKind.HISTORY: "Event",
    FactKind.RESPONSE: "Measure that improved",
    FactKind.PRIOR_USE: "Drug or class",
    FactKind.THERAPY: "About the therapy",
    FactKind.PRESCRIBER: "Whose specialty",
}
"""What the name of each kind of fact is called; a medication list has none."""


class YesNo(StrEnum):
    """Yes or no."""

    YES = "yes"
    NO = "no"


class Outcome(StrEnum):
    """How a trial of therapy ended."""

    INADEQUATE = "inadequate_response"
    INTOLERANCE = "intolerance"
    CONTRAINDICATION = "contraindication"
    NOT_A_CANDIDATE = "not_a_candidate"
    TRIED = "tried"
    NONE = "none"


class Potency(StrEnum):
    """How strong a topical steroid is."""

    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"
    SUPER_HIGH = "super_high"


class How(StrEnum):
    """How a value of a fact is typed."""

    TEXT = "text"
    NUMBER = "number"
    DAY = "day"
    YES_NO = "yes_no"
    LENGTH = "length"
    OUTCOME = "outcome"
    POTENCY = "potency"
    LIST = "list"


@dataclass(frozen=True, slots=True)
class Part:
    """One value of a kind of fact: its name, what it is called, how it is typed, and a hint."""

    name: str
    label: str
    how: How = How.TEXT
    required: bool = False
    hint: str | None = None


_SAID = (Part("value", "Yes or no", How.YES_NO, True),)
PARTS: Mapping[FactKind, tuple[Part, ...]] = {
    FactKind.DIAGNOSIS: (
        Part("onset", "Since", How.DAY, hint="The day on which the disease began, as near as known."),
    ),
    FactKind.MEASURE: (Part("value", "Value", How.NUMBER, True),),
    FactKind.SCORE: (Part("value", "Score", How.TEXT, True, "A number, or a grade such as T1b."),),
    FactKind.TRIAL: (
        Part("class", "Class", hint="The class of the drug, as the payer's criterion has it."),
        Part("outcome", "Outcome", How.OUTCOME, True),
        Part("dose", "Dose"),
        Part("potency", "Potency", How.POTENCY),
        Part("began", "Begun", How.DAY),
        Part("ended", "Ended", How.DAY),
        Part(
            "duration", "For how long", How.LENGTH, hint="Like 8 weeks. Left empty, it is counted from begun to ended."
        ),
        Part("consecutive", "Without a break", How.YES_NO),
        Part("reason", "Why it was stopped"),
    ),
    FactKind.LAB: (Part("result", "Result", required=True, hint="Like negative, or 4.1."),),
    FactKind.FINDING: _SAID,
    FactKind.MEDICATIONS: (
        Part(
            "list",
            "All medications that the patient takes",
            How.LIST,
            hint="One a line, complete. Empty: the patient takes none.",
        ),
        Part(
            "without",
            "Not among them",
            How.LIST,
            hint="Drugs or classes that the payer asks about and that the patient does not take, one a line.",
        ),
    ),
    FactKind.CONTRAINDICATION: _SAID,
    FactKind.HISTORY: (
        Part("none", "It never happened", How.YES_NO, hint="Yes: the chart says that there was none."),
        Part("on", "When it happened last", How.DAY),
    ),
    FactKind.RESPONSE: _SAID,
    FactKind.PRIOR_USE: (*_SAID, Part("on", "Last used", How.DAY)),
    FactKind.THERAPY: (
        Part("value", "Value", required=True, hint="Like moderate to severe, hands, yes, or 6 months."),
    ),
    FactKind.PRESCRIBER: (Part("value", "Specialty", required=True, hint="Like dermatology."),),
}
"""What each kind of fact holds beside its name, its day and its source."""


@dataclass(frozen=True, slots=True)
class FactsFile:
    """A patient's clinical facts with what they rest on: all of them, newest first, also those that count no more."""

    patient: Patient
    today: date
    facts: tuple[ClinicalFact, ...]
    documents: tuple[Document, ...]
    removed: frozenset[UUID]
    people: Mapping[UUID, str]
    names: Mapping[FactKind, tuple[str, ...]]
    asks: tuple[ProviderAsk, ...] = ()


@dataclass(frozen=True, slots=True)
class AskStart:
    """What a question to a provider starts from: the criteria, and who may be asked, by id and name."""

    patient: Patient
    case_id: UUID
    today: date
    sheet: CriteriaSheet
    providers: tuple[tuple[UUID, str], ...]
    asks: tuple[ProviderAsk, ...]
    people: Mapping[UUID, str]


@dataclass(frozen=True, slots=True)
class AskFile:
    """A question to a provider as its page shows it. `mine`: the reader is who is asked."""

    ask: ProviderAsk
    patient: Patient
    today: date
    mine: bool
    people: Mapping[UUID, str]
    facts: Mapping[UUID, ClinicalFact]
