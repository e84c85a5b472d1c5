"""Open questions and the visits that they hold: derived from stored verdicts, and kept with them."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any, Protocol
from uuid import UUID

from sqlalchemy import ColumnElement, Select, exists, func, select, tuple_
from sqlalchemy.orm import Session

from app.clearance.facts.questions import PART, OpenQuestion, QuestionKey, QuestionKind
from app.clearance.facts.reasons import Badge
from app.clearance.models import QuestionRow, VisitQuestionRow, VisitVerdictRow
from app.clearance.rules.packing import packed_questions
from app.clearance.store import question_rows
from app.platform import sight
from app.platform.db import keyring_of
from app.platform.rows import chunks, raw
from app.values.fact import fact
from app.values.scope import EVERYTHING, Scope

_Q, _V = QuestionRow, VisitQuestionRow
MOST_COUNTED = 1000
"""Visits of a question that are counted for whoever does not see all of them; beyond it there are `more`."""


@fact
class Asking:
    """What one visit asked by its stored verdict, and what it asks now; `day` of the visit as it stands."""

    visit_id: UUID
    day: date
    before: tuple[str, ...]
    now: tuple[str, ...]

    @classmethod
    def of(cls, verdict: "Judged", before: "Packed | None") -> "Asking | None":
        """Compare a verdict just judged with the stored one; None where neither asks anything.

        Of a day that is past nothing is asked any more.
        """
        asked = packed_questions(before.content) if before is not None else ()
        asks = packed_questions(verdict.content) if verdict.day >= verdict.as_of else ()
        return cls(verdict.id, verdict.day, asked, asks) if asked or asks else None

    @classmethod
    def ended(cls, visit_id: UUID, before: "Packed") -> "Asking | None":
        """A visit that is no longer booked asks nothing."""
        asked = packed_questions(before.content)
        return cls(visit_id, date.min, asked, ()) if asked else None


class Packed(Protocol):
    """What holds a visit's packed lines."""

    @property
    def content(self) -> bytes: ...


class Judged(Packed, Protocol):
    """A visit's verdict just judged."""

    @property
    def id(self) -> UUID: ...
    @property
    def day(self) -> date: ...
    @property
    def as_of(self) -> date: ...


def question_id(session: Session, practice_id: UUID, key: str) -> UUID:
    """The id of a question: the same for the same key, and not to be guessed from it."""
    return UUID(bytes=keyring_of(session).blind("question", practice_id, key))


def keep(session: Session, practice_id: UUID, askings: Iterable[Asking | None]) -> None:
    """Keep questions equal to what visits ask, in the transaction that stores their verdicts.

    Visits that asked nothing and ask nothing cost nothing.
    """
    changed = [one for one in askings if one is not None]
    if not changed:
        return
    keys = {key for one in changed for key in one.now}
    ids = {key: question_id(session, practice_id, key) for key in keys}
    asked = [(key, one.day, one.visit_id) for one in changed for key in one.now]
    stored = question_rows.held_by(session, practice_id, [one.visit_id for one in changed if one.before])
    wanted = question_rows.wanted_rows(session, practice_id, asked, ids)
    question_rows.add_rows(session, practice_id, wanted - stored if stored else wanted, {ids[key]: key for key in keys})
    question_rows.remove_rows(session, practice_id, stored - wanted)


def past(session: Session, practice_id: UUID, today: date) -> bool:
    """Say whether a question still holds visits of days before one."""
    statement = select(_Q.id).where(_Q.practice_id == practice_id, _Q.first_day < today).limit(1)
    return session.scalar(statement) is not None


def drop_past(session: Session, practice_id: UUID, today: date) -> int:
    """Take visits of days before one off their questions. Returns how many questions had such."""
    questions = session.scalars(select(_Q.id).where(_Q.practice_id == practice_id, _Q.first_day < today)).all()
    for piece in chunks(questions):
        question_rows.remove_rows(session, practice_id, question_rows.held_before(session, practice_id, piece, today))
    return len(questions)


def counts(session: Session, practice_id: UUID, scope: Scope = EVERYTHING) -> dict[QuestionKind, int]:
    """Count the open questions that hold a visit in sight, by kind."""
    statement = select(_Q.kind, func.count().label("questions")).where(_Q.practice_id == practice_id)
    statement = statement.where(*_in_sight(practice_id, scope)).group_by(_Q.kind)
    return {row.kind: row.questions for row in session.execute(statement)}


def listed(
    session: Session,
    practice_id: UUID,
    kind: QuestionKind | None,
    after: tuple[int, UUID] | None,
    limit: int,
    scope: Scope = EVERYTHING,
) -> tuple[OpenQuestion, ...]:
    """List open questions, those that hold most visits first, from the place (visits, id) after a given one on.

    Under a limited scope only those that hold a visit in sight, with how many of these there are.
    """
    statement = _asked(practice_id, scope).order_by(_Q.visits.desc(), _Q.id.desc()).limit(limit)
    if kind is not None:
        statement = statement.where(_Q.kind == kind)
    if after is not None:
        visits, question = after
        statement = statement.where(
            _Q.visits <= visits, (_Q.visits < visits) | ((_Q.visits == visits) & (_Q.id < question))
        )
    return tuple(_question(*row) for row in session.execute(statement))


