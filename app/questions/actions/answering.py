"""Give an answer: record it, judge all visits that waited for it, and keep what changed."""

from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from uuid import UUID

from app.audit.actions import record
from app.authorizations import store as authorization_store
from app.clearance.actions.opening import Opener, saw
from app.clearance.facts.questions import OpenQuestion, QuestionKey, QuestionKind
from app.clearance.facts.reasons import Badge
from app.clearance.store import listing
from app.clearance.store import questions as question_store
from app.clearance.store.listing import Which
from app.patients import store as patient_store
from app.platform.caller import Caller
from app.platform.db import writing
from app.questions import store
from app.questions.actions.naming import ABOUT_PATIENTS, named
from app.questions.actions.opening import ALWAYS, QuestionNotFoundError, place_of
from app.questions.facts.pages import PAGE_SIZE, Answered, GivenAnswer, VisitPlace

KEPT_FOR = timedelta(days=90)
UNSETTLED = (Badge.BLOCKED, Badge.NOT_CHECKED, Badge.WAITING, Badge.AT_RISK, Badge.ACCEPTED_RISK)
"""Badges after which something is still to be done, or was let through."""


class AnsweredAlreadyError(Exception):
    """The question was answered meanwhile: nothing is recorded. `answer_id` is the answer that stands."""

    def __init__(self, answer_id: UUID) -> None:
        super().__init__("the question was answered meanwhile")
        self.answer_id = answer_id


def give_answer(caller: Caller, question_id: UUID, answer_id: UUID, do: Callable[[OpenQuestion], str | None]) -> None:
    """Answer one question: `do` records it, in its own transaction, in which its visits are judged anew.

    Takes     the question; the id of the form (sent twice, it answers once); what records the answer and returns by
              what name it can be taken back (None: it cannot).
    Raises    QuestionNotFoundError; AnsweredAlreadyError; what `do` raises, and then nothing is kept.
    """
    session, practice_id = caller.session, caller.practice_id
    if store.answer_of(session, practice_id, answer_id) is not None:
        return
    question = question_store.question(session, practice_id, question_id, caller.scope)
    if question is None:
        last = standing_answer(caller, question_id, None)
        raise QuestionNotFoundError if last is None else AnsweredAlreadyError(last)
    given = GivenAnswer(answer_id, question_id, question.key, caller.clock.now(), caller.user_id)
    before = question_store.badges_held(session, practice_id, question_id)
    with writing(session):
        if not store.begin_answer(session, practice_id, given):
            return
    try:
        named_by = do(question)
    except BaseException:
        with writing(session):
            store.forget_answer(session, practice_id, answer_id)
        raise
    with writing(session):
        now = question_store.badges_of(session, practice_id, list(before))
        unsettled = {visit: before[visit] for visit, badge in now.items() if badge in UNSETTLED}
        store.finish_answer(session, practice_id, answer_id, named_by, Counter(now.values()), unsettled)
        record(caller, "questions.answered", [question_id], kind=question.key.kind, visits=len(before))


def read_answered(caller: Caller, answer_id: UUID, after: VisitPlace | None = None) -> Answered:
    """Read what an answer changed, with a page of its visits that are not cleared; notes whom it shows.

    Raises    QuestionNotFoundError.
    """
    session, practice_id = caller.session, caller.practice_id
    given = store.answer_of(session, practice_id, answer_id)
    if given is None:
        raise QuestionNotFoundError
    if not answer_in_sight(caller, given.key):
        raise QuestionNotFoundError
    now_open = question_store.question(session, practice_id, given.question_id, caller.scope)
    among = (store.visits_unsettled(session, practice_id, answer_id),)
    which = Which(ALWAYS, badges=UNSETTLED, among=among, scope=caller.scope)
    counts = given.counts if not caller.scope.limited else listing.badge_counts(session, practice_id, which)
    total = sum((counts or {}).values())
    (asked,) = named(caller, [now_open or OpenQuestion(given.question_id, given.key, total, given.answered_at.date())])
    found = listing.page(session, practice_id, which, PAGE_SIZE + 1, after)
    shown = found[:PAGE_SIZE]
    visits = tuple(Opener(caller).open({one.id: one.patient_id for one in shown}).values())
    people = [one.patient.id for one in visits] + ([asked.patient.id] if asked.patient is not None else [])
    saw(caller, "questions.answer_seen", people)
    return Answered(
        given=given,
        asked=asked,
        counts=counts or {},
        visits=visits,
        before=store.badges_before(session, practice_id, answer_id, [one.id for one in shown]),
        next=place_of(shown[-1]) if len(found) > PAGE_SIZE else None,
        first_page=after is None,
        still_open=now_open is not None,
    )


def standing_answer(caller: Caller, question_id: UUID, answer_id: UUID | None) -> UUID | None:
    """Find the answer that one form gave already, else the last answer to a question; None when there is none."""
    session, practice_id = caller.session, caller.practice_id
    if answer_id is not None and store.answer_of(session, practice_id, answer_id) is not None:
        return answer_id
    last = store.last_answer(session, practice_id, question_id)
    return last.id if last is not None and answer_in_sight(caller, last.key) else None


def given_in_sight(caller: Caller, answer_id: UUID) -> bool:
    """Say whether a given answer is on file and in sight."""
    given = store.answer_of(caller.session, caller.practice_id, answer_id)
    return given is not None and answer_in_sight(caller, given.key)


def answer_in_sight(caller: Caller, key: QuestionKey) -> bool:
    """Say whether a caller may see what was answered: of a patient's question, only when the patient is in sight."""
    if not caller.scope.limited or key.kind not in ABOUT_PATIENTS:
        return True
    about = UUID(key.parts[0])
    if key.kind is QuestionKind.APPROVAL:
        found = authorization_store.record_of(caller.session, caller.practice_id, about)
        if found is None:
            return False
        about = found[0].patient_id
    return patient_store.in_sight(caller.session, caller.practice_id, about, caller.scope)


def forget_old_answers(caller: Caller) -> int:
    """Forget what answers changed that were given long ago. Returns how many."""
    before = caller.clock.now() - KEPT_FOR
    with writing(caller.session) as session:
        return store.forget_before(session, caller.practice_id, before)
