"""What happened on a case, as people wrote it down: calls, portal work, faxes, notes, decisions, documents."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from app.values.fact import choices


@choices
class EntryKind(StrEnum):
    """What an entry tells of."""

    CALL = "call"
    PORTAL = "portal"
    FAX = "fax"
    NOTE = "note"
    DECISION = "decision"
    DOCUMENT = "document"
    REQUEST_SENT = "request_sent"  # the packet or the form went to the payer
    PROVIDER_ASKED = "provider_asked"
    PROVIDER_ANSWERED = "provider_answered"
    PEER_TO_PEER = "peer_to_peer"
    APPEAL = "appeal"
    DELIVERY = "delivery"  # of a drug


@choices
class Outcome(StrEnum):
    """How a call, portal visit or fax ended."""

    INFORMATION = "information"  # we learned something
    SUBMITTED = "submitted"
    STILL_PENDING = "still_pending"
    MORE_INFO_ASKED = "more_info_asked"
    APPROVED = "approved"
    VERBALLY_APPROVED = "verbally_approved"
    PARTLY_APPROVED = "partly_approved"
    DENIED = "denied"
    NOT_REQUIRED = "not_required"
    TOO_EARLY = "too_early"
    NOT_FOUND = "not_found"  # the payer has no such request
    NO_ANSWER = "no_answer"
    CALL_BACK = "call_back"


ENTRY_FIELDS = (
    "person", "reference", "outcome", "line", "started", "day", "hold", "words", "proof", "next_action",
    "next_on",
)  # fmt: skip
"""The fields of the composer, in the order of the page."""


@dataclass(frozen=True, slots=True)
class Contact:
    """One contact with a payer: whom, under which reference, since when (UTC), how long on hold, and how it ended."""

    line: str | None = None
    person: str | None = None
    reference: str | None = None
    started_at: datetime | None = None
    hold_minutes: int | None = None
    outcome: Outcome | None = None


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of a case's history. Entries are added; a correction names the entry that it takes the place of.

    `event_id`: the change of the authorization that was made with it; `document_id`: the proof. `next_action` with its
    day is what was agreed to do next. `shared_id`: one call, portal visit or fax about several cases stands on each of
    them under this id.
    """

    id: UUID
    case_id: UUID
    patient_id: UUID
    kind: EntryKind
    at: datetime
    by_id: UUID | None
    words: str | None = None
    contact: Contact | None = None
    document_id: UUID | None = None
    event_id: UUID | None = None
    next_action: str | None = None
    next_action_on: date | None = None
    corrects: UUID | None = None
    shared_id: UUID | None = None
    taken_back_at: datetime | None = None
    taken_back_by: UUID | None = None


@dataclass(frozen=True, slots=True)
class NextStep:
    """What was agreed to do next, and by which day."""

    action: str
    on: date | None


@dataclass(frozen=True, slots=True)
class Noted:
    """What a person noted of one contact, or of nothing but a thought: it may stand on several cases.

    `corrects`: the entry of the same case that it takes the place of.
    """

    kind: EntryKind
    words: str | None = None
    contact: Contact | None = None
    next_step: NextStep | None = None
    corrects: UUID | None = None
    document_id: UUID | None = None
