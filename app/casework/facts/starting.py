"""Requests begun for several visits at once: what is begun, what there is already, and what cannot be begun."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from uuid import UUID

from app.authorizations.facts import Authorization
from app.clearance.facts.opened import OpenedVisit
from app.clearance.facts.verdicts import LineVerdict
from app.values.insurance import Channel


class Bar(StrEnum):
    """Why no request is begun for a planned service."""

    NOT_BOOKED = "not_booked"
    PAST = "past"
    NOT_ASKED = "not_asked"  # the patient pays, or somebody else bills it
    COSMETIC = "cosmetic"
    COVERAGE = "coverage"  # none on file, or none that holds on the day
    NOT_COVERED = "not_covered"
    NOT_NEEDED = "not_needed"
    APPROVED = "approved"
    MISFIT = "misfit"  # an approval is on file that does not fit the visit
    UNKNOWN = "unknown"  # it is not known whether approval is needed


@dataclass(frozen=True, slots=True)
class Asked:
    """What one request is about: a patient's services of one family, under one coverage and benefit."""

    patient_id: UUID
    coverage_id: UUID
    channel: Channel | None
    family: str


@dataclass(frozen=True, slots=True)
class Group:
    """The planned services of one request, in order of time."""

    asked: Asked
    lines: tuple[LineVerdict, ...]


@dataclass(frozen=True, slots=True)
class HeldGroup:
    """Planned services for which a request is on file already: written, sent, denied or in appeal."""

    asked: Asked
    lines: tuple[LineVerdict, ...]
    case: Authorization


@dataclass(frozen=True, slots=True)
class Barred:
    """One planned service for which no request is begun. `case`: the approval that covers it or does not fit."""

    line: LineVerdict
    bar: Bar
    case: Authorization | None = None


@dataclass(frozen=True, slots=True)
class SortedOut:
    """Every planned service of some visits, in exactly one of three places."""

    begin: tuple[Group, ...]
    held: tuple[HeldGroup, ...]
    barred: tuple[Barred, ...]


@dataclass(frozen=True, slots=True)
class Starting:
    """What the page shows: the planned services sorted out, and their visits opened, by id."""

    found: SortedOut
    visits: Mapping[UUID, OpenedVisit]
    today: date


@dataclass(frozen=True, slots=True)
class Begun:
    """What was begun: the cases by id, how things stood before, and the groups refused, each with a sentence."""

    cases: tuple[UUID, ...]
    before: SortedOut
    refused: tuple[tuple[Group, str], ...] = ()
