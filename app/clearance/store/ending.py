"""Visits that wait for whether approval is needed after a day: what an ending rule leaves open."""

from datetime import date
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.clearance.facts.questions import QuestionKey, QuestionKind
from app.clearance.models import QuestionRow, VisitQuestionRow
from app.platform import sight
from app.values.scope import EVERYTHING, Scope


def needs_after(
    session: Session, practice_id: UUID, day: date, limit: int, scope: Scope = EVERYTHING
) -> tuple[tuple[QuestionKey, UUID, date], ...]:
    """Read the visits in sight after a day that wait for a question of kind need, each with the question and its day.

    At most `limit` of them: whoever gets that many knows that there may be more.
    """
    question, held = QuestionRow, VisitQuestionRow
    statement = (
        select(question.key, held.visit_id, held.day)
        .join(held, (held.practice_id == question.practice_id) & (held.question_id == question.id))
        .where(question.practice_id == practice_id, question.kind == QuestionKind.NEED, held.day > day)
        .where(*sight.by_visit(practice_id, scope, held.visit_id))
        .limit(limit)
    )
    return tuple((QuestionKey.read(row.key), row.visit_id, row.day) for row in session.execute(statement))
