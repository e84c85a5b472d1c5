"""What the pages of new rules show: what waits, one set with what it changes, one time in force."""

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID
from zoneinfo import ZoneInfo

from app.patients.facts import Patient
from app.policies.facts.conflicts import Conflict
from app.policies.facts.proposals import HistoryLine, Reign, Standing
from app.policies.facts.set_differences import SetDifferences
from app.practice.facts.staff import Staff
from app.rule_changes.facts.impact import Impact

PAGE_SIZE = 50


@dataclass(frozen=True, slots=True)
class People:
    """Who is named on a page, by id, and the practice's zone."""

    names: Mapping[UUID | None, str]
    zone: ZoneInfo
    me: UUID | None


@dataclass(frozen=True, slots=True)
class NewRules:
    """What was put forward and what was in force, a page of each, the newest first.

    `next`, `earlier`: the last ones of this page, where more follow. `former`: what one person may put back now.
    """

    proposals: tuple[Standing, ...]
    next: UUID | None
    history: tuple[HistoryLine, ...]
    earlier: UUID | None
    current: Reign | None
    former: Reign | None
    people: People


@dataclass(frozen=True, slots=True)
class ProposalDetail:
    """One set that was put forward, compared with the rules in force. `others`: who else may accept it."""

    standing: Standing
    current: Reign
    differences: SetDifferences
    conflicts: tuple[Conflict, ...]
    others: tuple[Staff, ...]
    people: People


@dataclass(frozen=True, slots=True)
class ReignDetail:
    """One time in force, and what its rules said otherwise than those before; `before` None: the first."""

    line: HistoryLine
    before: Reign | None
    differences: SetDifferences
    people: People


@dataclass(frozen=True, slots=True)
class ImpactDetail:
    """What a set would change. `patients`: of the visits and cases that are shown, by id."""

    detail: ProposalDetail
    impact: Impact
    patients: Mapping[UUID, Patient]
