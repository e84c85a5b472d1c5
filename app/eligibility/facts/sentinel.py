"""A plan that became another one: what it voids, whom it touches, and what is asked of the new plan."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from app.clearance.facts.reasons import Badge, Reason
from app.coverage.facts import PlanTurn
from app.values.fact import fact
from app.values.insurance import Line

DUTY_DAYS = 90
"""Days for which a Medicare Advantage plan lets an active course of treatment go on (42 CFR 422.112(b)(8))."""


@fact
class PlanSeen:
    """A coverage as it stood before or after it turned. `payer` is a key; `line` None: not known."""

    payer: str
    payer_name: str
    member_id: str
    plan: str | None = None
    plan_id: str | None = None
    group_number: str | None = None
    begins: date | None = None
    ends: date | None = None
    line: Line | None = None


@fact
class PlanChange:
    """A coverage that names another plan than before. Rows are added once for what changed.

    `worked_at` None: nobody has looked yet whom it touches. `tells`: it touches a visit or an approval, or who pays.
    """

    id: UUID
    patient_id: UUID
    coverage_id: UUID
    at: datetime
    turns: tuple[PlanTurn, ...]
    before: PlanSeen
    after: PlanSeen
    worked_at: datetime | None = None
    tells: bool = False


@fact
class TouchedVisit:
    """A booked visit that stands otherwise since a plan changed: its badges, and the finding that makes the new one."""

    change_id: UUID
    visit_id: UUID
    day: date
    before: Badge
    after: Badge
    reason: Reason | None


@fact
class VoidApproval:
    """An approval of the old plan, which the new one does not honor.

    `first_day`: of the first booked visit that it served; None: none. `request_id`: the continuity request that was
    opened; `settled_at` None: one is still to be opened.
    """

    change_id: UUID
    approval_id: UUID
    first_day: date | None
    request_id: UUID | None = None
    settled_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class ToOpen:
    """A continuity request that is still to be opened, for the change of a patient's plan."""

    change: PlanChange
    void: VoidApproval


@dataclass(frozen=True, slots=True)
class Looked:
    """What came of looking at a change: the visits that it touches, and the approvals that it voids."""

    visits: tuple[TouchedVisit, ...]
    approvals: tuple[VoidApproval, ...]


@dataclass(frozen=True, slots=True)
class Confirmation:
    """What the new plan said of an approved course: who said it, under which reference, and from when until when."""

    person: str | None
    reference: str
    begins: date
    until: date


@dataclass(frozen=True, slots=True)
class ChangePage:
    """One page of changes, newest first, with what each touches. `more`: there are older ones."""

    changes: tuple[PlanChange, ...]
    visits: Mapping[UUID, tuple[TouchedVisit, ...]]
    approvals: Mapping[UUID, tuple[VoidApproval, ...]]
    more: bool
