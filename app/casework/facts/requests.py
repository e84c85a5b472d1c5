"""A request while it is written: what was typed, what it asks for, and what the rules and the file say to it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID

from app.authorizations.facts import UNSENT, Authorization, AuthorizationRecord, Counting
from app.casework.facts.criteria import CriteriaSheet
from app.clearance.facts.verdicts import LineVerdict
from app.coverage.facts import CoverageRecord
from app.patients.facts import Patient
from app.policies.facts.answers import Need
from app.policies.facts.records import Found
from app.policies.rules.families import OfferedFamily
from app.practice.facts.practice import Provider, Site
from app.schedule.facts import Visit

MOST_LINES = 40
"""Codes of one request at most."""
Typed = Mapping[str, tuple[str, ...]]
"""What a form sent: every value of each field."""
ONE = (
    "coverage", "kind", "urgent", "parent", "service", "diagnoses", "reason", "begins", "ends", "provider", "site",
    "place", "channel", "ndc", "offered", "confirmed",
)  # fmt: skip
MANY = ("code", "pick", "visit", "have")
"""Fields of the form that come once, and those that may come more than once."""
SEND_WAYS = (
    ("portal", "Payer's portal"),
    ("fax", "Fax"),
    ("phone", "Phone"),
    ("x12", "Electronic (278)"),
    ("mail", "Mail"),
)
OTHER_WAY = "other"
"""Ways in which a request may go to a payer; another one is typed."""


@dataclass(frozen=True, slots=True)
class RequestDraft:
    """What was typed of one request. `case_version`: of the case that was made of it, None where none was.

    `by_id` is who wrote it last; `discarded_at`: put away, and kept for a day.
    """

    id: UUID
    patient_id: UUID
    typed: Typed
    version: int
    saved_at: datetime
    by_id: UUID | None
    case_version: int | None = None
    discarded_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class AskedLine:
    """One line of a request: a code, a range (`first`, `last`), any code (`*`), or a drug by its service key or name.

    `name` is how forms call it: `96910`, `96920-96922`, `drug:dupixent`. `count` is whole units or visits.
    """

    name: str
    code: str | None = None
    last: str | None = None
    drug: str | None = None
    modifiers: tuple[str, ...] = ()
    counting: Counting = Counting.UNKNOWN
    count: int | None = None


@dataclass(frozen=True, slots=True)
class HeldApproval:
    """One approval on file, held against one line for the visits that it is asked for, as clearance judges them.

    `holds` counts the visits for which it would do, of `of`. `judged` is the line of the first visit for which it would
    not, else of the first visit, with this approval's findings; `left` whole units after the last visit it holds for.
    """

    approval: Authorization
    holds: int
    of: int
    judged: LineVerdict
    left: int | None = None

    @property
    def usable(self) -> bool:
        """It would do for every visit asked for."""
        return self.holds == self.of


@dataclass(frozen=True, slots=True)
class LineAnswer:
    """What is known of one line: what the payer asks (None: nothing can be asked), and what is on file for it.

    `held` are approvals that speak of it, usable ones first; `open` requests for it that are not sent or not decided.
    """

    line: AskedLine
    found: Found | None
    held: tuple[HeldApproval, ...] = ()
    open: tuple[Authorization, ...] = ()


@dataclass(frozen=True, slots=True)
class RequestAnswer:
    """What the rules and the file say to a request.

    `lines` in the order asked for; `families` all that belong to it, `needs` what the payer asks for each code of them
    by itself; `sheet` the criteria, None where no rule asks any or the coverage is not chosen; `other_coverage` names
    the payer of the coverage of the day where another one was chosen.
    """

    lines: tuple[LineAnswer, ...] = ()
    families: tuple[OfferedFamily, ...] = ()
    needs: Mapping[str, Need] = field(default_factory=dict)
    sheet: CriteriaSheet | None = None
    other_coverage: str | None = None


@dataclass(frozen=True, slots=True)
class RequestStart:
    """What the form starts from and chooses among.

    `visits` are booked ones from today on and done ones of the last 90 days, in order of time. `case` is the case on
    file with its version, where one was made; `visit` the one from which it is begun. `drafts` are the patient's other
    requests that are being written.
    """

    patient: Patient
    today: date
    coverages: tuple[CoverageRecord, ...]
    sites: tuple[Site, ...]
    providers: tuple[Provider, ...]
    visits: tuple[Visit, ...]
    approvals: tuple[Authorization, ...]
    drafts: tuple[RequestDraft, ...]
    coverage: UUID | None = None
    draft: RequestDraft | None = None
    case: AuthorizationRecord | None = None
    case_version: int | None = None
    visit: Visit | None = None

    @property
    def sent(self) -> bool:
        """The case has gone to the payer: it is no longer written here."""
        return self.case is not None and self.case.status not in UNSENT
