"""What is asked of the schedule page, what it shows, and the work on its visits."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any
from uuid import UUID

from app.clearance.facts.opened import OpenedVisit
from app.clearance.facts.reasons import Badge
from app.imports.facts import Kind
from app.patients.facts import Patient
from app.policies.facts.desk import ToVerify
from app.practice.facts.practice import Provider, Site
from app.practice.facts.staff import Staff
from app.questions.facts.pages import Asked
from app.schedule.facts import Visit

PAGE_SIZE = 50
NOBODY = UUID(int=0)
"""Stands for the owner of a visit that nobody owns."""


class StepKind(StrEnum):
    """What an action did to visits."""

    ASSIGNED = "assigned"
    SELF_PAY = "self_pay"
    ASKED = "asked"


@dataclass(frozen=True, slots=True)
class VisitWork:
    """Who works on a visit (None: nobody any more); `version` counts its hands."""

    owner_id: UUID | None
    version: int


@dataclass(frozen=True, slots=True)
class Step:
    """What one action did: `before` holds by visit (hex) what it was, as ids and choices."""

    id: UUID
    kind: StepKind
    at: datetime
    by_id: UUID | None
    before: Mapping[str, Any]
    undone_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Ask:
    """One question about a visit, opened. `asked_of` None: all coordinators; `answer` None: open."""

    id: UUID
    visit_id: UUID
    step_id: UUID
    asked_by: UUID | None
    asked_of: UUID | None
    asked_at: datetime
    note: str | None = None
    answered_by: UUID | None = None
    answered_at: datetime | None = None
    answer: str | None = None


@dataclass(frozen=True, slots=True)
class PrintedList:
    """A list as it was printed: `content` holds its words (views/printing.py makes them)."""

    id: UUID
    printed_at: datetime
    by_id: UUID | None
    day: date
    visits: int
    content: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class PrintChoice:
    """What would be printed of a day: booked visits by site, and `before`, the lists that were printed for it."""

    day: date
    now: datetime
    site: UUID | None
    sites: tuple[Site, ...]
    visits: Mapping[UUID, int]
    imported_at: datetime | None
    stopped_at: int | None
    zone: str
    before: tuple[tuple[UUID, datetime, UUID | None, int], ...]
    names: Mapping[UUID, str]


@dataclass(frozen=True, slots=True)
class DayList:
    """All booked visits of one day, of one site or all, opened for printing."""

    day: date
    now: datetime
    visits: tuple[OpenedVisit, ...]
    imported_at: datetime | None
    stopped_at: int | None
    zone: str


@dataclass(frozen=True, slots=True)
class TopQuestions:
    """The questions that hold most visits, and how many there are in all."""

    asked: tuple[Asked, ...]
    count: int


@dataclass(frozen=True, slots=True)
class WaitingFile:
    """A file that waits for a person: `checked` for the last word, else for its columns; `gone`: visits it left out."""

    id: UUID
    kind: Kind | None
    checked: bool
    gone: int


@dataclass(frozen=True, slots=True)
class TodayQuery:
    """What of today is asked for: a person's own alone, one site alone."""

    mine: bool = False
    site: UUID | None = None


@dataclass(frozen=True, slots=True)
class RiskDay:
    """The next day with visits (None: there is none): counts by site and badge, the first at risk, and their owners."""

    day: date | None
    counts: Mapping[UUID, Mapping[Badge, int]]
    shown: tuple[OpenedVisit, ...]
    owners: Mapping[UUID, UUID]


@dataclass(frozen=True, slots=True)
class AskedOfMe:
    """An open question of a colleague, with its visit and patient."""

    ask: Ask
    visit: Visit
    patient: Patient


@dataclass(frozen=True, slots=True)
class FailedJob:
    """A job whose last run broke or failed for some: its name, when, and the number under which the log says where."""

    name: str
    at: datetime
    incident: str | None


@dataclass(frozen=True, slots=True)
class Today:
    """All that the page of today shows. `next_risk`: a later day at risk, where the shown one is not.

    `books` False: the person does not see the schedule, so that nothing of it is here. `to_match`: how many records of
    documents wait for a person who may match them. `new_rules`: how many sets of payer rules wait for a person who may
    change rules.
    """

    query: TodayQuery
    today: date
    now: datetime
    zone: str
    sites: tuple[Site, ...]
    questions: TopQuestions
    risk: RiskDay
    asks: tuple[AskedOfMe, ...]
    names: Mapping[UUID, str]
    imported_at: datetime | None
    stopped_at: int | None
    files: tuple[WaitingFile, ...]
    verify: tuple[ToVerify, ...]
    next_risk: date | None
    failed_job: FailedJob | None = None
    books: bool = True
    to_match: int = 0
    new_rules: int = 0


class Span(StrEnum):
    """One day, or its week from Monday to Sunday."""

    DAY = "day"
    WEEK = "week"


@dataclass(frozen=True, slots=True)
class Place:
    """A place in the order of the schedule: the last visit of the page before."""

    day: date
    starts_at: datetime
    visit_id: UUID


@dataclass(frozen=True, slots=True)
class ScheduleQuery:
    """Which visits are asked for. `day` None: today; `site`, `badge`, `provider` (NPI), `patient` None: all.

    `owner`: a person, NOBODY, or None for all. `after` and `before`: the page behind or ahead of a place. `visit` is
    open in the panel.
    """

    span: Span = Span.DAY
    day: date | None = None
    site: UUID | None = None
    badge: Badge | None = None
    provider: str | None = None
    owner: UUID | None = None
    patient: UUID | None = None
    after: Place | None = None
    before: Place | None = None
    visit: UUID | None = None

    @property
    def narrowed(self) -> bool:
        """Say whether a filter holds beside days and badge."""
        return any((self.site, self.provider, self.owner is not None, self.patient))

    def plain(self) -> "ScheduleQuery":
        """The same days without filters, on their first page."""
        return ScheduleQuery(self.span, self.day)


@dataclass(frozen=True, slots=True)
class Schedule:
    """One page of the schedule. `query.day` is set.

    `next` is the place after which more follow, `previous` the one before which there are more. `stopped_at`: the row
    at which the last import of a schedule broke off, None where it did not. `patient`: whose visits alone are shown.
    `unsigned`: by visit, the services that the patient pays for without a signed consent.
    """

    query: ScheduleQuery
    today: date
    now: datetime
    sites: tuple[Site, ...]
    counts: Mapping[Badge, int]
    visits: tuple[OpenedVisit, ...]
    next: Place | None
    previous: Place | None
    imported_at: datetime | None
    panel: OpenedVisit | None
    zone: str
    staff: tuple[Staff, ...] = ()
    works: Mapping[UUID, VisitWork] = field(default_factory=dict)
    providers: tuple[Provider, ...] = ()
    patient: Patient | None = None
    stopped_at: int | None = None
    questions: TopQuestions = TopQuestions((), 0)
    unsigned: Mapping[UUID, tuple[str, ...]] = field(default_factory=dict)

    @property
    def days(self) -> tuple[date, date]:
        """The first and the last day shown."""
        assert self.query.day is not None
        return days_of(self.query.span, self.query.day)


def days_of(span: Span, day: date) -> tuple[date, date]:
    """The first and the last day of a span that holds a day."""
    if span is Span.DAY:
        return day, day
    monday = day - timedelta(days=day.weekday())
    return monday, monday + timedelta(days=6)
