"""What feeds told of patients and appointments: the only queries over it."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session

from app.imports.models import FeedAppointmentRow, FeedPersonRow
from app.imports.rules.telling import Told
from app.platform.db import keyring_of

_A, _P = FeedAppointmentRow, FeedPersonRow


@dataclass(frozen=True, slots=True)
class FeedAppointment:
    """An appointment of a feed: its two numbers, the visit that was made of it, and what was told."""

    id: UUID
    placer: str | None
    filler: str | None
    visit_id: UUID | None
    told: Told

    def numbered(self, placer: str | None, filler: str | None) -> "FeedAppointment":
        """Add the number that it had not before."""
        return replace(self, placer=self.placer or placer, filler=self.filler or filler)


def appointments_under(
    session: Session, practice_id: UUID, placer: str | None, filler: str | None, visit_ids: Sequence[UUID] = ()
) -> tuple[FeedAppointment, ...]:
    """Read the appointments that have either number or are of one of some visits, and hold them for writing."""
    named: list[ColumnElement[bool]] = [_A.visit_id.in_(visit_ids)] if visit_ids else []
    named += [_A.placer == placer] if placer else []
    named += [_A.filler == filler] if filler else []
    if not named:
        return ()
    rows = session.scalars(select(_A).where(_A.practice_id == practice_id, or_(*named)).with_for_update())
    return tuple(_opened(session, row) for row in rows)


def _opened(session: Session, row: FeedAppointmentRow) -> FeedAppointment:
    told = keyring_of(session).unseal("feed_appointment.told", row.practice_id, row.id, row.told)
    return FeedAppointment(row.id, row.placer, row.filler, row.visit_id, json.loads(told))


def save_appointment(session: Session, practice_id: UUID, kept: FeedAppointment, at: datetime) -> None:
    """Write what was told of an appointment, new or known. No two share a number (the database refuses it)."""
    text = json.dumps(kept.told, ensure_ascii=False)
    sealed = keyring_of(session).seal("feed_appointment.told", practice_id, kept.id, text)
    values = {"placer": kept.placer, "filler": kept.filler, "visit_id": kept.visit_id}
    session.merge(_A(practice_id=practice_id, id=kept.id, told=sealed, changed_at=at, **values))
    session.flush()


def person_told(session: Session, practice_id: UUID, patient_id: UUID) -> Told:
    """Read what was told of a patient, and hold it for writing; empty where nothing was."""
    mine = (_P.practice_id == practice_id, _P.id == patient_id)
    sealed = session.scalar(select(_P.told).where(*mine).with_for_update())
    if sealed is None:
        return {}
    told: Told = json.loads(keyring_of(session).unseal("feed_person.told", practice_id, patient_id, sealed))
    return told


def save_person(session: Session, practice_id: UUID, patient_id: UUID, told: Told, at: datetime) -> None:
    """Write what was told of a patient."""
    text = json.dumps(told, ensure_ascii=False)
    sealed = keyring_of(session).seal("feed_person.told", practice_id, patient_id, text)
    session.merge(_P(practice_id=practice_id, id=patient_id, told=sealed, changed_at=at))
    session.flush()
