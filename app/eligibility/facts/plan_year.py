"""The page of a plan year: who is checked anew for it, by the first visit of the year, and how far that has come."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from uuid import UUID

from app.coverage.facts import Coverage
from app.eligibility.facts.asking import AskState
from app.eligibility.facts.listing import ListedVisit, Place
from app.patients.facts import Patient
from app.values.fact import choices

STRETCH = 1_000
"""Patients that are looked at and counted at once; the next stretch follows by a link."""


@choices
class YearState(StrEnum):
    """How far asking about a patient's coverage for a plan year has come."""

    NOT_ASKED = "not_asked"
    ASKED = "asked"
    SAME = "same"
    CHANGED = "changed"
    COULD_NOT = "could_not"


@dataclass(frozen=True, slots=True)
class YearQuery:
    """Which rows: of a year (None: the one that is due), of a state and payer.

    `begins`: behind which place the stretch begins; `after`: behind which place of it the page does; `whole`: all of
    the stretch on one page, for printing.
    """

    year: int | None = None
    state: YearState | None = None
    payer: str | None = None
    begins: Place | None = None
    after: Place | None = None
    whole: bool = False


@dataclass(frozen=True, slots=True)
class YearVisit:
    """A patient's first booked visit of a year, the coverage of its day, and what is known of that since 1 January.

    `result`, `checked_on`, `other_primary`: as the coverage stands; `turned`: it came to name another plan since then;
    `last_check`: the result of the newest check since then; `ask`: where the last request since then stands.
    """

    visit: ListedVisit
    payer: str | None
    checked_on: date | None
    result: str | None
    other_primary: bool
    last_check: str | None
    ask: AskState | None
    turned: bool


@dataclass(frozen=True, slots=True)
class YearRow:
    """One line of the page."""

    one: YearVisit
    state: YearState
    patient: Patient
    coverage: Coverage | None


@dataclass(frozen=True, slots=True)
class YearList:
    """One page. `counts`: of the stretch, by state, under the payer that was chosen; `looked`: patients in it.

    `last`: the day of the stretch's last visit; `next_stretch`: None, the year has no more; `next`: None, the stretch
    has no more of this state; `open_from`: from which day plans can be asked about the year.
    """

    query: YearQuery
    year: int
    today: date
    open_from: date
    counts: Mapping[YearState, int]
    looked: int
    last: date | None
    rows: tuple[YearRow, ...]
    next: Place | None
    next_stretch: Place | None
    payers: Mapping[str, str]
    zones: Mapping[UUID, str]
    zone: str
    can_ask: bool
