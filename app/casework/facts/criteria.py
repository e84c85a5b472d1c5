"""What a payer asks of a patient before it approves, criterion by criterion, with what proves each."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from app.clinical.facts import ClinicalFact, FactKind
from app.policies.facts.answers import Cite, Confidence, Need, Truth
from app.values.insurance import Channel, Line


@dataclass(frozen=True, slots=True)
class CriteriaAsked:
    """A request whose criteria are asked for, saved or not.

    `payer` is the payer's key; `codes` CPT/HCPCS; `drug` a service key (`drug:dupixent`), a name, or None. `day`: of
    service, None: not known, and then today. `state` is the state that rules bind to. What is not given is missing,
    not a default.
    """

    payer: str
    codes: tuple[str, ...] = ()
    drug: str | None = None
    diagnoses: tuple[str, ...] = ()
    day: date | None = None
    renewal: bool = False
    place: str | None = None
    site_id: UUID | None = None
    channel: Channel | None = None
    provider_npi: str | None = None
    line: Line | None = None
    plan: str | None = None


@dataclass(frozen=True, slots=True)
class Proof:
    """What shows a criterion: a clinical fact with its day and source, the patient's record, or the request.

    `said` is one line. `fact` None: the patient's record (birth date) or the request (place of service) shows it.
    `document_name` with `page` where a document shows it; `person` is the name of whoever answered.
    """

    said: str
    fact: ClinicalFact | None = None
    dated: date | None = None
    document_id: UUID | None = None
    document_name: str | None = None
    page: int | None = None
    person: str | None = None
    source_words: str = ""


@dataclass(frozen=True, slots=True)
class CriterionLine:
    """One criterion in our words. It is met, or not met, only by `proofs`.

    `lacking` are the facts that would settle an unknown one, by kind and name; `unmet` says so in words; `told` is what
    was said about it that proves nothing by itself: on the telephone, by the patient, or without a day.
    """

    text: str
    result: Truth
    proofs: tuple[Proof, ...] = ()
    lacking: tuple[tuple[FactKind, str], ...] = ()
    unmet: tuple[str, ...] = ()
    told: tuple[Proof, ...] = ()


@dataclass(frozen=True, slots=True)
class RuleCriteria:
    """The criteria of one rule. `ref` is `payer/topic#id`; `own_renewal`: these are its criteria for renewals."""

    ref: str
    summary: str
    need: Need
    confidence: Confidence
    cite: Cite | None
    lines: tuple[CriterionLine, ...]
    documents: tuple[str, ...] = ()
    own_renewal: bool = False


@dataclass(frozen=True, slots=True)
class CriteriaSheet:
    """The criteria of a request: by rule, the one that answers first.

    `on` is the day as of which facts count, `day` that of service. `hidden`: the reader may not see clinical facts, so
    that nothing is told. Without a rule that asks anything `rules` is empty.
    """

    patient_id: UUID
    case_id: UUID | None
    payer: str
    payer_name: str
    asked: CriteriaAsked
    day: date
    on: date
    rules: tuple[RuleCriteria, ...] = ()
    hidden: bool = False

    @property
    def lines(self) -> tuple[CriterionLine, ...]:
        """All criteria, each once."""
        found = {line.text: line for rule in self.rules for line in rule.lines}
        return tuple(found.values())

    def count(self, result: Truth) -> int:
        """Count the criteria with one result."""
        return sum(line.result is result for line in self.lines)

    @property
    def documents(self) -> tuple[str, ...]:
        """The documents that the rules ask for, each once."""
        return tuple(dict.fromkeys(text for rule in self.rules for text in rule.documents))
