"""A request that goes to a payer by FHIR (Da Vinci PAS) or as X12 278, and what became of each message."""

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
    UPDATE = "update"  # a request that the payer has is changed
    CANCEL = "cancel"  # it is taken back whole
    SUBMIT_X12 = "submit_x12"  # as X12 278, through a clearinghouse


CHANGES = frozenset({PasAct.UPDATE, PasAct.CANCEL})
"""What follows a request that the payer has."""


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
    the answer's bytes until then. `code` says why it did not get through. `request` holds the bytes exactly as they
    left, and is empty where only the standing was read; `digest` is their SHA-256, `papers` how many documents went
    along (None: from before these were kept). `control`: the number of an X12 file.
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
    digest: bytes | None = None
    papers: int | None = None
    control: int | None = None

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
class GoesAlong:
    """A document that goes with a request: its title without a name that people gave it, and how large it is.

    `document_id` None: the letter `letter_id`, which goes as text.
    """

    title: str
    size: int
    document_id: UUID | None = None
    letter_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class PasStanding:
    """What the page of a case shows: the system that takes its payer's requests, and the latest messages.

    `may_send`, `may_ask`, `may_change`: whether a person may do so now. `papers`: the documents that would go along;
    `too_large`: why they cannot.
    """

    system: str
    version: int
    messages: tuple[PasExchange, ...]
    may_send: bool
    may_ask: bool
    may_change: bool
    papers: tuple[GoesAlong, ...] = ()
    too_large: str | None = None


@dataclass(frozen=True, slots=True)
class X12Way:
    """The clearinghouse that takes a payer's requests for approval, and under which id the payer is known there."""

    clearinghouse: str
    payer_id: str | None


@dataclass(frozen=True, slots=True)
class X12Standing:
    """What a person may send as X12 278 on a case now, and the latest that went so."""

    version: int
    sent: PasExchange | None
    may_send: bool


class PasRefusedError(Exception):
    """It cannot be sent or asked now. The text is a sentence for the person who tried."""

    def __init__(self, *sentences: str) -> None:
        super().__init__(" ".join(sentences))
        self.sentences = sentences
