"""Open one question: what it asks, why it is not known, and the visits that wait for it."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from app.authorizations import store as authorization_store
from app.clearance.actions.opening import Opener, saw
from app.clearance.facts.opened import OpenedVisit
from app.clearance.facts.questions import QuestionKind
from app.clearance.facts.reasons import Reason
from app.clearance.facts.stored import VisitVerdict
from app.clearance.facts.verdicts import LineVerdict
from app.clearance.rules.questions import questions_of, reasons_of
from app.clearance.store import questions as store
from app.coverage.store import coverages as coverage_store
from app.platform.caller import Caller
from app.policies.rules.classify import classify
from app.questions.actions.naming import named
from app.questions.facts.pages import VISITS_SHOWN, Asked, OpenedQuestion, Subject, VisitPlace
from app.schedule import store as schedule_store

ALWAYS = date(2000, 1, 1), date(2100, 1, 1)
Line = tuple[OpenedVisit, LineVerdict]
_Reader = Callable[[Caller, Opener, Asked, Sequence[Line]], Subject]


class QuestionNotFoundError(Exception):
    """No booked visit waits for this question: it was answered, or never asked."""


def read_question(caller: Caller, question_id: UUID, after: tuple[date, UUID] | None = None) -> OpenedQuestion:
    """Open one question with a page of its visits, judged anew, and note whom it shows.

    Raises    QuestionNotFoundError.
    """
    session, practice_id = caller.session, caller.practice_id
    question = store.question(session, practice_id, question_id, caller.scope)
    if question is None:
        raise QuestionNotFoundError
    (asked,) = named(caller, [question])
    opener = Opener(caller)
    found = store.held(session, practice_id, question_id, after, VISITS_SHOWN + 1, caller.scope)
    booked = schedule_store.visits_by_ids(session, practice_id, [visit for _day, visit in found[:VISITS_SHOWN]])
    opened = opener.open({visit.id: visit.patient_id for visit in booked.values()})
    visits = tuple(sorted(opened.values(), key=_in_time))
    lines = tuple(_lines(visits, question.key.text))
    saw(caller, "questions.opened", [*(one.patient.id for one in visits), *_person(asked)])
    return OpenedQuestion(
        asked=asked,
        today=caller.clock.today(ZoneInfo(opener.world.practice.zone)),
        lines=lines,
        visits=visits,
        next=found[VISITS_SHOWN - 1] if len(found) > VISITS_SHOWN else None,
        first_page=after is None,
        subject=_SUBJECTS[question.key.kind](caller, opener, asked, lines)
        if question.key.kind in _SUBJECTS
        else Subject(),
    )


def place_of(verdict: VisitVerdict) -> VisitPlace:
    """Where a verdict stands in a list."""
    return verdict.day, verdict.starts_at, verdict.id


def _in_time(opened: OpenedVisit) -> tuple[date, datetime, str]:
    visit = opened.answer.lines[0].visit
    return visit.day, visit.starts_at, visit.reference


def _person(asked: Asked) -> list[UUID]:
    return [asked.patient.id] if asked.patient is not None else []


def _lines(visits: Sequence[OpenedVisit], key: str) -> list[Line]:
    return [(visit, line) for visit in visits for line in visit.answer.lines if key in questions_of(line)]


def _participation(_caller: Caller, _opener: Opener, _asked: Asked, lines: Sequence[Line]) -> Subject:
    plans = (line.coverage.plan for _visit, line in lines if line.coverage is not None)
    return Subject(plan=next((plan for plan in plans if plan), None))


def _coverage(caller: Caller, _opener: Opener, asked: Asked, _lines: Sequence[Line]) -> Subject:
    patient = UUID(asked.question.key.parts[0])
    return Subject(coverages=tuple(coverage_store.on_file(caller.session, caller.practice_id, patient).items()))


def _approval(caller: Caller, _opener: Opener, asked: Asked, lines: Sequence[Line]) -> Subject:
    wanted = UUID(asked.question.key.parts[0])
    found = authorization_store.record_of(caller.session, caller.practice_id, wanted)
    reasons = {reason for _visit, line in lines for reason in reasons_of(line, asked.question.key.text)}
    return Subject(approval=found, member_missing=Reason.PLAN_BEFORE_COVERAGE in reasons)


def _class(_caller: Caller, opener: Opener, asked: Asked, lines: Sequence[Line]) -> Subject:
    diagnoses = next((line.line.diagnoses for _visit, line in lines), ())
    found = classify(opener.world.book.grid, asked.question.key.parts[1], diagnoses, frozenset())
    return Subject(triggers=tuple(sorted(found.triggers)))


def _unmet(_caller: Caller, _opener: Opener, _asked: Asked, lines: Sequence[Line]) -> Subject:
    names = (name for _visit, line in lines if line.requirement is not None for name in line.requirement.unmet)
    return Subject(unmet=tuple(dict.fromkeys(names)))


def _referral(caller: Caller, opener: Opener, asked: Asked, lines: Sequence[Line]) -> Subject:
    numbers = (line.line.referral for _visit, line in lines if line.line.referral)
    coverages = _coverage(caller, opener, asked, lines).coverages
    return Subject(coverages=coverages, named_referral=next(numbers, None))


_SUBJECTS: Mapping[QuestionKind, _Reader] = {
    QuestionKind.PARTICIPATION: _participation,
    QuestionKind.COVERAGE: _coverage,
    QuestionKind.APPROVAL: _approval,
    QuestionKind.CLASS: _class,
    QuestionKind.UNMET: _unmet,
    QuestionKind.REFERRAL: _referral,
}
