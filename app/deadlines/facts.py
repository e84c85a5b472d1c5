"""Deadlines: what a clock is about, when it must be told, by whose rule it runs, and what clears it.

A deadline holds ids, numbers and dates: nothing that identifies a patient can travel in one.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from enum import StrEnum
from uuid import UUID

from app.policies.facts.answers import Confidence
from app.values.fact import choices
from app.values.spans import Duration

AT_ONCE = datetime(2000, 1, 1, tzinfo=UTC)
"""When a step is told whose facts do not say since when they hold: as soon as it is seen."""


@choices
class Reason(StrEnum):
    """Why someone must be told. Clocks first; what happened, and tasks for a person, after them."""

    APPROVAL_ENDS = "approval_ends"
    UNITS_LOW = "units_low"
    RENEWAL_DUE = "renewal_due"
    ANSWER_OWED = "answer_owed"  # the payer owes its decision
    INFORMATION_OWED = "information_owed"  # we owe the payer what it asked for
    PEER_TO_PEER = "peer_to_peer"
    RETRO_DUE = "retro_due"  # what was performed without approval is to be asked for
    APPEAL = "appeal"
    TOMORROW = "tomorrow"  # visits of the next working day that are not cleared
    COVERAGE_CHANGED = "coverage_changed"
    ELIGIBILITY_STALE = "eligibility_stale"
    ELIGIBILITY_UNANSWERED = "eligibility_unanswered"  # plans were asked, and no answer came
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

    So a date that moves makes new steps. `tell_at` is UTC; the step is due from then on, until the next step is. It may
    lie far back, where the facts came late or say nothing of when (`AT_ONCE`): such a step is told when it is seen.
    """

    name: str
    tell_at: datetime


@dataclass(frozen=True, slots=True)
class Deadline:
    """One clock of one subject: all its steps in order of time, what is due, by whose rule, and what clears it.

    `due_on` is a whole day in `zone`, `due_at` an instant (UTC); one of them, or neither for what only must be seen.
    `counts` holds whole numbers for words (`visits_after`, `units_left`, `units_total`, `units_booked`, `blocked`,
    `waiting`, `at_risk`, `total`, `count`, `level`, `rules`, `memory`, `lead_days`, `visits_cleared`, `by_units`,
    the day `next_visit` as its ordinal); how long there is left is never kept, but told by `rules/steps.py: days_left`
    at the time of telling. `site_id` None: of no one site. `patient_id` only says whose facts it was made of.
    `urgent`: may break through quiet hours to whoever is on call, when `rules/steps.py: is_urgent` says so. `again_at`
    is the first instant at which time alone may change or end it, and its facts are gathered anew; None: there is none.
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
    again_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class About:
    """What every clock of one authorization or site needs: whose it is, where, and in which zone its days are."""

    id: UUID
    zone: str
    site_id: UUID | None = None
    patient_id: UUID | None = None
    owner_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Count:
    """One counted item of an approval, in whole units or visits.

    `used` as stated by the file and by done visits since; `booked` of booked visits from today on, whether it covers
    them or not. `first_short` is the day of the first booked visit that it does not cover for want of units;
    `run_out` the day of the visit that takes the last one, both None where there is none.
    """

    total: int
    used: int
    booked: int
    first_short: date | None = None
    run_out: date | None = None

    @property
    def left(self) -> int:
        """What is not used yet; never below 0."""
        return max(0, self.total - self.used)


@dataclass(frozen=True, slots=True)
class Approval:
    """A granted approval as its clocks see it.

    `ends` None: no end is known. `visits_after` counts booked visits of its services after its end that no other
    approval covers, the last of them on `last_after`. `series`: care under it goes on, whether or not a visit is booked
    after the end (a drug taken at home; two visits or more, one of them ahead or of the last 45 days). `continued`: a
    later approval of the same service goes on where it ends; `asked`: a request for one is with the payer. `lead` is
    the payer's lead time, None: not known, then `rules/ends.py: LEAD`.
    """

    about: About
    ends: date | None
    counts: tuple[Count, ...] = ()
    visits_after: int = 0
    last_after: date | None = None
    series: bool = False
    continued: bool = False
    asked: bool = False
    lead: Duration | None = None
    lead_basis: Basis | None = None


@dataclass(frozen=True, slots=True)
class Receipt:
    """When the payer received a request: the day, and the instant where it is known; whether it is urgent.

    `extension_on` is the day on which the payer gave notice that it takes longer.
    """

    received_on: date
    received_at: datetime | None = None
    urgent: bool = False
    extension_on: date | None = None


@dataclass(frozen=True, slots=True)
class Information:
    """What the payer asked for: since when, until when (a whole day, an instant, or not said), and when we sent it."""

    id: UUID
    asked_at: datetime
    due_on: date | None = None
    due_at: datetime | None = None
    answered_at: datetime | None = None


@choices
class TalkOutcome(StrEnum):
    """How a talk between physicians ended."""

    OVERTURNED = "overturned"
    PARTLY_OVERTURNED = "partly_overturned"
    UPHELD = "upheld"
    MORE_INFO_ASKED = "more_info_asked"


@dataclass(frozen=True, slots=True)
class PeerToPeer:
    """A call between physicians that the payer offered: since when, until when, and when it was held.

    `booked_for`: the instant agreed (UTC); `provider_id`: who of ours. The payer's are read only for the case's page.
    """

    id: UUID
    offered_at: datetime
    closes_at: datetime
    held_at: datetime | None = None
    booked_for: datetime | None = None
    provider_id: UUID | None = None
    payer_line: str | None = None
    payer_person: str | None = None
    reference: str | None = None
    outcome: TalkOutcome | None = None


@choices
class AppealOutcome(StrEnum):
    """How a level of appeal was decided."""

    OVERTURNED = "overturned"
    PARTLY_OVERTURNED = "partly_overturned"
    UPHELD = "upheld"
    DISMISSED = "dismissed"


@dataclass(frozen=True, slots=True)
class AppealLevel:
    """One level of appeal: its number from 1, the day of the denial that opened it, its last day, what came of it.
    `external`: an independent reviewer decides. `reference` is read only for the case's own page."""

    id: UUID
    level: int
    denied_on: date
    window_ends: date
    filed_on: date | None = None
    decided_on: date | None = None
    external: bool = False
    reference: str | None = None
    outcome: AppealOutcome | None = None


BY_LETTER = Basis(BasisKind.PAYER)
"""A day that the payer's letter names."""


@dataclass(frozen=True, slots=True)
class Case:
    """What people recorded of one authorization beside the authorization itself.

    `appeals_basis`: by whose rule the windows of its appeals run; the payer's letter where a person recorded them.
    """

    authorization_id: UUID
    receipt: Receipt | None = None
    information: tuple[Information, ...] = ()
    peers: tuple[PeerToPeer, ...] = ()
    appeals: tuple[AppealLevel, ...] = ()
    owner_id: UUID | None = None
    appeals_basis: Basis = BY_LETTER
