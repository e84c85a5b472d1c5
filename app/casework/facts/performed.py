"""What was performed at a visit, and what of it is not covered."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from app.clearance.facts.opened import OpenedVisit
from app.clearance.facts.verdicts import LineVerdict
from app.deadlines.rules.retro import Window


@dataclass(frozen=True, slots=True)
class Performed:
    """One service that was performed: its code and whole units."""

    code: str
    units: int


@dataclass(frozen=True, slots=True)
class Record:
    """What is on file of a visit's performance: under its `version`; 0 and nothing where nobody recorded it.

    `case_id` is the request that was opened for what is not covered.
    """

    lines: tuple[Performed, ...] = ()
    version: int = 0
    recorded_at: datetime | None = None
    recorded_by: UUID | None = None
    case_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Compared:
    """One service that was performed beside what was planned and approved.

    `planned` is the units that were planned of it, 0: none. `covered`: nothing stands against it; `verdict` says what
    does.
    """

    performed: Performed
    planned: int
    covered: bool
    verdict: LineVerdict


@dataclass(frozen=True, slots=True)
class Performance:
    """A visit with what was performed at it.

    `compared` in the order of the record; `left_out` codes that were planned and not performed; `window` the payer's
    for asking after the service, where something is not covered; `parent` the approval that a request would follow.
    """

    opened: OpenedVisit
    today: date
    record: Record
    compared: tuple[Compared, ...] = ()
    left_out: tuple[str, ...] = ()
    window: Window | None = None
    parent: UUID | None = None
