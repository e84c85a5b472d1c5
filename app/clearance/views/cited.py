"""Where the requirement of a line was read, what to think of it, and what the payer's word would be recorded for."""

from collections.abc import Mapping
from dataclasses import dataclass

from app.clearance.facts.opened import OpenedVisit
from app.clearance.facts.verdicts import LineVerdict
from app.clearance.views.context import Told
from app.policies.facts.answers import Confidence
from app.policies.views.finder import is_to_record
from app.policies.views.freshness import verify_sentence
from app.schedule.facts import VisitStatus
from app.values.wording import short_day


@dataclass(frozen=True, slots=True)
class CiteWords:
    """Where a requirement was read; `mark` says what weakens it, `warning` what to think of its age."""

    title: str
    url: str | None
    read: str | None
    mark: str | None
    warning: str | None = None


def cite_words(told: Told, opened: OpenedVisit) -> CiteWords | None:
    """Say where the requirement of a line was read; None where nothing says so."""
    requirement = told.requirement
    mark = "From memory, to verify." if requirement.confidence is Confidence.MEMORY else None
    cite, age = requirement.cite, _age(told, opened)
    if cite is None:
        basis = requirement.basis or (f"Rule {requirement.rule}" if requirement.rule else None)
        return CiteWords(basis, None, None, mark, age) if basis else None
    return CiteWords(cite.title, cite.url, short_day(cite.read_on) if cite.read_on else None, mark, age)


def to_record(verdict: LineVerdict, opened: OpenedVisit) -> Mapping[str, str] | None:
    """What the payer's word on a line of a booked visit would be recorded for: payer, service, line, plan and place.

    None where it would settle nothing. Nothing in it tells whose visit it is.
    """
    line, coverage, requirement = verdict.line, verdict.coverage, verdict.requirement
    what = line.code or (line.drug or "").removeprefix("drug:")
    settles = requirement is not None and is_to_record(requirement) and verdict.visit.status is VisitStatus.BOOKED
    if coverage is None or not what or not settles or opened.beside is None:
        return None
    bounds = {"lines": coverage.line, "plans": coverage.plan, "places": line.place}
    return {"payer": coverage.payer, "codes": what, **{name: text for name, text in bounds.items() if text}}


def _age(told: Told, opened: OpenedVisit) -> str | None:
    """What to think of the age of the library's rule that decided; nothing of any other answer."""
    stands = opened.beside.stands if opened.beside is not None else {}
    stand = stands.get(told.requirement.rule or "")
    return verify_sentence(stand, told.as_of) if stand is not None else None
