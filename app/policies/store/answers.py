"""What payers said for patients, at rest."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.platform.db import keyring_of
from app.platform.rows import chunks, in_order
from app.platform.sealed import Keyring
from app.policies.facts.answers import PatientAnswer
from app.policies.facts.records import NewAnswer
from app.policies.models.kept import PatientAnswerRow
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
            PatientAnswerRow.practice_id == practice_id, PatientAnswerRow.patient_id.in_(piece)
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
    statement = select(PatientAnswerRow).where(PatientAnswerRow.practice_id == practice_id)
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
