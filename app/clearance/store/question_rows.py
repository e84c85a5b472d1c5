"""Which visit waits for which question, written as the driver takes it: a first run asks for a million visits."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from datetime import date
from functools import lru_cache
from typing import Any
from uuid import UUID

from sqlalchemy import bindparam, delete, func, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from app.clearance.facts.questions import QuestionKey
from app.clearance.models import QuestionRow, VisitQuestionRow
from app.platform.rows import as_uuid, chunks, known_day, raw

_Q, _V = QuestionRow, VisitQuestionRow
Held = tuple[Any, Any, Any]
"""A question, the day of a visit and the visit, as the driver takes and gives them."""
Asked = tuple[str, date, UUID]
"""A question's key, the day of a visit and the visit."""


def wanted_rows(session: Session, practice_id: UUID, asked: Collection[Asked], ids: Mapping[str, UUID]) -> set[Held]:
    """Make the rows of what visits ask. `ids` gives each key's id."""
    if _is_postgres(session):
        return {(ids[key], day, visit) for key, day, visit in asked}
    held = {key: made.bytes for key, made in ids.items()}
    return {(held[key], _text(day), visit.bytes) for key, day, visit in asked}


def held_by(session: Session, practice_id: UUID, visits: Sequence[UUID]) -> set[Held]:
    """Read the rows of visits."""
    found: set[Held] = set()
    columns = raw(_V.question_id, _V.day, _V.visit_id)
    for piece in chunks(visits):
        statement = select(*columns).where(_V.practice_id == practice_id, _V.visit_id.in_(piece))
        found.update(map(tuple, session.connection().execute(statement)))
    return found


def held_before(session: Session, practice_id: UUID, questions: Sequence[UUID], day: date) -> list[Held]:
    """Read the rows of some questions of days before one."""
    columns = raw(_V.question_id, _V.day, _V.visit_id)
    statement = select(*columns).where(_V.practice_id == practice_id, _V.question_id.in_(questions), _V.day < day)
    return [tuple(row) for row in session.connection().execute(statement)]


def add_rows(session: Session, practice_id: UUID, rows: Collection[Held], keys: Mapping[UUID, str]) -> None:
    """Add rows, and count them on their questions; a question that is not there yet is made."""
    if not rows:
        return
    counts: Counter[Any] = Counter()
    first: dict[Any, Any] = {}
    for question, day, _visit in rows:
        counts[question] += 1
        if question not in first or day < first[question]:
            first[question] = day
    questions = [
        {
            "practice_id": practice_id,
            "id": made,
            "kind": QuestionKey.read(keys[made]).kind,
            "key": keys[made],
            "visits": counts[question],
            "first_day": known_day(first[question]),
        }
        for made, question in _in_order(counts)
    ]
    dialect = postgresql if _is_postgres(session) else sqlite
    insert = dialect.insert(_Q)
    earlier = func.least if dialect is postgresql else func.min
    counted = {
        "visits": _Q.visits + insert.excluded.visits,
        "first_day": earlier(_Q.first_day, insert.excluded.first_day),
    }
    statement = insert.on_conflict_do_update(index_elements=["practice_id", "id"], set_=counted)
    session.connection().execute(statement, questions)
    _run(session, practice_id, rows, "INSERT INTO visit_question (practice_id, question_id, day, visit_id) "
         "VALUES ({mark}, {mark}, {mark}, {mark}) ON CONFLICT DO NOTHING")  # fmt: skip


def remove_rows(session: Session, practice_id: UUID, rows: Collection[Held]) -> None:
    """Remove rows, and take them off their questions. A question that holds no visit is gone."""
    if not rows:
        return
    _run(session, practice_id, rows, "DELETE FROM visit_question WHERE practice_id = {mark} AND question_id = {mark} "
         "AND day = {mark} AND visit_id = {mark}")  # fmt: skip
    counts = Counter(question for question, _day, _visit in rows)
    less = (
        update(_Q)
        .where(_Q.practice_id == practice_id, _Q.id == bindparam("q"))
        .values(visits=_Q.visits - bindparam("n"))
    )
    ordered = _in_order(counts)
    session.connection().execute(less, [{"q": made, "n": counts[question]} for made, question in ordered])
    _settle(session, practice_id, [made for made, _question in ordered])


def _settle(session: Session, practice_id: UUID, questions: Sequence[UUID]) -> None:
    """Drop the questions named that hold no visit, and find the first day of the others."""
    first = (
        select(func.min(_V.day))
        .where(_V.practice_id == practice_id, _V.question_id == _Q.id)
        .scalar_subquery()
        .correlate(_Q)
    )
    for piece in chunks(questions):
        named = (_Q.practice_id == practice_id, _Q.id.in_(piece))
        session.execute(delete(_Q).where(*named, _Q.visits <= 0).execution_options(synchronize_session=False))
        session.execute(update(_Q).where(*named).values(first_day=first).execution_options(synchronize_session=False))


def _in_order(questions: Collection[Any]) -> list[tuple[UUID, Any]]:
    """Questions in one order for everybody who writes, so that no two wait for each other."""
    return sorted(((as_uuid(question), question) for question in questions), key=lambda pair: pair[0].int)


def _run(session: Session, practice_id: UUID, rows: Collection[Held], statement: str) -> None:
    postgres = _is_postgres(session)
    practice = practice_id if postgres else practice_id.bytes
    ordered = rows if postgres else sorted(rows)  # neighbors of an index are written together
    written = statement.format(mark="%s" if postgres else "?")
    session.connection().exec_driver_sql(written, [(practice, *row) for row in ordered])


def _is_postgres(session: Session) -> bool:
    return session.get_bind().dialect.name == "postgresql"


@lru_cache(maxsize=10_000)
def _text(day: date) -> str:
    return day.isoformat()
