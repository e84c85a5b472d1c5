"""The list of cases: in which queues a case stands, what is asked of the list, and what it shows."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from app.authorizations.facts import AuthorizationRecord, Status
from app.patients.facts import Patient
from app.practice.facts.staff import Staff
from app.values.fact import choices

PAGE_SIZE = 50
MOST_COUNTED = 500
"""Beside a view at most so many cases are counted; more are shown as `500+`."""
NO_DAY = date(9999, 12, 31)
"""Stands for the day of a case that has none, so that it comes last."""
NOBODY = UUID(int=0)
"""Stands for the owner of a case that nobody owns."""
EXPIRING = 60
"""Days ahead in which an end counts as near."""
RENEWING = 30
"""Days ahead of an end in which a renewal is to be begun, where nothing was begun earlier."""


@choices
class Queue(StrEnum):
    """One order in which cases are kept ready. A case stands in several; in `all` every one does."""

    ALL = "all"
    OPEN = "open"
    UNASSIGNED = "unassigned"  # open, and nobody owns it
    PAYER = "payer"  # the payer has it
    PROVIDER = "provider"  # a provider was asked and has not answered
    INFO = "info"  # the payer asked for more
    ADVERSE = "adverse"  # denied, or in appeal
    ENDING = "ending"  # approved, by the day on which it ends
    UNITS = "units"  # approved, few units left or more booked than left
    RENEWAL = "renewal"  # a renewal to be sent, or an approval of ongoing care that nothing follows yet
    RETRO = "retro"
    PLAN = "plan"  # its plan is no longer among the patient's coverages
    SNOOZED = "snoozed"  # by the day until which it is put aside
    DEFECT = "defect"  # open, without an owner or without a next action with a date


class View(StrEnum):
    """A saved view of the list."""

    MINE = "mine"
    WEEK = "week"
    PAYER = "payer"
    PROVIDER = "provider"
    INFO = "info"
    ADVERSE = "adverse"
    EXPIRING = "expiring"
    UNITS = "units"
    UNASSIGNED = "unassigned"
    RENEWAL = "renewal"
    RETRO = "retro"
    PLAN = "plan"
    OPEN = "open"
    DEFECT = "defect"
    SNOOZED = "snoozed"
    ALL = "all"


@choices
class CaseStepKind(StrEnum):
    """What an action did to several cases."""

    ASSIGNED = "assigned"
    NEXT_ACTION = "next_action"
    SNOOZED = "snoozed"


@dataclass(frozen=True, slots=True)
class CaseStep:
    """What one action did: `before` holds by case (hex) what it was."""

    id: UUID
    kind: CaseStepKind
    at: datetime
    by_id: UUID | None
    before: Mapping[str, Any]
    undone_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Listed:
    """One case in one queue: derived, never the truth itself.

    `due_on` is the day by which the queue is sorted, NO_DAY where there is none. `hidden_until`: put aside until that
    day. `code` (what people call the case) and `again_on` (the first day on which time alone may move it) stand in the
    queue `all` only.
    """

    case_id: UUID
    patient_id: UUID
    queue: Queue
    due_on: date
    status: Status
    payer: str
    owner_id: UUID | None = None
    hidden_until: date | None = None
    code: str | None = None
    again_on: date | None = None


@dataclass(frozen=True, slots=True)
class Place:
    """A place in the order of a queue: the last case of the page before."""

    due_on: date
    case_id: UUID


@dataclass(frozen=True, slots=True)
class Which:
    """Which rows of a queue: of an owner (NOBODY: of nobody), a payer, a status; due in days, both included.

    `awake_on`: leave out what is put aside beyond that day; None: leave out nothing.
    """

    queue: Queue
    owner: UUID | None = None
    payer: str | None = None
    status: Status | None = None
    due: tuple[date | None, date | None] = (None, None)
    awake_on: date | None = None


def case_code(case_id: UUID) -> str:
    """What people call a case: A- and the last six digits of its id."""
    return f"A-{case_id.hex[-6:].upper()}"


@dataclass(frozen=True, slots=True)
class CaseQuery:
    """Which cases are asked for. `owner`: a person, NOBODY, or None for all; `after`, `before`: behind or ahead."""

    view: View = View.OPEN
    owner: UUID | None = None
    payer: str | None = None
    status: Status | None = None
    after: Place | None = None
    before: Place | None = None

    @property
    def narrowed(self) -> bool:
        """Say whether a filter holds beside the view."""
        return self.owner is not None or self.payer is not None or self.status is not None


@dataclass(frozen=True, slots=True)
class CaseLine:
    """One case as the list shows it, opened.

    `due_on` is the day in the order of its `queue` (NO_DAY: none); `queues` those in which it stands; `next_visit` the
    next booked visit that it names.
    """

    record: AuthorizationRecord
    patient: Patient | None
    queue: Queue
    due_on: date
    queues: frozenset[Queue]
    owner_id: UUID | None
    snoozed_until: date | None
    next_visit: date | None


@dataclass(frozen=True, slots=True)
class Casebook:
    """One page of the list.

    `counts` go no further than MOST_COUNTED + 1; `marked`: some cases are still to be placed anew after a large change;
    `payers` by key with the name in the files; `any_case`: there is a case at all.
    """

    query: CaseQuery
    today: date
    lines: tuple[CaseLine, ...]
    counts: Mapping[View, int]
    next: Place | None
    previous: Place | None
    people: tuple[Staff, ...]
    payers: tuple[tuple[str, str], ...]
    marked: bool
    any_case: bool