def question(session: Session, practice_id: UUID, wanted: UUID, scope: Scope = EVERYTHING) -> OpenQuestion | None:
    """Read one open question; None when no visit in sight waits for it any more."""
    statement = _asked(practice_id, scope).where(_Q.id == wanted).execution_options(populate_existing=True)
    row = session.execute(statement).one_or_none()
    return None if row is None else _question(*row)


def needs(session: Session, practice_id: UUID) -> tuple[tuple[str, str, int], ...]:
    """Read payer, service and visits of every open question of kind need; there may be thousands."""
    columns = raw(_Q.key, _Q.visits)
    statement = select(*columns).where(_Q.practice_id == practice_id, _Q.kind == QuestionKind.NEED)
    rows = session.connection().execute(statement)
    return tuple((parts[1], parts[2], visits) for key, visits in rows if (parts := key.split(PART)))


def _asked(practice_id: UUID, scope: Scope) -> Select[Any]:
    """Select questions: the row, and under a limited scope how many of its visits are in sight, and their first day."""
    statement = select(_Q).where(_Q.practice_id == practice_id)
    if not scope.limited:
        return statement
    mine = (_V.practice_id == practice_id, _V.question_id == _Q.id, *sight.by_visit(practice_id, scope, _V.visit_id))
    some = select(_V.visit_id).where(*mine).limit(MOST_COUNTED + 1).correlate(_Q).subquery()
    first = select(_V.day).where(*mine).order_by(_V.day).limit(1).correlate(_Q).scalar_subquery()
    many = select(func.count()).select_from(some).correlate(_Q).scalar_subquery()
    return statement.add_columns(many, first).where(*_in_sight(practice_id, scope))


def _in_sight(practice_id: UUID, scope: Scope) -> tuple[ColumnElement[bool], ...]:
    if not scope.limited:
        return ()
    mine = (_V.practice_id == practice_id, _V.question_id == _Q.id)
    return (exists().where(*mine, *sight.by_visit(practice_id, scope, _V.visit_id)),)


def _question(row: QuestionRow, visits: int | None = None, first_day: date | None = None) -> OpenQuestion:
    key = QuestionKey.read(row.key)
    if visits is None or first_day is None:
        return OpenQuestion(row.id, key, row.visits, row.first_day)
    more = visits > MOST_COUNTED
    return OpenQuestion(row.id, key, MOST_COUNTED if more else visits, first_day, more, row.visits)


def visits_asking(session: Session, practice_id: UUID, wanted: UUID) -> Select[UUID]:
    """Select the ids of the visits of a question, for lists of verdicts."""
    return select(_V.visit_id).where(_V.practice_id == practice_id, _V.question_id == wanted)


def patients_asking(session: Session, practice_id: UUID, wanted: UUID) -> tuple[UUID, ...]:
    """Find the patients whose visits wait for a question."""
    row = VisitVerdictRow
    statement = (
        select(row.patient_id)
        .join(_V, (_V.practice_id == row.practice_id) & (_V.visit_id == row.id))
        .where(_V.practice_id == practice_id, _V.question_id == wanted)
        .distinct()
    )
    return tuple(session.scalars(statement))


def first_visits(
    session: Session, practice_id: UUID, wanted: Sequence[UUID], scope: Scope = EVERYTHING
) -> dict[UUID, UUID]:
    """Find the first visit in sight of each of some questions: any of its visits tells how its subject is called."""
    first = (
        select(_V.visit_id)
        .where(_V.practice_id == practice_id, _V.question_id == _Q.id)
        .where(*sight.by_visit(practice_id, scope, _V.visit_id))
        .order_by(_V.day, _V.visit_id)
        .limit(1)
        .scalar_subquery()
        .correlate(_Q)
    )
    found: dict[UUID, UUID] = {}
    for piece in chunks(wanted):
        rows = session.execute(
            select(_Q.id, first.label("visit")).where(_Q.practice_id == practice_id, _Q.id.in_(piece))
        )
        found.update((row.id, row.visit) for row in rows if row.visit is not None)
    return found


def held(
    session: Session,
    practice_id: UUID,
    wanted: UUID,
    after: tuple[date, UUID] | None,
    limit: int,
    scope: Scope = EVERYTHING,
) -> tuple[tuple[date, UUID], ...]:
    """List the visits in sight of a question by day and id, from the place after a given one on."""
    statement = (
        select(_V.day, _V.visit_id)
        .where(_V.practice_id == practice_id, _V.question_id == wanted)
        .where(*sight.by_visit(practice_id, scope, _V.visit_id))
        .order_by(_V.day, _V.visit_id)
        .limit(limit)
    )
    if after is not None:
        statement = statement.where(_V.day >= after[0], tuple_(_V.day, _V.visit_id) > after)
    return tuple((row.day, row.visit_id) for row in session.execute(statement))


def badges_held(session: Session, practice_id: UUID, wanted: UUID) -> dict[UUID, Badge]:
    """Read the badge of every visit of a question."""
    ids = session.scalars(visits_asking(session, practice_id, wanted)).all()
    return badges_of(session, practice_id, ids)


def badges_of(session: Session, practice_id: UUID, visits: Sequence[UUID]) -> dict[UUID, Badge]:
    """Read the badges of visits; one that is no longer booked is left out."""
    found: dict[UUID, Badge] = {}
    for piece in chunks(visits):
        rows = session.execute(
            select(VisitVerdictRow.id, VisitVerdictRow.badge).where(
                VisitVerdictRow.practice_id == practice_id, VisitVerdictRow.id.in_(piece)
            )
        )
        found.update((row.id, row.badge) for row in rows)
    return found
