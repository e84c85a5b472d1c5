"""Patients to be looked at anew: marked in the transaction that changes their facts, taken up piece by piece.

A room that looks at patients keeps a table of its own for it, with `practice_id`, `patient_id` and `mark`.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import Select, bindparam, column, delete, func, literal, select, union
from sqlalchemy import table as table_clause
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from app.platform.db import Uuid16
from app.platform.ids import new_id
from app.platform.rows import chunks

_PATIENT = table_clause("patient", column("practice_id", Uuid16()), column("id", Uuid16()))
_WHO_PAYS = tuple(
    table_clause(name, column("practice_id", Uuid16()), column("patient_id", Uuid16()), column("payer"))
    for name in ("coverage", "authorization")
)
"""The tables as far as they are asked for here: marking reads no fact of theirs."""


@dataclass(frozen=True)
class Marks:
    """The marks of one table of a room."""

    table: Any

    def mark(self, session: Session, practice_id: UUID, patient_ids: Collection[UUID]) -> None:
        """Mark patients; one who is gone is left out."""
        for ids in chunks(list(patient_ids)):
            self._mark(session, practice_id, _PATIENT.c.id.in_(ids))

    def mark_of_payers(self, session: Session, practice_id: UUID, payers: Sequence[str]) -> None:
        """Mark every patient with a coverage or an authorization of some payers."""
        theirs = union(
            *(
                select(one.c.patient_id).where(one.c.practice_id == practice_id, one.c.payer.in_(payers))
                for one in _WHO_PAYS
            )
        )
        self._mark(session, practice_id, _PATIENT.c.id.in_(theirs))

    def mark_all(self, session: Session, practice_id: UUID) -> None:
        """Mark every patient of the practice."""
        self._mark(session, practice_id)

    def marked(self, session: Session, practice_id: UUID, limit: int) -> Mapping[UUID, UUID]:
        """Read some of the patients who are marked, with their marks."""
        mine = select(self.table.patient_id, self.table.mark).where(self.table.practice_id == practice_id)
        found = session.execute(mine.order_by(self.table.patient_id).limit(limit))
        return {row.patient_id: row.mark for row in found}

    def count(self, session: Session, practice_id: UUID) -> int:
        """Count the patients who are marked."""
        mine = select(func.count()).select_from(self.table).where(self.table.practice_id == practice_id)
        return session.scalar(mine) or 0

    def unmark(self, session: Session, practice_id: UUID, marks: Mapping[UUID, UUID]) -> None:
        """Take marks off. A patient who was marked again since they were read stays marked."""
        if marks:
            table = self.table
            seen = (table.patient_id == bindparam("patient"), table.mark == bindparam("seen"))
            gone = [{"patient": one, "seen": mark} for one, mark in sorted(marks.items())]
            session.connection().execute(delete(table).where(table.practice_id == practice_id, *seen), gone)

    def _mark(self, session: Session, practice_id: UUID, *which: Any) -> None:
        """Give patients a new mark, so that whoever took up the old one does not take this one off."""
        chosen: Select[Any] = (
            select(_PATIENT.c.practice_id, _PATIENT.c.id, literal(new_id(), Uuid16()))
            .where(_PATIENT.c.practice_id == practice_id, *which)
            .order_by(_PATIENT.c.id)
        )
        made = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
        statement = made(self.table).from_select(["practice_id", "patient_id", "mark"], chosen)
        key = ["practice_id", "patient_id"]
        session.execute(statement.on_conflict_do_update(index_elements=key, set_={"mark": statement.excluded.mark}))
