"""How far an approval carries care: its units, the booked visits, and visits that are thought of."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from app.authorizations.facts import Authorization
from app.clearance.facts.usage import ApprovalUse
from app.deadlines.rules.cadence import Phase
from app.deadlines.rules.runout import RunOut
from app.deadlines.rules.turnaround import LeadTime
from app.patients.facts import Patient
from app.practice.facts.practice import Site


@dataclass(frozen=True, slots=True)
class Cadence:
    """Visits that somebody thinks of: phases in order, from a first day on; None: after the last booked visit."""

    phases: tuple[Phase, ...]
    first: date | None = None


@dataclass(frozen=True, slots=True)
class Thought:
    """A cadence walked behind the booked visits: its first day, how many visits it makes, and how far they are covered.

    `visits` is counted to a year ahead.
    """

    cadence: Cadence
    first: date
    visits: int
    run_out: RunOut


@dataclass(frozen=True, slots=True)
class Course:
    """One case with its ledger and its run-out.

    `use` is what is approved, used, booked and free by item; `run_out` None where the case is no approval. `lead` is
    the lead time that was counted with. `last_booked` is the day of the last booked visit under it.
    """

    row: Authorization
    patient: Patient
    today: date
    use: ApprovalUse
    run_out: RunOut | None
    lead: LeadTime
    last_booked: date | None
    thought: Thought | None = None
    sites: Mapping[UUID, Site] | None = None
