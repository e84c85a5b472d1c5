"""A stored answer given again: as it was kept, and as the same facts and rules are judged today."""

from datetime import date, datetime
from enum import StrEnum
from uuid import UUID
from zoneinfo import ZoneInfo

from app.clearance.facts.reasons import Badge, Check, Reason
from app.policies.facts.answers import Confidence, Need, ServiceClass
from app.values.fact import choices, fact


@fact
class Answer:
    """What is said of one line: as it was kept, or as it is judged again. `chosen` is an authorization's id."""

    badge: Badge | None
    klass: ServiceClass
    need: Need
    confidence: Confidence
    rule: str | None
    reasons: tuple[Reason, ...]
    chosen: UUID | None
    units_left_after: int | None


@fact
class Basis:
    """For which day an answer was judged, by which rule set, and with what was on file at which instant."""

    as_of: date
    rules_version: str
    facts_at: datetime


@fact
class CheckDifference:
    """A check that found something else; None: it did not apply."""

    check: Check
    kept: Reason | None
    anew: Reason | None


@fact
class LineDifference:
    """A line of which anything differs. `fields` names what differs beside the checks (`need`, `units_left_after`)."""

    position: int
    checks: tuple[CheckDifference, ...]
    fields: tuple[str, ...]


@choices
class Cause(StrEnum):
    """Why an answer judged again can differ from the one that was kept."""

    RULES = "rules"  # its rule set is not on file
    LINES = "lines"  # the visit's planned services are others
    VISIT = "visit"  # the visit was moved or its status changed
    COVERAGE = "coverage"  # a coverage was checked, added or changed, and its earlier answer is not kept
    AUTHORIZATION = "authorization"  # an authorization changed, and a field's earlier value is not kept
    CLINICAL = "clinical"  # a clinical fact or its document was taken away
    OTHER = "other"  # something else on file changed: another visit, a provider's group, the program itself


@fact
class Replayed:
    """What was said of a visit on a day, and the same judged again.

    `since` and `until` say from when to when the answer was shown (`until` None: it is shown now); `judged_for` the day
    for which it was judged and `version` the rule set that it was judged by; `further` counts other answers that were
    shown on the same day before it. `basis` is what the answer was judged again by; `anew` empty and `badge_anew` None
    where it could not be. `differences` is empty where both are equal in every check, need, choice and unit.
    """

    reference: str
    visit_id: UUID
    patient_id: UUID
    zone: ZoneInfo
    on: date
    since: datetime
    until: datetime | None
    judged_for: date
    version: str
    further: int
    badge: Badge
    kept: tuple[Answer, ...]
    basis: Basis
    badge_anew: Badge | None
    anew: tuple[Answer, ...]
    differences: tuple[LineDifference, ...]
    causes: tuple[Cause, ...]

    @property
    def equal(self) -> bool:
        """Say whether the answer judged again is the one that was kept, in everything that is kept."""
        return self.badge is self.badge_anew and not self.differences
