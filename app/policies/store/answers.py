"""What payers said for patients, at rest."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import ColumnElement, Select, exists, select
from sqlalchemy.orm import Session

from app.platform import sight
from app.platform.db import keyring_of
from app.platform.rows import chunks, in_order
from app.platform.sealed import Keyring
from app.policies.facts.answers import PatientAnswer
from app.policies.facts.records import KeptAnswer, NewAnswer
from app.policies.models.kept import PatientAnswerRow, RuleActionRow
from app.policies.models.verifications import PatientAnswerOriginRow
from app.values.scope import Scope
from app.values.spans import DateSpan

_REFERENCE = "patient_answer.reference"


def add_answers(session: Session, practice_id: UUID, answers: Iterable[NewAnswer]) -> None:
    """Append answers for patients."""
    keyring = keyring_of(session)
    for new in answers:
        said = new.answer
        session.add(
            PatientAnswerRow(
                practice_id=practice_id,
                id=new.id,
                patient_id=new.patient_id,
                payer=said.payer,
                names=sorted(said.names),
                need=said.need,
                begins=said.span.begins,
                ends=said.span.ends,
                said_on=said.said_on,
                reference=keyring.seal(_REFERENCE, practice_id, new.id, said.reference),
                channel=said.channel,
                recorded_at=new.recorded_at,
                recorded_by=new.recorded_by,
            )
        )
        session.flush()
        if new.action is not None:
            origin = PatientAnswerOriginRow(practice_id=practice_id, id=new.id, action_id=new.action, renews=new.renews)
            session.add(origin)
    session.flush()


def answers_made(session: Session, practice_id: UUID, action: UUID) -> tuple[KeptAnswer, ...]:
    """The answers that one action made."""
    row, origin = PatientAnswerRow, PatientAnswerOriginRow
    made = select(origin.id).where(origin.practice_id == practice_id, origin.action_id == action)
    return _kept(session, select(row).where(row.practice_id == practice_id, row.id.in_(made)).order_by(row.id))


def answers_by_ids(
    session: Session, practice_id: UUID, answer_ids: Sequence[UUID], scope: Scope
) -> tuple[KeptAnswer, ...]:
    """Some answers that stand, of patients in sight, held until the transaction ends, in the order of their making."""
    row = PatientAnswerRow
    mine = (row.practice_id == practice_id, row.id.in_(list(answer_ids)), _stands(practice_id))
    seen = sight.of_patients(practice_id, scope, row.patient_id)
    return _kept(session, select(row).where(*mine, *seen).order_by(row.id).with_for_update())


def renewed_among(session: Session, practice_id: UUID, answer_ids: Sequence[UUID]) -> frozenset[UUID]:
    """Those among some answers that another goes on from."""
    origin = PatientAnswerOriginRow
    mine = (origin.practice_id == practice_id, origin.renews.in_(list(answer_ids)))
    renewed = select(origin.renews).where(*mine, origin.action_id.not_in(_undone(practice_id)))
    return frozenset(one for one in session.scalars(renewed) if one is not None)


def answers_ending(
    session: Session, practice_id: UUID, days: tuple[date, date], scope: Scope, payer: str | None, limit: int
) -> tuple[KeptAnswer, ...]:
    """The answers of patients in sight that stand, end within some days and that no other goes on from.

    By payer and end, at most `limit` of them: whoever gets that many knows that there may be more.
    """
    row, origin = PatientAnswerRow, PatientAnswerOriginRow
    renewed = select(origin.renews).where(
        origin.practice_id == practice_id, origin.renews.is_not(None), origin.action_id.not_in(_undone(practice_id))
    )
    statement = (
        select(row)
        .where(row.practice_id == practice_id, row.ends.between(*days), _stands(practice_id), row.id.not_in(renewed))
        .where(*sight.of_patients(practice_id, scope, row.patient_id))
        .order_by(row.payer, row.ends, row.id)
        .limit(limit)
    )
    return _kept(session, statement if payer is None else statement.where(row.payer == payer))


def _kept(session: Session, statement: Select[PatientAnswerRow]) -> tuple[KeptAnswer, ...]:
    keyring = keyring_of(session)
    return tuple(KeptAnswer(row.id, row.patient_id, _answer(keyring, row)) for row in session.scalars(statement))


def _undone(practice_id: UUID) -> Select[UUID | None]:
    row = RuleActionRow
    return select(row.undoes).where(row.practice_id == practice_id, row.undoes.is_not(None))


def _stands(practice_id: UUID, at: datetime | None = None) -> ColumnElement[bool]:
    """An answer whose action was undone (up to an instant, where one is given) is left out everywhere."""
    origin, undo = PatientAnswerOriginRow, RuleActionRow
    gone = exists().where(
        origin.practice_id == practice_id,
        origin.id == PatientAnswerRow.id,
        undo.practice_id == practice_id,
        undo.undoes == origin.action_id,
    )
    return ~(gone if at is None else gone.where(undo.at <= at))


def answers_of(
    session: Session, practice_id: UUID, patient_ids: Sequence[UUID], at: datetime | None = None
) -> Mapping[UUID, tuple[PatientAnswer, ...]]:
    """The answers on file for some patients; a patient without one is left out.

    Takes     an instant, to leave out what was recorded after it; None: all of them.
    """
    found: dict[UUID, tuple[PatientAnswer, ...]] = {}
    keyring = keyring_of(session)
    for piece in chunks(patient_ids):
        statement = select(PatientAnswerRow).where(
            PatientAnswerRow.practice_id == practice_id,
            PatientAnswerRow.patient_id.in_(piece),
            _stands(practice_id, at),
        )
        if at is not None:
            statement = statement.where(PatientAnswerRow.recorded_at <= at)
        rows = session.scalars(statement).all()
        for row in in_order(list(rows)):  # ordered there, SQLite would pass through all answers of the practice
            found[row.patient_id] = (*found.get(row.patient_id, ()), _answer(keyring, row))
    return found


def answers_in_patient_order(
    session: Session, practice_id: UUID, after: UUID | None = None, until: UUID | None = None
) -> Iterator[tuple[UUID, tuple[PatientAnswer, ...]]]:
    """Stream the answers of the patients after one id up to another (included), in the order of their ids."""
    statement = select(PatientAnswerRow).where(PatientAnswerRow.practice_id == practice_id, _stands(practice_id))
    if after is not None:
        statement = statement.where(PatientAnswerRow.patient_id > after)
    if until is not None:
        statement = statement.where(PatientAnswerRow.patient_id <= until)
    statement = statement.order_by(PatientAnswerRow.patient_id, PatientAnswerRow.id)
    keyring = keyring_of(session)
    patient_id: UUID | None = None
    answers: tuple[PatientAnswer, ...] = ()
    for row in session.scalars(statement.execution_options(yield_per=1000)):
        if patient_id is not None and row.patient_id != patient_id:
            yield patient_id, answers
            answers = ()
        patient_id, answers = row.patient_id, (*answers, _answer(keyring, row))
    if patient_id is not None:
        yield patient_id, answers


def _answer(keyring: Keyring, row: PatientAnswerRow) -> PatientAnswer:
    return PatientAnswer(
        ref=f"answer#{row.id}",
        payer=row.payer,
        names=frozenset(row.names),
        need=row.need,
        span=DateSpan(row.begins, row.ends),
        said_on=row.said_on,
        reference=keyring.unseal(_REFERENCE, row.practice_id, row.id, row.reference),
        channel=row.channel,
    )
