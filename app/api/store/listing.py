"""Pages of ids by key, of what is in a caller's sight. The rooms' own stores read what the ids name.

The tables are named as text, since they belong to lower rooms: nothing of them is read here but ids.
"""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import ColumnElement, Select, String, column, select, table
from sqlalchemy.orm import Session

from app.platform import sight
from app.platform.db import Uuid16
from app.values.scope import Scope

_PATIENTS = table("patient", column("practice_id", Uuid16()), column("id", Uuid16()))
_APPROVALS = table(
    "authorization",
    column("practice_id", Uuid16()),
    column("id", Uuid16()),
    column("patient_id", Uuid16()),
    column("status", String()),
)


def patient_ids(session: Session, practice_id: UUID, scope: Scope, limit: int, after: UUID | None) -> tuple[UUID, ...]:
    """List the ids of patients in sight, in their order, the first after an id."""
    one = _PATIENTS.c
    seen = sight.of_patients(practice_id, scope, one.id)
    later = () if after is None else (one.id > after,)
    statement = select(one.id).where(one.practice_id == practice_id, *seen, *later).order_by(one.id).limit(limit)
    return tuple(session.scalars(statement))


def approval_ids(
    session: Session,
    practice_id: UUID,
    scope: Scope,
    limit: int,
    after: UUID | None,
    patient: UUID | None,
    statuses: Sequence[str],
) -> tuple[tuple[UUID, UUID], ...]:
    """List authorizations of patients in sight in the order of their ids, the first after an id.

    Returns   the id of each and of its patient.
    """
    one = _APPROVALS.c
    wanted: list[ColumnElement[bool]] = [*sight.of_patients(practice_id, scope, one.patient_id)]
    wanted += [] if after is None else [one.id > after]
    wanted += [] if patient is None else [one.patient_id == patient]
    wanted += [one.status.in_(list(statuses))] if statuses else []
    statement = select(one.id, one.patient_id).where(one.practice_id == practice_id, *wanted)
    return tuple((row.id, row.patient_id) for row in session.execute(statement.order_by(one.id).limit(limit)))


def patient_in_sight(session: Session, practice_id: UUID, scope: Scope, patient_id: UUID) -> bool:
    """Say whether a patient is on file and in sight."""
    one = _PATIENTS.c
    seen = sight.of_patients(practice_id, scope, one.id)
    found = select(one.id).where(one.practice_id == practice_id, one.id == patient_id, *seen)
    return session.scalar(found) is not None


def visits_in_sight(session: Session, practice_id: UUID, scope: Scope) -> tuple[Select[UUID], ...]:
    """Select the ids of the visits in sight, for a list to keep to; none where everything is in sight."""
    one = sight.VISITS.c
    seen = sight.of_visits(practice_id, scope, one.id, one.site_id, one.patient_id)
    return (select(one.id).where(one.practice_id == practice_id, *seen),) if seen else ()


def visit_in_sight(session: Session, practice_id: UUID, scope: Scope, visit_id: UUID) -> bool:
    """Say whether a visit is on file and in sight."""
    one = sight.VISITS.c
    seen = sight.of_visits(practice_id, scope, one.id, one.site_id, one.patient_id)
    found = select(one.id).where(one.practice_id == practice_id, one.id == visit_id, *seen)
    return session.scalar(found) is not None
