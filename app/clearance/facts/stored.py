"""Verdicts as they are stored, and how judging compares with them."""

from dataclasses import replace
from datetime import date, datetime
from uuid import UUID

from app.clearance.facts.reasons import Badge
from app.values.fact import fact


@fact
class VisitVerdict:
    """One stored verdict, as the table holds it. `shown_since` None: just judged, shown from when it is stored."""

    id: UUID
    patient_id: UUID
    site_id: UUID
    day: date
    starts_at: datetime
    badge: Badge
    as_of: date
    changes_on: date | None
    rules_version: str
    content: bytes
    shown_since: datetime | None = None


@fact
class Stored:
    """What judging compares with: badge and packed lines, when they may change, and where the schedule shows them."""

    badge: Badge
    content: bytes
    changes_on: date | None
    as_of: date
    starts_at: datetime
    site_id: UUID
    rules_version: str
    shown_since: datetime

    def alike(self, verdict: VisitVerdict) -> bool:
        """Say whether a verdict shows the same: badge, findings, choice and units."""
        return self.content == verdict.content and self.badge is verdict.badge

    def goes_on(self, verdict: VisitVerdict) -> VisitVerdict:
        """The same answer with another last day or place: shown since it first was, on the basis that it then had."""
        return replace(verdict, as_of=self.as_of, rules_version=self.rules_version, shown_since=self.shown_since)

    def moved(self, verdict: VisitVerdict) -> bool:
        """Say whether the same answer has another last day, or another place in the schedule."""
        return (self.changes_on, self.starts_at, self.site_id) != (
            verdict.changes_on,
            verdict.starts_at,
            verdict.site_id,
        )
