"""What was shown of a visit before, and what let it through."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from app.clearance.facts.reasons import Badge
from app.values.fact import choices, fact


@choices
class Cause(StrEnum):
    """What replaced a verdict."""

    FACTS = "facts"  # a fact of the patient, a payer or the practice was changed
    DAY = "day"  # a day came on which time alone changes it
    BOOK = "book"  # the whole book was judged anew, as after new payer rules
    RISK = "risk"  # a risk was accepted or withdrawn
    GONE = "gone"  # the visit is no longer booked: nothing is shown


@fact
class By:
    """What makes a run of judging replace verdicts, and who asked for it (None: no person)."""

    cause: Cause
    user_id: UUID | None = None


@fact
class PastVerdict:
    """A verdict that was shown from one instant until another, and what replaced it.

    `as_of` is the day for which it was judged; `content` its packed lines.
    """

    visit_id: UUID
    shown_since: datetime
    shown_until: datetime
    as_of: date
    badge: Badge
    rules_version: str
    content: bytes
    by: By


@dataclass(frozen=True, slots=True)
class AcceptedRisk:
    """A visit let through by a named person. `digest` is of the check results that it covers, `badge` their badge.

    `ended_at` None: it stands; `ended_by` None with an end: a changed result made it void. `until`: the last day on
    which it lets the visit through, agreed from the start; None: it was accepted before an end was asked for.
    """

    id: UUID
    visit_id: UUID
    patient_id: UUID
    badge: Badge
    digest: bytes
    reason: str
    accepted_at: datetime
    accepted_by: UUID
    name: str
    ended_at: datetime | None = None
    ended_by: UUID | None = None
    until: date | None = None


@fact
class Standing:
    """What a standing risk covers, and the last day on which it does (None: until a result changes)."""

    digest: bytes
    until: date | None = None

    def covers(self, as_of: date) -> bool:
        """Say whether its end has not come by a day."""
        return self.until is None or as_of <= self.until
