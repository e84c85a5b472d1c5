"""Deadlines: what a clock is about, when it must be told, by whose rule it runs, and what clears it.

Everything here holds ids, numbers and dates: nothing that identifies a patient can travel in a deadline.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from app.policies.facts.answers import Confidence
from app.values.fact import choices


@choices
class Reason(StrEnum):
    """Why someone must be told. Clocks first; what happened, and tasks for a person, after them."""

    APPROVAL_ENDS = "approval_ends"
    UNITS_LOW = "units_low"
    RENEWAL_DUE = "renewal_due"
    ANSWER_OWED = "answer_owed"  # the payer owes its decision
    INFORMATION_OWED = "information_owed"  # we owe the payer what it asked for
    PEER_TO_PEER = "peer_to_peer"
    APPEAL = "appeal"
    TOMORROW = "tomorrow"  # visits of the next working day that are not cleared
    COVERAGE_CHANGED = "coverage_changed"
    ELIGIBILITY_STALE = "eligibility_stale"
    IMPORT_STALE = "import_stale"
    RULES_UNVERIFIED = "rules_unverified"
    DENIED = "denied"
    APPROVED = "approved"
    IMPORT_FAILED = "import_failed"
    JOB_LATE = "job_late"
    REPLY = "reply"  # a patient wrote something that a person must read
    UNDELIVERED = "undelivered"  # a message cannot reach its person


@choices
class SubjectKind(StrEnum):
    """What kind of thing a deadline is about."""

    AUTHORIZATION = "authorization"
    SITE_DAY = "site_day"  # key: `site id:2026-12-01`
    PATIENT = "patient"
    PAYER = "payer"
    PRACTICE = "practice"
    IMPORT = "import"
    JOB = "job"
    MESSAGE = "message"
    STAFF = "staff"


@dataclass(frozen=True, slots=True)
class Subject:
    """What a deadline is about: its kind and its key (an id in hex, or as SubjectKind says)."""

    kind: SubjectKind
    key: str


class BasisKind(StrEnum):
    """By whose rule a clock runs. `target`: no legal clock; the payer's own target, or none at all."""

    FEDERAL = "federal"
    STATE = "state"
    PAYER = "payer"
    TARGET = "target"
    PRACTICE = "practice"  # the practice's own thresholds


@dataclass(frozen=True, slots=True)
class Basis:
    """By whose rule a clock runs: the id of the clock's rule, a sentence for people, and how well it is known."""

    kind: BasisKind
    rule: str | None = None
    words: str = ""
    confidence: Confidence = Confidence.PRACTICE
    source: str | None = None


@choices
class Clears(StrEnum):
    """What makes a deadline go away. `deadlines/views.py` has the words."""

    RENEWED = "renewed"
    UNITS_ADDED = "units_added"
    ASKED = "asked"
    ANSWERED = "answered"
    INFORMATION_SENT = "information_sent"
    CALL_HELD = "call_held"
    APPEAL_FILED = "appeal_filed"
    VISITS_CLEARED = "visits_cleared"
    CHECKED = "checked"
    IMPORTED = "imported"
    VERIFIED = "verified"
    SEEN = "seen"  # a person acknowledged it


@dataclass(frozen=True, slots=True)
class Step:
    """One time at which a deadline is told. `name` holds what is due and how far ahead: `2026-12-11-14d`.

    So a date that moves makes new steps. `tell_at` is UTC; the step is due from then on, until the next step is.
    """

    name: str
    tell_at: datetime


@dataclass(frozen=True, slots=True)
class Deadline:
    """One clock of one subject: all its steps in order of time, what is due, by whose rule, and what clears it.

    `due_on` is a whole day in `zone`, `due_at` an instant (UTC); one of them, or neither for what only must be seen.
    `counts` holds whole numbers for words (`days_left`, `visits_after`, `units_left`, `units_total`, `units_booked`,
    `blocked`, `waiting`, `total`). `site_id` None: of no one site. `patient_id` only says whose facts it was made of.
    `urgent`: may break through quiet hours to whoever is on call.
    """

    subject: Subject
    reason: Reason
    steps: tuple[Step, ...]
    zone: str
    clears: Clears
    basis: Basis
    due_on: date | None = None
    due_at: datetime | None = None
    site_id: UUID | None = None
    patient_id: UUID | None = None
    owner_id: UUID | None = None
    urgent: bool = False
    counts: Mapping[str, int] = field(default_factory=dict)
