"""A request that goes to a payer by FHIR (Da Vinci PAS), and what became of each message."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from app.authorizations.facts import AuthorizationRecord
from app.patients.facts import Patient
from app.practice.facts.practice import Practice, Provider
from app.values.fact import choices


@choices
class PasAct(StrEnum):
    """What a message does."""

    SUBMIT = "submit"
    INQUIRE = "inquire"


@choices
class PasState(StrEnum):
    """How far a message has come.

    SENDING: it was about to leave; whoever finds it so later does not know whether it did. UNCLEAR: it may or may not
    have been taken; it is asked for and never sent again. ANSWERED: the payer has it and answered. NOT_SENT: it was
    clearly not taken, and may be sent anew. REFUSED: the payer will not take it as it is.
    """

    SENDING = "sending"
    ANSWERED = "answered"
    UNCLEAR = "unclear"
    NOT_SENT = "not_sent"
    REFUSED = "refused"


IN_DOUBT = frozenset({PasState.SENDING, PasState.UNCLEAR})


@dataclass(frozen=True, slots=True)
class PasExchange:
    """One message to a payer's system. Its id is that of the bundle, and the trace under which the payer answers.

    `system` is the name of the settings. `answered_by` is the document in the mailroom that its answer became; `answer`
    the answer's bytes until then. `code` says why it did not get through.
    """

    id: UUID
    case_id: UUID
    act: PasAct
    system: str
    state: PasState
    at: datetime
    by_id: UUID | None
    request: bytes = field(repr=False)
    done_at: datetime | None = None
    code: str | None = None
    answer: bytes | None = field(default=None, repr=False)
    document_id: UUID | None = None

    @property
    def trace(self) -> str:
        """The number that the payer sends back."""
        return trace_of(self.id)


def trace_of(exchange_id: UUID) -> str:
    """Write the trace of a request: 32 signs, told by nobody else."""
    return exchange_id.hex.upper()


@dataclass(frozen=True, slots=True)
class PasCase:
    """All that a request by FHIR is made of. `relationship` is the coverage's word for patient and subscriber."""

    record: AuthorizationRecord
    patient: Patient
    practice: Practice
    provider: Provider | None
    relationship: str | None
    parent_number: str | None


@dataclass(frozen=True, slots=True)
class PasStanding:
    """What the page of a case shows: the system that takes its payer's requests, and the latest messages.

    `may_send` and `may_ask`: whether a person may do so now.
    """

    system: str
    version: int
    submitted: PasExchange | None
    asked: PasExchange | None
    may_send: bool
    may_ask: bool


class PasRefusedError(Exception):
    """It cannot be sent or asked now. The text is a sentence for the person who tried."""

    def __init__(self, *sentences: str) -> None:
        super().__init__(" ".join(sentences))
        self.sentences = sentences
