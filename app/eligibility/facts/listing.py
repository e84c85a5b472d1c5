"""The eligibility page: which visits it shows, and how each one's coverage stands."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from app.coverage.facts import Coverage, EligibilityCheck
from app.eligibility.facts.asking import Ask
from app.patients.facts import Patient
from app.practice.facts.practice import Site
from app.values.fact import choices

PAGE_SIZE = 50
DAYS = (1, 2, 7, 14)
"""Over how many days the page may look."""


@choices
class Standing(StrEnum):
    """How the coverage of a visit stands. The order is that in which one goes before another."""

    NO_COVERAGE = "no_coverage"
    INACTIVE = "inactive"
    NOT_OF_THE_DAY = "not_of_the_day"
    NOT_ASKED = "not_asked"
    NEVER = "never"
    BEHIND = "behind"
    UNKNOWN = "unknown"
    ACTIVE = "active"


@dataclass(frozen=True, slots=True)
class Place:
    """Where a visit stands in the list."""

    day: date
    starts_at: datetime
    visit_id: UUID


@dataclass(frozen=True, slots=True)
class EligibilityQuery:
    """Which visits: from a day (None: tomorrow) over so many days; of a standing, payer and site; after a place."""

    day: date | None = None
    days: int = 1
    standing: Standing | None = None
    payer: str | None = None
    site: UUID | None = None
    after: Place | None = None


@dataclass(frozen=True, slots=True)
class ListedVisit:
    """One booked visit, and the coverage of its day."""

    id: UUID
    patient_id: UUID
    site_id: UUID
    day: date
    starts_at: datetime
    coverage_id: UUID | None

    @property
    def place(self) -> Place:
        """Where it stands."""
        return Place(self.day, self.starts_at, self.id)


@dataclass(frozen=True, slots=True)
class EligibilityRow:
    """A visit with all that its row says. `checks`: the last two, oldest first; `next_ask`: None, nothing will ask."""

    visit: ListedVisit
    patient: Patient
    standing: Standing
    coverage: Coverage | None = None
    checks: tuple[EligibilityCheck, ...] = ()
    ask: Ask | None = None
    next_ask: date | None = None


@dataclass(frozen=True, slots=True)
class EligibilityList:
    """One page of the list. `can_ask`: a clearinghouse is set up; `payers`: those of the practice, name by key.

    `upcoming`: where nothing is booked, the next day on which something is, if any.
    """

    query: EligibilityQuery
    today: date
    first: date
    last: date
    sites: tuple[Site, ...]
    payers: Mapping[str, str]
    rows: tuple[EligibilityRow, ...]
    next: Place | None
    can_ask: bool
    zone: str
    routes: frozenset[str] = field(default_factory=frozenset)
    upcoming: date | None = None
