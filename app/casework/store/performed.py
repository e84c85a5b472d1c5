"""What was performed at visits: the only queries over it."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, insert, select, update
from sqlalchemy.orm import Session

from app.casework.facts.performed import Performed, Record
from app.casework.models.performed import PerformedLineRow, PerformedVisitRow

_V, _L = PerformedVisitRow, PerformedLineRow


def record_of(session: Session, practice_id: UUID, visit_id: UUID) -> Record:
    """Read what was performed at a visit; version 0 where nobody recorded it."""
    row = session.execute(
        select(_V.version, _V.recorded_at, _V.recorded_by, _V.case_id).where(
            _V.practice_id == practice_id, _V.id == visit_id
        )
    ).one_or_none()
    if row is None:
        return Record()
    mine = (_L.practice_id == practice_id, _L.visit_id == visit_id)
    lines = session.execute(select(_L.code, _L.units).where(*mine).order_by(_L.position))
    return Record(tuple(Performed(*line) for line in lines), row.version, row.recorded_at, row.recorded_by, row.case_id)


def keep(
    session: Session,
    practice_id: UUID,
    visit: tuple[UUID, UUID],
    lines: Sequence[Performed],
    by: tuple[datetime, UUID | None],
    version: int,
    case_id: UUID | None,
) -> None:
    """Write what was performed at a visit in place of what was recorded before.

    Takes     the visit's id and its patient's; the lines in order; when and by whom; the version that was replaced, 0:
              none; the request that was opened for it.
    """
    visit_id, patient_id = visit
    if version:
        session.execute(delete(_L).where(_L.practice_id == practice_id, _L.visit_id == visit_id))
        session.execute(
            update(_V)
            .where(_V.practice_id == practice_id, _V.id == visit_id)
            .values(version=version + 1, recorded_at=by[0], recorded_by=by[1], case_id=case_id)
        )
    else:
        row = {
            "practice_id": practice_id,
            "id": visit_id,
            "patient_id": patient_id,
            "recorded_at": by[0],
            "recorded_by": by[1],
            "version": 1,
            "case_id": case_id,
        }
        session.execute(insert(_V), row)
    rows = [
        {"practice_id": practice_id, "visit_id": visit_id, "position": place, "code": one.code, "units": one.units}
        for place, one in enumerate(lines)
    ]
    session.execute(insert(_L), rows)
