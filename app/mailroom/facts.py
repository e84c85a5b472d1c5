"""Documents of the trade as they came, and the records that they are made of."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from app.values.fact import choices
from app.values.records import Outcome

LARGEST = 128 * 2**20
"""Bytes of a document at most."""


@choices
class Via(StrEnum):
    """By which way a document came."""

    UPLOAD = "upload"  # a person chose the file on a page
    COMMAND = "command"
    FOLDER = "folder"  # the folder into which a clearinghouse puts its files
    GATEWAY = "gateway"  # the answer to what the program sent
    NOTIFICATION = "notification"  # a payer told us of it by itself


@choices
class MailState(StrEnum):
    """How far a document has come.

    RECEIVED: kept, not read. FILING: read, and its records are being handed out. DONE: every record has its outcome.
    REFUSED: it cannot be read, or not to its end; nothing of it was filed.
    """

    RECEIVED = "received"
    FILING = "filing"
    DONE = "done"
    REFUSED = "refused"


@choices
class Sort(StrEnum):
    """What a record of a document is, which tells the room that it is for."""

    ANSWER = "answer"  # about one patient's coverage
    REVIEW = "review"  # a payer's decision on a request
    CLAIM = "claim"  # what a payer paid of one claim
    APPOINTMENT = "appointment"
    PERSON = "person"
    COVERAGE_INFORMATION = "coverage_information"  # what a payer said while an order was made
    RECEIPT = "receipt"  # whether what we sent was taken
    MESSAGE = "message"  # anything else: for reading


@choices
class RecordState(StrEnum):
    """Where a record stands: still to be filed, or what came of it (values/records.py: Outcome)."""

    TO_FILE = "to_file"
    MATCHED = "matched"
    ALREADY = "already"
    UNMATCHED = "unmatched"
    CONTRADICTING = "contradicting"
    NOTED = "noted"
    SET_ASIDE = "set_aside"


WAITING = (RecordState.UNMATCHED, RecordState.CONTRADICTING)
"""A person decides what becomes of it."""

SENT_ON = "sent_on"
"""Under which name a part is told the day that its envelope bears."""
FAILED = "failed"
SAME_CONTROL = "same_control_numbers"
"""Why a record waits, where no room has said it: it could not be filed, or its set bears the control numbers of another
set that came before and says something else."""


@choices
class AnswerKind(StrEnum):
    """What acknowledges a file: TA1 its interchanges, 999 its functional groups."""

    TA1 = "ta1"
    X999 = "999"


@choices
class AnswerState(StrEnum):
    """Where an acknowledgement of ours stands. REFUSED: its clearinghouse does not take it, or never could be asked."""

    MADE = "made"
    SENT = "sent"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Acknowledgement:
    """A file that answers a document: for each interchange or group of it one interchange of ours.

    `control` is the number of the first of them, `interchanges` how many there are; no number is used again. `refuses`:
    it says of something in the document that it was not taken in. `code`: why it was not taken.
    """

    id: UUID
    document_id: UUID
    kind: AnswerKind
    clearinghouse: str
    control: int
    interchanges: int
    refuses: bool
    state: AnswerState
    made_at: datetime
    tries: int = 0
    sent_at: datetime | None = None
    code: str | None = None


@dataclass(frozen=True, slots=True)
class Fault:
    """Why a document cannot be read, as its reader gave it: code, sentence, and where (`place` counts `where`)."""

    code: str
    sentence: str
    place: str | None = None
    where: str | None = None


@dataclass(frozen=True, slots=True)
class Envelope:
    """Who sent a set of a document under which control numbers, as sent.

    `set_id`: ST01, or MSH for a message of HL7; `interchange` ISA13, `group` GS06, or the day of a
    message; `transaction` ST02 or MSH-10; `sent_on`: the day that the envelope bears, as ISO text.
    """

    set_id: str
    sender: str
    interchange: str | None
    group: str | None
    transaction: str | None
    sent_on: str | None = None


@dataclass(frozen=True, slots=True)
class Mail:
    """One document, without its bytes.

    `name` is what the file was called. `kind` is that of its first set (reading.md's `kind`); None: not read. `records`
    counts its parts; `states` counts them by RecordState where it was asked for.
    """

    id: UUID
    sha256: str
    size: int
    name: str
    via: Via
    state: MailState
    received_at: datetime
    received_by: UUID | None
    kind: str | None = None
    sender: str | None = None
    records: int = 0
    fault: Fault | None = None


@dataclass(frozen=True, slots=True)
class Part:
    """One record as a set of a document gives it: `content` is the part of the reader's object that it is about.

    `kind` is that of the object; `about` what of the object the part is read with (the payment of a claim).
    """

    sort: Sort
    kind: str
    content: Mapping[str, Any]
    about: Mapping[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class Record:
    """A record on file. `number` counts from 1 in its document; `part` None where it was not opened.

    `why` is the key of what keeps it waiting (see `Filed`). `decided_by`, `decided_at`: the person who matched it or
    set it aside. `version` counts what was done with it.
    """

    id: UUID
    document_id: UUID
    number: int
    sort: Sort
    kind: str
    state: RecordState
    part: Part | None = None
    patient_id: UUID | None = None
    subject_id: UUID | None = None
    why: str | None = None
    filed_at: datetime | None = None
    decided_by: UUID | None = None
    decided_at: datetime | None = None
    reason: str | None = None
    version: int = 1


@dataclass(frozen=True, slots=True)
class Report:
    """What came of a document that was received: counts of its records.

    `stored`: that were not on file; `already`: that were, or did their work before; `matched`, `unmatched`: what came
    of those that were filed now (`unmatched` counts those that contradict what is on file too). `fault`: why it
    cannot be read; then nothing of it was filed. `left`: that a job files within minutes.
    """

    document_id: UUID | None
    file: str
    kind: str | None
    records: int = 0
    stored: int = 0
    matched: int = 0
    unmatched: int = 0
    already: int = 0
    fault: Fault | None = None
    left: int = 0


STATE_OF: Mapping[Outcome, RecordState] = {one: RecordState(one.value) for one in Outcome}
"""Each outcome as the state of its record."""
