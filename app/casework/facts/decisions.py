"""What a payer, or the practice, may decide on a case."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from app.authorizations.facts import AuthorizationRecord
from app.authorizations.rules.requested import LineComparison
from app.casework.facts.entries import Contact, NextStep
from app.clearance.facts.turns import Turn
from app.values.fact import choices


@choices
class Decision(StrEnum):
    """One answer. The values stand in addresses."""

    APPROVED = "approved"  # in full or in part: what was cut is compared
    VERBAL = "verbal"  # a yes that was only said
    MORE_INFO = "more-info"
    INFO_SENT = "info-sent"  # we sent what was asked for
    DENIED = "denied"  # recorded on the page of denials
    NOT_REQUIRED = "not-required"
    TOO_EARLY = "too-early"
    WITHDRAWN = "withdrawn"
    DISMISSED = "dismissed"
    CLOSED = "closed"


DISMISSED_FOR = ("duplicate", "wrong_payer", "outside_window")
"""Why a payer does not take a request up."""


@dataclass(frozen=True, slots=True)
class Decided:
    """One answer as it is to be recorded.

    `values`: new values of the case by the field names of AuthorizationRecord. `due_on`, `due_at`: until when the payer
    waits for more information. `why`: one word for a dismissal. `corrects`: the change that was wrong.
    """

    what: Decision
    values: Mapping[str, Any] = field(default_factory=dict)
    words: str | None = None
    contact: Contact | None = None
    document_id: UUID | None = None
    due_on: date | None = None
    due_at: datetime | None = None
    next_step: NextStep | None = None
    why: str | None = None
    corrects: UUID | None = None


@dataclass(frozen=True, slots=True)
class Foreseen:
    """What an answer would do before it is saved: the case as it would stand, what was cut of each line, and which
    booked visits would turn."""

    record: AuthorizationRecord
    lines: tuple[LineComparison, ...]
    turns: tuple[Turn, ...]
