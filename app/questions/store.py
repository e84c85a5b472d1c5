"""Given answers and the visits that they were given for: the only queries over them."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from sqlalchemy import Select, delete, insert, select, update
from sqlalchemy.orm import Session

from app.clearance.facts.questions import QuestionKey
from app.clearance.facts.reasons import Badge
from app.platform.rows import chunks
from app.questions.facts.pages import GivenAnswer
from app.questions.models import AnsweredVisitRow, QuestionAnswerRow

_A, _V = QuestionAnswerRow, AnsweredVisitRow


def begin_answer(session: Session, practice_id: UUID, given: GivenAnswer) -> bool:
    """Add an answer that is about to be recorded. Returns False when its form was sent before."""
    if answer_of(session, practice_id, given.id) is not None:
        return False
    session.add(
        _A(
            practice_id=practice_id,
            id=given.id,
            question_id=given.question_id,
            kind=given.key.kind,
            key=given.key.text,
            answered_at=given.answered_at,
            answered_by=given.answered_by,
            record=None,
            counts=None,
        )
    )
    session.flush()
    return True


def finish_answer(
    session: Session,
    practice_id: UUID,
    answer_id: UUID,
    record: str | None,
    counts: Mapping[Badge, int],
    unsettled: Mapping[UUID, Badge],
) -> None:
    """Note what an answer recorded, and how its visits stand after it.

    `unsettled` gives the badges that visits had before, of those that are not cleared now.
    """
    session.execute(
        update(_A)
        .where(_A.practice_id == practice_id, _A.id == answer_id)
        .values(record=record, counts={badge.value: visits for badge, visits in counts.items()})
    )
    rows = [
        {"practice_id": practice_id, "answer_id": answer_id, "visit_id": visit, "before": badge}
        for visit, badge in unsettled.items()
    ]
    if rows:
        session.connection().execute(insert(_V), rows)


def forget_answer(session: Session, practice_id: UUID, answer_id: UUID) -> None:
    """Remove an answer of which nothing was recorded."""
    session.execute(delete(_V).where(_V.practice_id == practice_id, _V.answer_id == answer_id))
    session.execute(delete(_A).where(_A.practice_id == practice_id, _A.id == answer_id))


def undone(session: Session, practice_id: UUID, answer_id: UUID) -> None:
    """Note that what an answer recorded was taken back."""
    session.execute(update(_A).where(_A.practice_id == practice_id, _A.id == answer_id).values(record=None))


def answer_of(session: Session, practice_id: UUID, answer_id: UUID) -> GivenAnswer | None:
    """Read one given answer."""
    row = session.scalar(
        select(_A).where(_A.practice_id == practice_id, _A.id == answer_id).execution_options(populate_existing=True)
    )
    return None if row is None else _answer(row)


def last_answer(session: Session, practice_id: UUID, question_id: UUID) -> GivenAnswer | None:
    """Read the answer that was given last to a question."""
    statement = (
        select(_A)
        .where(_A.practice_id == practice_id, _A.question_id == question_id)
        .order_by(_A.answered_at.desc(), _A.id.desc())
        .limit(1)
    )
    row = session.scalar(statement)
    return None if row is None else _answer(row)


def _answer(row: QuestionAnswerRow) -> GivenAnswer:
    counts = None if row.counts is None else {Badge(badge): int(visits) for badge, visits in row.counts.items()}
    return GivenAnswer(
        row.id, row.question_id, QuestionKey.read(row.key), row.answered_at, row.answered_by, row.record, counts
    )


def visits_unsettled(session: Session, practice_id: UUID, answer_id: UUID) -> Select[UUID]:
    """Select the ids of the visits that an answer did not clear, for the lists of other rooms."""
    return select(_V.visit_id).where(_V.practice_id == practice_id, _V.answer_id == answer_id)


def badges_before(session: Session, practice_id: UUID, answer_id: UUID, visits: list[UUID]) -> dict[UUID, Badge]:
    """Read the badges that some visits had before an answer."""
    found: dict[UUID, Badge] = {}
    for piece in chunks(visits):
        rows = session.execute(
            select(_V.visit_id, _V.before).where(
                _V.practice_id == practice_id, _V.answer_id == answer_id, _V.visit_id.in_(piece)
            )
        )
        found.update((row.visit_id, row.before) for row in rows)
    return found


def forget_before(session: Session, practice_id: UUID, answered_at: datetime) -> int:
    """Remove what was kept of older answers; what they recorded stays. Returns how many."""
    old = select(_A.id).where(_A.practice_id == practice_id, _A.answered_at < answered_at)
    ids = session.scalars(old).all()
    for piece in chunks(ids):
        session.execute(delete(_V).where(_V.practice_id == practice_id, _V.answer_id.in_(piece)))
        session.execute(delete(_A).where(_A.practice_id == practice_id, _A.id.in_(piece)))
    return len(ids)
