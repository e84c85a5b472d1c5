"""Visits and their verdicts as the API describes them. A verdict is the object of the verdict contract, unchanged."""

from collections.abc import Mapping
from typing import Any, Literal

from pydantic import Field

from app.api.rules.written import Day, Given, Id, Instant
from app.clearance.facts.answered import AnsweredVisit
from app.clearance.facts.reasons import Badge, Check, Result
from app.clearance.views.shapes import visit_shape
from app.policies.facts.answers import Confidence, Need, ServiceClass
from app.schedule.facts import VisitStatus


class Cite(Given):
    """Where a rule was read."""

    title: str
    url: str | None
    read_on: Day | None


class Requirement(Given):
    """Whether approval is needed, and who says so."""

    need: Need
    confidence: Confidence
    rule: str | None
    why: str
    cite: Cite | None


class CheckFound(Given):
    """One of the eighteen checks: what it needs, what is on file, by which source, and what to do."""

    id: Check
    result: Result
    needs: str | None
    has: str | None
    source: str | None
    fix: str | None


class VerdictLine(Given):
    """The answer for one planned service. `badge` null: somebody else bills it."""

    code: str | None
    drug: str | None
    units: int
    badge: Badge | None
    klass: ServiceClass = Field(alias="class")
    reason: Check | None
    requirement: Requirement
    authorization: str | None
    units_left_after: int | None
    checks: list[CheckFound]


class Basis(Given):
    """What the answer rests on."""

    as_of: Day
    schedule_import: Instant | None
    eligibility_checked: Day | None
    rules_version: str


class Verdict(Given):
    """May this visit go ahead? `visit_id` is the practice system's own id of the appointment."""

    visit_id: str
    starts_at: Instant
    site: str | None
    patient_mrn: str
    badge: Badge
    sentence: str
    short: str
    lines: list[VerdictLine]
    basis: Basis


class Visit(Given):
    """One visit with its verdict."""

    id: Id
    patient_id: Id
    site_id: Id
    day: Day
    status: VisitStatus
    verdict: Verdict


class VisitPage(Given):
    """One page of visits by day, start and id. `next` null: this is the last page."""

    items: list[Visit]
    next: str | None


BadgeName = Literal["blocked", "not_checked", "waiting", "at_risk", "cleared", "self_pay", "accepted_risk"]


def visit_body(answer: AnsweredVisit) -> dict[str, Any]:
    """Write one visit."""
    visit = answer.lines[0].visit
    return {
        "id": visit.id,
        "patient_id": visit.patient_id,
        "site_id": visit.site_id,
        "day": visit.day,
        "status": visit.status,
        "verdict": verdict_body(answer),
    }


def verdict_body(answer: AnsweredVisit) -> Mapping[str, Any]:
    """Write a verdict exactly as `visits clear --json` prints it."""
    return visit_shape(answer)
