"""What judging carries from check to check for one line."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date

from app.authorizations.facts import Authorization
from app.clearance.facts.reasons import Check, Reason, Result
from app.clearance.facts.verdicts import ClassAnswer
from app.clinical.facts import ClinicalFact
from app.coverage.facts import Coverage
from app.policies.facts.answers import Requirement
from app.schedule.facts import ServiceLine, Visit
from app.values.insurance import Channel, Line


@dataclass(slots=True)
class Asked:
    """One line as it is asked of one coverage: what the checks of an approval compare with.

    `family` holds the codes of the same service of the grid and of the rule; `drug` the service key of a drug line;
    `is_drug` that the HCPCS code or NDC of a drug is compared; `npi` who bills (else who renders), `group` that
    person's group where it is known; `business` the coverage's line; `siblings` finds, when asked, the other codes of
    the family that the day may end with, that need approval and that are not lines of the visit (kept in
    `open_codes`); `shown_by` are the clinical facts that make a conditional service medical.
    """

    visit: Visit
    line: ServiceLine
    coverage: Coverage | None
    channel: Channel
    requirement: Requirement
    grid: ClassAnswer | None
    family: frozenset[str]
    drug: str | None
    is_drug: bool
    npi: str
    group: str | None
    business: Line | None
    siblings: Callable[[], tuple[str, ...]]
    shown_by: tuple[ClinicalFact, ...] = ()
    open_codes: tuple[str, ...] | None = None


@dataclass(slots=True)
class Assessment:
    """One candidate held against one line: findings of `approval` to `drug`, and the item that the line falls under."""

    approval: Authorization
    reasons: list[Reason]
    item: int | None = None
    left: int | None = None
    fails: int = 0
    warns: int = 0
    unknowns: int = 0

    def count(self) -> "Assessment":
        """Count the findings by result."""
        for reason in self.reasons:
            if reason.result is Result.FAIL:
                self.fails += 1
            elif reason.result is Result.WARN:
                self.warns += 1
            elif reason.result is Result.UNKNOWN:
                self.unknowns += 1
        return self

    @property
    def passes(self) -> bool:
        """Every finding passes or warns: only such an approval gives units and settles what the payer decides."""
        return not self.fails and not self.unknowns


@dataclass(slots=True)
class Judged:
    """One line on its way: what it asks, what was found by check, and what it took."""

    visit: Visit
    line: ServiceLine
    asked: Asked | None = None
    found: dict[Check, Reason] = field(default_factory=dict)
    details: dict[Check, tuple[object, ...]] = field(default_factory=dict)
    assessment: Assessment | None = None
    held: bool = False
    left_after: int | None = None

    def put(self, check: Check, reason: Reason | None) -> None:
        """Note a finding; None means that the check does not apply."""
        if reason is not None:
            self.found[check] = reason

    def put_class(self, reason: Reason | None, shown_by: tuple[ClinicalFact, ...]) -> None:
        """Note the class, with the clinical facts that made it medical."""
        self.put(Check.CLASS, reason)
        if shown_by:
            self.details[Check.CLASS] = shown_by

    def put_all(self, check: Check, finding: tuple[Reason, tuple[object, ...]] | None) -> None:
        """Note a finding with what its words need; None means that the check does not apply."""
        if finding is not None:
            self.found[check], self.details[check] = finding


@dataclass(slots=True)
class Changes:
    """The first day after `as_of` on which time alone may change an answer."""

    as_of: date
    first: date | None = None

    def on(self, day: date) -> None:
        """Note a day on which something turns; days that have come do not count."""
        if day > self.as_of and (self.first is None or day < self.first):
            self.first = day
