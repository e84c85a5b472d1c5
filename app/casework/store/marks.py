"""Patients whose cases are to be placed anew: marked in the transaction that changes them, taken up in pieces."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Select, bindparam, column, delete, exists, literal, select, union
from sqlalchemy import table as table_clause
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from app.casework.models.casebook import CaseDirtyRow
from app.platform.db import Uuid16
from app.platform.ids import new_id
from app.platform.rows import chunks

_D = CaseDirtyRow
_PATIENT = table_clause("patient", column("practice_id", Uuid16()), column("id", Uuid16()))
_WHO_PAYS = tuple(
    table_clause(name, column("practice_id", Uuid16()), column("patient_id", Uuid16()), column("payer"))
    for name in ("coverage", "authorization")
)
"""The tables as far as they are asked for here: marking reads no fact of theirs."""


def mark(session: Session, practice_id: UUID, patient_ids: Collection[UUID]) -> None:
    """Mark patients; one who is gone is left out."""
    for ids in chunks(list(patient_ids)):
        _mark(session, practice_id, _PATIENT.c.id.in_(ids))


def mark_of_payers(session: Session, practice_id: UUID, payers: Sequence[str]) -> None:
    """Mark every patient with a coverage or a case of some payers."""
    theirs = union(
        *(
            select(one.c.patient_id).where(one.c.practice_id == practice_id, one.c.payer.in_(payers))
            for one in _WHO_PAYS
        )
    )
    _mark(session, practice_id, _PATIENT.c.id.in_(theirs))


def mark_all(session: Session, practice_id: UUID) -> None:
    """Mark every patient of the practice."""
    _mark(session, practice_id)


def marked(session: Session, practice_id: UUID, limit: int) -> Mapping[UUID, UUID]:
    """Read some of the patients who are marked, with their marks."""
    mine = select(_D.patient_id, _D.mark).where(_D.practice_id == practice_id)
    return {row.patient_id: row.mark for row in session.execute(mine.order_by(_D.patient_id).limit(limit))}


def any_marked(session: Session, practice_id: UUID) -> bool:
    """Say whether somebody's cases are still to be placed anew."""
    return bool(session.scalar(select(exists().where(_D.practice_id == practice_id))))


def unmark(session: Session, practice_id: UUID, marks: Mapping[UUID, UUID]) -> None:
    """Take marks off. A patient who was marked again since they were read stays marked."""
    if marks:
        mine = (_D.practice_id == practice_id, _D.patient_id == bindparam("patient"), _D.mark == bindparam("seen"))
        gone = [{"patient": one, "seen": seen} for one, seen in sorted(marks.items())]
        session.connection().execute(delete(_D).where(*mine), gone)


def _mark(session: Session, practice_id: UUID, *which: Any) -> None:
    """Give patients a new mark, so that whoever took up the old one does not take this one off."""
    chosen: Select[Any] = (
        select(_PATIENT.c.practice_id, _PATIENT.c.id, literal(new_id(), Uuid16()))
        .where(_PATIENT.c.practice_id == practice_id, *which)
        .order_by(_PATIENT.c.id)
    )
    made = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    statement = made(_D).from_select(["practice_id", "patient_id", "mark"], chosen)
    statement = statement.on_conflict_do_update(
        index_elements=["practice_id", "patient_id"], set_={"mark": statement.excluded.mark}
    )
    session.execute(statement)
