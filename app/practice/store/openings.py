"""Patients opened by break-glass: the only queries over them."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.platform.ids import new_id
from app.practice.models.openings import PatientOpeningRow

_O = PatientOpeningRow


def open_patient(
    session: Session, practice_id: UUID, staff_id: UUID, patient_id: UUID, now: datetime, until: datetime
) -> None:
    """Note that a person opened a patient, who is in sight from now until an instant."""
    opening = {"staff_id": staff_id, "patient_id": patient_id, "opened_at": now, "ends_at": until}
    session.add(_O(practice_id=practice_id, id=new_id(), **opening))
    session.flush()


def opened_now(session: Session, practice_id: UUID, staff_id: UUID, now: datetime) -> dict[UUID, datetime]:
    """Read which patients a person has opened and still sees, with the instant at which each ends."""
    mine = (_O.practice_id == practice_id, _O.staff_id == staff_id, _O.ends_at > now)
    found = session.execute(select(_O.patient_id, _O.ends_at).where(*mine).order_by(_O.ends_at))
    return {row.patient_id: row.ends_at for row in found}
