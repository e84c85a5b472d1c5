"""What the words of one line are made from, and how its parts are called."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from app.authorizations.facts import Authorization
from app.clearance.facts.reasons import Check
from app.clearance.facts.verdicts import LineVerdict
from app.coverage.facts import Coverage
from app.policies.facts.answers import Requirement
from app.practice.facts.practice import Site
from app.values.wording import long_day, short_day


@dataclass(frozen=True, slots=True)
class Words:
    """What one finding says: what is needed, what is there, where that was read, what fixes it, and all in short."""

    needs: str | None = None
    has: str | None = None
    source: str | None = None
    fix: str | None = None
    short: str = ""


@dataclass(frozen=True, slots=True)
class Told:
    """One judged line about to be put into words."""

    verdict: LineVerdict
    sites: Mapping[UUID, Site]
    as_of: date

    @property
    def day(self) -> date:
        """The day of the visit."""
        return self.verdict.visit.day

    @property
    def visit_day(self) -> str:
        """The day of the visit in words."""
        return long_day(self.verdict.visit.day)

    @property
    def what(self) -> str:
        """What is planned: its code, drug or visit type."""
        line = self.verdict.line
        if line.refused_row is not None:
            return f"the service of row {line.refused_row}"
        return line.code or drug_name(line.drug) or f"visit type {line.visit_type}"

    @property
    def coverage(self) -> Coverage:
        """The coverage of the day, where the finding speaks of one."""
        assert self.verdict.coverage is not None
        return self.verdict.coverage

    @property
    def payer(self) -> str:
        """The payer's name, or 'the payer'."""
        return self.verdict.coverage.payer_name if self.verdict.coverage else "the payer"

    @property
    def approval(self) -> Authorization:
        """The authorization that was judged, where the finding speaks of one."""
        assert self.verdict.chosen is not None
        return self.verdict.chosen

    @property
    def requirement(self) -> Requirement:
        """The requirement of the line."""
        assert self.verdict.requirement is not None
        return self.verdict.requirement

    def detail(self, check: Check) -> tuple[object, ...]:
        """What the check noted for its words."""
        return self.verdict.details.get(check, ())

    def site_name(self, site_id: UUID | None) -> str:
        """A site's name."""
        site = self.sites.get(site_id) if site_id is not None else None
        return site.name if site is not None else "another site"


def drug_name(drug: str | None) -> str | None:
    """A drug's name from its service key: `drug:dupixent` is Dupixent."""
    if drug is None:
        return None
    return drug.removeprefix("drug:").replace("_", " ").capitalize()


def called(approval: Authorization) -> str:
    """What an authorization is called: its number, else its reference, else what it is."""
    name = approval.number or approval.reference
    if name:
        return name
    when = approval.decided_on or approval.requested_on or approval.begins
    return f"The request of {short_day(when)}" if when else "The request on file"


def approval_source(approval: Authorization) -> str:
    """Where an approval's facts were read."""
    decided = f", decided {short_day(approval.decided_on)}" if approval.decided_on else ""
    return f"Authorization log: {called(approval)} of {approval.payer_name}{decided}."


def coverage_source(coverage: Coverage) -> str | None:
    """Where a coverage's answer was read."""
    if coverage.checked_on is None:
        return None if coverage.verified else "Schedule import: the schedule's own words, not checked with the payer."
    how = {"271": "electronic answer (271)", "fhir": "electronic answer (FHIR)"}.get(
        coverage.source or "", coverage.source
    )
    by = f", {how}" if how else ""
    reference = f", reference {coverage.reference}" if coverage.reference else ""
    return f"Eligibility check of {short_day(coverage.checked_on)}{by}{reference}."
