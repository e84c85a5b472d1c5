"""What a payer answered to a request by a document (X12 278, FHIR PAS), and what was sent that it may answer."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from app.authorizations.facts import Counting
from app.values.fact import choices


@choices
class RequestChannel(StrEnum):
    """By which document a request went to the payer."""

    X12 = "x12"
    PAS = "pas"


@choices
class Answer(StrEnum):
    """What an answer says of the whole request; UNKNOWN: nothing that we can act on."""

    GRANTED = "granted"  # in full or in part: its lines say which
    DENIED = "denied"
    PENDED = "pended"
    NOT_REQUIRED = "not_required"
    CANCELED = "canceled"
    CALL = "call"  # the payer wants to be called
    REJECTED = "rejected"  # the payer could not take the request up
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class AnsweredLine:
    """One line of an answer. `granted` None: it does not say.

    `code` None: the answer names none. `counting` UNKNOWN: how much is not known. Spans include both ends.
    """

    code: str | None
    last: str | None
    action: str | None
    granted: bool | None
    number: str | None
    reasons: tuple[str, ...]
    counting: Counting
    count: int | None
    begins: date | None
    ends: date | None


@dataclass(frozen=True, slots=True)
class Named:
    """Whom an answer names: payer, member and patient, as far as it does."""

    payer_name: str | None = None
    payer_id: str | None = None
    member_id: str | None = None
    birth_date: date | None = None
    last_name: str | None = None
    first_name: str | None = None


@dataclass(frozen=True, slots=True)
class WantedPaper:
    """A document that a payer asks for: its code (LOINC or X12 755), the payer's own words, and by which day."""

    code: str | None
    words: str | None
    due: date | None


@dataclass(frozen=True, slots=True)
class PayerAnswer:
    """One answer as read, nothing guessed.

    `traces` are ours, as the payer sent them back; `reference` that of the exchange. `number` is the payer's number as
    sent (of a denied or pended request it is no authorization number). `reasons` are codes, `messages` the payer's own
    words. `issued`: the day of the decision.
    """

    answer: Answer
    traces: tuple[str, ...]
    reference: str | None
    named: Named
    number: str | None
    reasons: tuple[str, ...]
    messages: tuple[str, ...]
    rejections: tuple[str, ...]
    begins: date | None
    ends: date | None
    issued: date | None
    lines: tuple[AnsweredLine, ...]
    wanted: tuple[WantedPaper, ...] = ()


@dataclass(frozen=True, slots=True)
class PayerRequest:
    """That a case went to a payer under a trace of ours.

    `trace` is what the payer sends back; `reference` the reference of the exchange (BHT03), `payer_id` under which id
    the payer was addressed.
    """

    id: UUID
    case_id: UUID
    channel: RequestChannel
    trace: str
    sent_at: datetime
    reference: str | None = None
    payer_id: str | None = None


@dataclass(frozen=True, slots=True)
class KeptAnswer:
    """An answer that did its work on a case: from which document and record it came, and the change it made."""

    id: UUID
    case_id: UUID
    document_id: UUID
    number: int
    answer: Answer
    at: datetime
    event_id: UUID | None = None
