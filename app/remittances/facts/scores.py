"""What came of claims whose service rested on a rule."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from app.policies.facts.answers import Need
from app.values.fact import choices


@choices
class Outcome(StrEnum):
    """What became of a line: paid, or denied for want of authorization, for coverage or need, or for anything else."""

    PAID = "paid"
    AUTHORIZATION = "authorization"
    COVERAGE = "coverage"
    OTHER = "other"


class Suggested(StrEnum):
    """What to correct. REQUIRED: approval is required; COVERED: it is covered; CRITERIA: what the payer wants shown;
    SENT: approval was known to be required, so look at how it was asked for."""

    REQUIRED = "required"
    COVERED = "covered"
    CRITERIA = "criteria"
    SENT = "sent"


@dataclass(frozen=True, slots=True)
class ScoredLine:
    """One line of a claim: the rule that had been shown for it, what it said, and what became of the line."""

    position: int
    rule: str
    need: Need
    code: str
    outcome: Outcome


@dataclass(frozen=True, slots=True)
class RuleScore:
    """A rule with what it said, and how many lines of claims came to what. `codes`: those that were denied."""

    rule: str
    need: Need
    paid: int
    authorization: int
    coverage: int
    other: int
    codes: tuple[str, ...] = ()

    @property
    def denied(self) -> int:
        """Lines denied for authorization, coverage or need."""
        return self.authorization + self.coverage

    @property
    def count(self) -> int:
        """All its lines."""
        return self.denied + self.paid + self.other


@dataclass(frozen=True, slots=True)
class ScorePlace:
    """Where a rule stands in the order of the scorecard: by denials, most first, then by rule and what it said."""

    denied: int
    rule: str
    need: Need


@dataclass(frozen=True, slots=True)
class RiskPlace:
    """Where a visit stands in the order of the visits at risk."""

    day: date
    starts_at: datetime
    visit_id: UUID
