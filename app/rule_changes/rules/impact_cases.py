"""An open case put to the rules: one question for each of its services, as they are asked of the day that it is for."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from uuid import UUID

from app.authorizations.facts import UNSENT, Authorization, Status
from app.casework.facts.criteria import CriteriaAsked
from app.casework.rules.criteria import Helpers, questions_of
from app.clearance.facts.verdicts import PatientFile, Surroundings
from app.clearance.facts.work import Changes
from app.clearance.rules.candidates import KINDS
from app.clearance.rules.coverages import coverage_of_day
from app.clearance.rules.known import answers_of_log, known_answers, known_authorizations
from app.coverage.facts import Coverage
from app.policies.facts.answers import Question
from app.policies.facts.book import Book
from app.policies.rules.chart import known
from app.policies.rules.library import drug_of_code
from app.practice.facts.practice import Site
from app.rule_changes.facts.impact import CaseTurn, Rested, ServiceNeed
from app.values.insurance import Channel

OPEN = UNSENT | {Status.SUBMITTED, Status.MORE_INFO, Status.IN_APPEAL}
"""Where a case without a decision stands; one in appeal waits for another."""


@dataclass(frozen=True)
class Putting:
    """How the cases of patients are put to one rule set: the book, and what judging sees of a day."""

    book: Book
    at: Callable[[date], Surroundings]
    sites: Mapping[UUID, Site]


def is_open_case(row: Authorization) -> bool:
    """Say whether an authorization asks for approval and waits for a decision."""
    return row.status in OPEN and row.kind in KINDS


def needs_of(
    row: Authorization, asked: CriteriaAsked, file: PatientFile, as_of: date, putting: Putting
) -> dict[str, Rested]:
    """Say on what each service of a case rests: by its code, else its drug, in the order of its questions.

    Takes     the case; what it asks for; the patient's file; the day that it is at its site; the rule set.
    """
    day = asked.day or as_of
    ours = tuple(one for one in file.coverages if one.payer == row.payer)
    coverage = coverage_of_day(ours, row.channel or Channel.MEDICAL, day) if ours else None
    changes = Changes(as_of)
    answers = known_answers(file.answers, changes)
    if coverage is not None:
        answers += answers_of_log(known_authorizations(file.authorizations, changes), coverage)
    around = putting.at(as_of)
    found: dict[str, Rested] = {}
    for question in _questions(asked, file, coverage, (as_of, day), putting):
        requirement = around.requirement(question, answers, file.patient)
        found[question.code or question.drug or ""] = Rested(requirement.need, requirement.rule)
    return found


def _questions(
    asked: CriteriaAsked, file: PatientFile, coverage: Coverage | None, days: tuple[date, date], putting: Putting
) -> list[Question]:
    as_of, day = days
    shown = known(file.facts, as_of, asked.diagnoses, day)
    helpers = Helpers(
        book=putting.book,
        on=as_of,
        day=day,
        age_months=None,  # whoever decides opens the birth date where a rule reads an age
        birth_date=None,
        coverage=coverage,
        states=_states(asked, putting.sites),
        drug_of=lambda code: drug_of_code(putting.book, code),
        facts=file.facts,
        documents={},
        people={},
    )
    return [replace(one, facts=shown.facts, documented=shown.documented) for one in questions_of(asked, helpers)]


def _states(asked: CriteriaAsked, sites: Mapping[UUID, Site]) -> frozenset[str]:
    meant = [one for one in sites.values() if one.id == asked.site_id] or list(sites.values())
    return frozenset(one.state for one in meant if one.state is not None)


def case_turn(row: Authorization, before: Mapping[str, Rested], after: Mapping[str, Rested]) -> CaseTurn | None:
    """Tell which needs of a case would differ; None where none does.

    A drug that only one set asks for beside the codes, since a code means that drug in the other, is told too.
    """
    services = []
    for name in dict.fromkeys((*before, *after)):
        was, will = before.get(name, _NOTHING), after.get(name, _NOTHING)
        if was.need is not will.need:
            services.append(ServiceNeed(name, was, will))
    return CaseTurn(row.id, row.patient_id, row.payer_name, row.status, tuple(services)) if services else None


_NOTHING = Rested(None, None)
