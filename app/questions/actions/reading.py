"""Read the list of open questions, of which past days are taken off first."""

from uuid import UUID
from zoneinfo import ZoneInfo

from app.clearance.actions.opening import saw
from app.clearance.facts.questions import QuestionKind
from app.clearance.store import questions as store
from app.platform.caller import Caller
from app.platform.db import writing
from app.policies.actions.library import current_book
from app.policies.rules.routine import offered_codes
from app.practice.store import practice as practice_store
from app.questions.actions.naming import named
from app.questions.facts.pages import PAGE_SIZE, Asked, Place, QuestionList, QuestionsQuery, RoutineOffer


def read_questions(caller: Caller, query: QuestionsQuery) -> QuestionList:
    """Read one page of the open questions, the biggest first, and note which patients it names."""
    session, practice_id = caller.session, caller.practice_id
    drop_past_days(caller)
    after = (query.after.visits, query.after.question_id) if query.after is not None else None
    found = store.listed(session, practice_id, query.kind, after, PAGE_SIZE + 1, caller.scope)
    shown = found[:PAGE_SIZE]
    counts = store.counts(session, practice_id, caller.scope)
    asked = named(caller, shown)
    # The offer counts visits of the whole practice: it is for whoever sees all of it.
    offers = counts.get(QuestionKind.NEED) and not caller.scope.limited
    routine = _routine(caller, store.needs(session, practice_id)) if offers else None
    saw(caller, "questions.seen", _people(asked))
    last = shown[-1] if len(found) > PAGE_SIZE else None
    return QuestionList(
        query=query,
        today=caller.clock.today(ZoneInfo(practice_store.practice_of(session, practice_id).zone)),
        counts=counts,
        asked=asked,
        next=Place(last.visits if last.rank is None else last.rank, last.id) if last is not None else None,
        routine=routine,
    )


def drop_past_days(caller: Caller) -> int:
    """Take visits of past days off their questions: by the earliest day that it is at any site.

    Returns   how many questions held such visits. Safe twice, and late.
    """
    session, practice_id = caller.session, caller.practice_id
    zones = {site.zone for site in practice_store.sites(session, practice_id)}
    zones.add(practice_store.practice_of(session, practice_id).zone)
    today = min(caller.clock.today(ZoneInfo(zone)) for zone in zones)
    if not store.past(session, practice_id, today):
        return 0
    with writing(session):
        return store.drop_past(session, practice_id, today)


def _people(asked: tuple[Asked, ...]) -> list[UUID]:
    return [one.patient.id for one in asked if one.patient is not None]


def _routine(caller: Caller, needs: tuple[tuple[str, str, int], ...]) -> RoutineOffer | None:
    """How many needs are of services that are confirmed in one go?"""
    offered = frozenset(offered_codes(current_book(caller.session, caller.practice_id)))
    found = [(payer, visits) for payer, service, visits in needs if service in offered]
    if not found:
        return None
    return RoutineOffer(len(found), sum(visits for _payer, visits in found), tuple(sorted({one for one, _ in found})))
